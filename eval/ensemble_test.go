package eval_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// members are draws around a centre of their own for every point, and the truth is one more of them with another deviation.
func ensemble(t *testing.T, members, points int, deviation float64) *eval.Ensemble {
	t.Helper()
	r := rand.New(rand.NewPCG(11, uint64(members)))
	e := eval.NewEnsemble(0)
	fields := make([]eval.Field[float32], members)
	shape := []int{1, 1, points, 1}
	for i := range fields {
		fields[i] = eval.Field[float32]{Data: make([]float32, points), Shape: shape}
	}
	truth := eval.Field[float32]{Data: make([]float32, points), Shape: shape}
	for x := range points {
		centre := r.NormFloat64()
		for i := range fields {
			fields[i].Data[x] = float32(centre + r.NormFloat64())
		}
		truth.Data[x] = float32(centre + deviation*r.NormFloat64())
	}
	if err := e.Add(fields, truth); err != nil {
		t.Fatal(err)
	}
	return e
}

// An ensemble of which the truth is one more member is calibrated: skill as the spread says, flat ranks, events as often as forecast, and the
// CRPS of a normal law, σ/√π, for any number of members. One of half the truth's deviation has U-shaped ranks and too little spread.
func TestReliableEnsemble(t *testing.T) {
	const points = 40000
	for _, members := range []int{2, 8} {
		e := ensemble(t, members, points, 1)
		if c := e.Calibration(0); !(math.Abs(c-1) <= 0.02) {
			t.Errorf("%d members: calibration %g", members, c)
		}
		if want := 1 / math.Sqrt(math.Pi); !(math.Abs(e.CRPS[0]-want) <= 0.02*want) {
			t.Errorf("%d members: CRPS %g, want %g", members, e.CRPS[0], want)
		}
		for rank, n := range e.Ranks {
			want := float64(points) / float64(members+1)
			if !(math.Abs(n-want) <= 5*math.Sqrt(want)) {
				t.Errorf("%d members: rank %d counted %g times, want about %g", members, rank, n, want)
			}
		}
		event := e.Events[0]
		total := 0.0
		for i, n := range event.Forecasts {
			total += n
			if i > 0 && !(event.Events[i]/n > event.Events[i-1]/event.Forecasts[i-1]) {
				t.Errorf("%d members: events do not get more frequent with what is forecast: %v of %v", members, event.Events, event.Forecasts)
			}
		}
		if total != points {
			t.Errorf("%g forecasts", total)
		}
	}
	narrow := ensemble(t, 8, points, 2)
	if c := narrow.Calibration(0); !(c > 1.5) || !(narrow.Ranks[0] > 2*narrow.Ranks[4] && narrow.Ranks[8] > 2*narrow.Ranks[4]) {
		t.Errorf("a narrow ensemble: calibration %g, ranks %v", c, narrow.Ranks)
	}
}

// Two members at 0 and 2 with the truth at 1: variance 2, CRPS 1 − 2·2/(2·2) = 0; a tie shares its rank; a NaN is counted and shows.
func TestEnsembleByHand(t *testing.T) {
	f := func(v float32) eval.Field[float32] {
		return eval.Field[float32]{Data: []float32{v}, Shape: []int{1, 1, 1, 1}}
	}
	e := eval.NewEnsemble(1.5)
	add := func(a, b, y float32) {
		if err := e.Add([]eval.Field[float32]{f(a), f(b)}, f(y)); err != nil {
			t.Fatal(err)
		}
	}
	add(2, 0, 1)
	add(0, 1, 1)
	add(float32(math.NaN()), 1, 1)
	if !(math.Abs(e.Spread[0]-math.Sqrt2) <= 1e-15) || e.Skill[0] != 0 || !(math.Abs(e.CRPS[0]) <= 1e-15) {
		t.Errorf("spread %g, skill %g, CRPS %g", e.Spread[0], e.Skill[0], e.CRPS[0])
	}
	if e.Ranks[0] != 0 || e.Ranks[1] != 1.5 || e.Ranks[2] != 0.5 || e.Lost != 1 || !math.IsNaN(e.CRPS[2]) {
		t.Errorf("ranks %v, lost %d, CRPS %v", e.Ranks, e.Lost, e.CRPS)
	}
	if v := e.Events[0]; v.Forecasts[0] != 1 || v.Forecasts[1] != 1 || v.Events[1] != 0 {
		t.Errorf("events %+v", v)
	}
	if err := e.Add([]eval.Field[float32]{f(1)}, f(1)); err == nil {
		t.Error("an ensemble of one was judged")
	}
}
