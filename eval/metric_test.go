package eval_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// everyMetric is each metric of the table with its defaults, but counting all frames.
func everyMetric(t *testing.T) []eval.Metric {
	t.Helper()
	var all []eval.Metric
	for _, d := range eval.Metrics() {
		name := d.Name
		if strings.HasPrefix(name, "pdebench.") {
			name += "@initial_step=0"
		}
		m, err := eval.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func randomField(seed uint64, shape ...int) eval.Field[float64] {
	r := rand.New(rand.NewPCG(seed, 7))
	n := 1
	for _, s := range shape {
		n *= s
	}
	f := eval.Field[float64]{Data: make([]float64, n), Shape: shape}
	for i := range f.Data {
		f.Data[i] = r.NormFloat64() + 0.5
	}
	return f
}

func scaled(f eval.Field[float64], s float64) eval.Field[float64] {
	out := eval.Field[float64]{Data: make([]float64, len(f.Data)), Shape: f.Shape}
	for i, v := range f.Data {
		out.Data[i] = s * v
	}
	return out
}

var shapes = [][]int{{3, 4, 17, 2}, {2, 3, 8, 5, 2}, {2, 1, 4, 6, 5, 2}, {1, 1, 9, 1}}

// A perfect prediction has no error and full correlation.
func TestPerfect(t *testing.T) {
	for _, shape := range shapes {
		f := randomField(1, shape...)
		points := 1.0
		for _, n := range f.Grid() {
			points *= float64(n)
		}
		want := map[string]float64{
			"well.pearson":       (points - 1) / points,
			"pdearena.pearson":   1,
			"ape.correlation":    1,
			"jaxcfd.correlation": 1,
			"pdearena.corrtime":  float64(f.Frames()),
			"pdearena.corrfirst": float64(f.Frames()),
		}
		results, err := eval.Evaluate(everyMetric(t), f, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			base, _, _ := strings.Cut(r.Name, "@")
			if !(math.Abs(r.Value-want[base]) <= 1e-6) {
				t.Errorf("%v %s = %g for a perfect prediction, want %g", shape, r.Name, r.Value, want[base])
			}
			if len(r.Undefined) != 0 {
				t.Errorf("%v %s: %v", shape, r.Name, r.Undefined)
			}
		}
	}
}

// Relative metrics do not see a common factor, up to the epsilons of their owners; absolute ones carry it to their order.
func TestScale(t *testing.T) {
	const factor = 64
	order := map[string]float64{
		"mse": 2, "rmse": 1, "mae": 1, "max_error": 1, "fno.h1_abs": 1, "fno.lp_abs": 1,
		"pdebench.rmse": 1, "pdebench.crmse": 1, "pdebench.max_error": 1, "pdebench.brmse": 1,
		"well.mse": 2, "well.mae": 1, "well.rmse": 1, "well.linf": 1, "pdearena.mse": 2,
		"ape.mae": 1, "ape.mse": 2, "ape.rmse": 1, "ape.fourier_mae": 1, "ape.fourier_mse": 2, "ape.fourier_rmse": 1,
		"ape.h1_mae": 1, "ape.h1_mse": 2, "ape.h1_rmse": 1, "pdebench.frmse": 1, "well.binned_spectral_mse": 2, "well.histogram_w1": -1,
		"pinnacle.mae": 1, "pinnacle.mse": 2, "pinnacle.mxe": 1, "pinnacle.crmse": 1,
	}
	for _, shape := range shapes {
		p, q := randomField(2, shape...), randomField(3, shape...)
		metrics := everyMetric(t)
		one, err := eval.Evaluate(metrics, p, q)
		if err != nil {
			t.Fatal(err)
		}
		more, err := eval.Evaluate(metrics, scaled(p, factor), scaled(q, factor))
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range one {
			base, _, _ := strings.Cut(r.Name, "@")
			want := r.Value * math.Pow(factor, order[base])
			if !(math.Abs(more[i].Value-want) <= 1e-5*math.Abs(want)) {
				t.Errorf("%v %s = %g, scaled by %d %g; want %g", shape, r.Name, r.Value, factor, more[i].Value, want)
			}
		}
	}
}

// One NaN in a prediction makes every value NaN (a correlation time ends there), and its place is named.
func TestNaN(t *testing.T) {
	target := randomField(4, 3, 4, 17, 2)
	pred := randomField(5, 3, 4, 17, 2)
	pred.Data[1*4*17*2+2*17*2+0*2+1] = math.NaN() // trajectory 1, frame 2, point 0, channel 1
	results, err := eval.Evaluate(everyMetric(t), pred, target)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !math.IsNaN(r.Value) && !strings.HasPrefix(r.Name, "pdearena.corrfirst") {
			t.Errorf("%s = %g in spite of a NaN", r.Name, r.Value)
		}
		if len(r.Undefined) != 1 || r.Undefined[0].Trajectory != 1 {
			t.Errorf("%s names %v; want one place in trajectory 1", r.Name, r.Undefined)
			continue
		}
		u := r.Undefined[0]
		if u.Time != 2 && u.Time != -1 || u.Channel != 1 && u.Channel != -1 {
			t.Errorf("%s names %v; want frame 2, channel 1", r.Name, u)
		}
	}
}

// A zero target is named by every relative metric, also where an epsilon hides it.
func TestZeroTarget(t *testing.T) {
	target := randomField(6, 2, 3, 17, 2)
	for i := range target.Data {
		if i%2 == 1 {
			target.Data[i] = 0
		}
	}
	metrics, err := eval.LookupAll("pdebench.nrmse@0", "well.vrmse", "fno.lp_rel", "ape.nrmse", "rmse", "fno.rel_l2")
	if err != nil {
		t.Fatal(err)
	}
	results, err := eval.Evaluate(metrics, randomField(7, 2, 3, 17, 2), target)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{6, 6, 6, 6, 0, 0} {
		if len(results[i].Undefined) != want {
			t.Errorf("%s names %d places, want %d: %v", results[i].Name, len(results[i].Undefined), want, results[i].Undefined)
		}
	}
	if s := results[0].Undefined[3].String(); s != "trajectory 1, frame 0, channel 1: the target is zero" {
		t.Errorf("a zero target reads %q", s)
	}
	if !math.IsInf(results[0].Value, 1) {
		t.Errorf("pdebench.nrmse of a zero target = %g, want +Inf", results[0].Value)
	}
}

// Batches of any size give what one batch gives.
func TestBatches(t *testing.T) {
	pred, target := randomField(8, 5, 3, 8, 5, 2), randomField(9, 5, 3, 8, 5, 2)
	metrics := everyMetric(t)
	whole, err := eval.Evaluate(metrics, pred, target)
	if err != nil {
		t.Fatal(err)
	}
	a := eval.NewAccumulator[float64](metrics...)
	for _, cut := range [][2]int{{0, 1}, {1, 4}, {4, 5}} {
		if err := a.Add(part(pred, cut), part(target, cut)); err != nil {
			t.Fatal(err)
		}
	}
	parts, err := a.Results()
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if whole[i].Value != parts[i].Value {
			t.Errorf("%s = %g in one batch, %g in three", whole[i].Name, whole[i].Value, parts[i].Value)
		}
	}
}

func part(f eval.Field[float64], cut [2]int) eval.Field[float64] {
	n := len(f.Data) / f.Trajectories()
	return eval.Field[float64]{Data: f.Data[cut[0]*n : cut[1]*n], Shape: append([]int{cut[1] - cut[0]}, f.Shape[1:]...)}
}

// float32 fields give the value of the same numbers in float64.
func TestFloat32(t *testing.T) {
	pred, target := randomField(10, 2, 3, 17, 2), randomField(11, 2, 3, 17, 2)
	p, q := narrow(pred), narrow(target)
	for i := range p.Data {
		pred.Data[i], target.Data[i] = float64(p.Data[i]), float64(q.Data[i])
	}
	metrics := everyMetric(t)
	one, err := eval.Evaluate(metrics, p, q)
	if err != nil {
		t.Fatal(err)
	}
	two, err := eval.Evaluate(metrics, pred, target)
	if err != nil {
		t.Fatal(err)
	}
	for i := range one {
		if one[i].Value != two[i].Value {
			t.Errorf("%s = %g in float32, %g in float64", one[i].Name, one[i].Value, two[i].Value)
		}
	}
}

func TestLookupErrors(t *testing.T) {
	for name, want := range map[string]string{
		"fno.rell2":              "fno.rel_l2",
		"vrmse":                  "well.vrmse",
		"nrmse":                  "pdebench.nrmse, well.nrmse, ape.nrmse",
		"pdearena.corr_time@0.8": "pdearena.corrtime",
		"pdearena.corrtime@2":    "threshold",
		"fno.lp_rel@power=2":     "p, reduce",
		"fno.lp_rel@2,max":       "mean or sum",
		"mse@1":                  "takes 0 parameters",
	} {
		_, err := eval.Lookup(name)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "eval: ") {
			t.Errorf("Lookup(%q): %v; want it to mention %q", name, err, want)
		}
	}
}

func TestShapeErrors(t *testing.T) {
	metrics, err := eval.LookupAll("fno.h1@false", "pdearena.pearson@channel=3", "pdebench.rmse")
	if err != nil {
		t.Fatal(err)
	}
	f := func(shape ...int) eval.Field[float64] { return randomField(1, shape...) }
	short := f(1, 1, 8, 1)
	short.Data = short.Data[1:]
	for _, c := range []struct {
		metric       eval.Metric
		pred, target eval.Field[float64]
		want         string
	}{
		{metrics[0], f(1, 2, 8, 1), f(1, 2, 9, 1), "[1 2 8 1], target [1 2 9 1]"},
		{metrics[0], f(1, 2), f(1, 2), "[trajectory, time, x.., channel]"},
		{metrics[0], short, f(1, 1, 8, 1), "but holds 7"},
		{metrics[0], f(1, 1, 3, 1), f(1, 1, 3, 1), "fewer than 4"},
		{metrics[1], f(1, 1, 8, 2), f(1, 1, 8, 2), "channel=3"},
		{metrics[2], f(1, 1, 8, 2), f(1, 1, 8, 2), "first 1 of 1 frames"},
	} {
		_, err := eval.Evaluate([]eval.Metric{c.metric}, c.pred, c.target)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v; want it to mention %q", c.pred.Shape, err, c.want)
		}
	}
	if _, err := eval.NewAccumulator[float64](metrics...).Results(); err == nil {
		t.Error("results of nothing")
	}
	a := eval.NewAccumulator[float64]()
	if err := errors.Join(a.Add(f(1, 1, 8, 1), f(1, 1, 8, 1)), a.Add(f(2, 1, 8, 1), f(2, 1, 8, 1))); err != nil {
		t.Error(err)
	}
	if err := a.Add(f(1, 2, 8, 1), f(1, 2, 8, 1)); err == nil {
		t.Error("another number of frames was taken")
	}
}

// A band that no wavenumber of the grid falls into has no value, and the result says so.
func TestEmptyBand(t *testing.T) {
	m, err := eval.Lookup("pdebench.frmse@band=high")
	if err != nil {
		t.Fatal(err)
	}
	r, err := eval.Evaluate([]eval.Metric{m}, randomField(1, 2, 3, 8, 8, 1), randomField(2, 2, 3, 8, 8, 1))
	if err != nil || !math.IsNaN(r[0].Value) || len(r[0].Undefined) != 1 || !strings.Contains(r[0].Undefined[0].String(), "every trajectory: no wavenumber of grid [8 8]") {
		t.Errorf("%+v, %v", r, err)
	}
}

// DeepXDE's and PINNacle's norms pool the samples where FNO's mean takes them one by one: errors of 1 and 3 over truths of 1 and 2.
func TestPooledNorms(t *testing.T) {
	target := eval.Field[float64]{Data: []float64{1, 1, 2, 2}, Shape: []int{2, 1, 2, 1}}
	pred := eval.Field[float64]{Data: []float64{2, 2, 5, 5}, Shape: []int{2, 1, 2, 1}}
	for name, want := range map[string]float64{
		"deepxde.l2_rel": math.Sqrt2, "pinnacle.l2re": math.Sqrt2, "pinnacle.l1re": 4. / 3, "pinnacle.crmse": 2, "fno.rel_l2": 1.25, "fno.rel_l2_steps": 1.25,
	} {
		m, err := eval.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := eval.Evaluate([]eval.Metric{m}, pred, target); err != nil || !(math.Abs(r[0].Value-want) <= 1e-14) {
			t.Errorf("%s = %v, %v; want %g", name, r, err, want)
		}
	}
}

// The distance of histograms forgets where and when values occur; a shift by c has W₁ = |c|. A window takes part of the frames.
func TestHistogramDistanceAndWindow(t *testing.T) {
	target := randomField(3, 1, 4, 8, 1)
	pred := eval.Field[float64]{Data: make([]float64, 32), Shape: target.Shape}
	square := 0.0
	for i, v := range target.Data {
		pred.Data[31-i] = v + 0.25
		square += v * v / 32
	}
	metrics, err := eval.LookupAll("well.histogram_w1", "well.mse@1,3")
	if err != nil {
		t.Fatal(err)
	}
	r, err := eval.Evaluate(metrics, pred, target)
	if err != nil {
		t.Fatal(err)
	}
	if want := 0.25 / (square + 1e-7); !(math.Abs(r[0].Value-want) <= 1e-12) {
		t.Errorf("W₁ %g, want %g", r[0].Value, want)
	}
	steps, err := eval.LookupAll("well.mse")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := eval.Evaluate(steps, pred, target)
	if err != nil {
		t.Fatal(err)
	}
	if want := (whole[0].Curve[1] + whole[0].Curve[2]) / 2; !(math.Abs(r[1].Value-want) <= 1e-14) {
		t.Errorf("frames 1 and 2: %g, want %g", r[1].Value, want)
	}
}
