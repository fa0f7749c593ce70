package train

import (
	"iter"
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Batches of equal size that are accumulated make the step of one batch of them all.
func TestAccumulatedStepIsTheWholeStep(t *testing.T) {
	change := func(batch, accumulate int) func(*Setup) {
		return func(s *Setup) {
			s.Precision = op.Float64
			s.Train.Batch, s.Config.Accumulate, s.Config.EMA = batch, accumulate, 0
		}
	}
	weights := func(batch, accumulate int) map[string][]float64 {
		dir := t.TempDir()
		tr, err := New(setup(t, dir, 1, change(batch, accumulate)))
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		all := map[string][]float64{}
		for name := range tr.surrogate.Params() {
			if all[name], err = tr.store.Get("param." + name); err != nil {
				t.Fatal(err)
			}
		}
		return all
	}
	whole, parts := weights(24, 1), weights(8, 3)
	for name, w := range whole {
		for i := range w {
			if !(math.Abs(w[i]-parts[name][i]) <= 1e-9) {
				t.Fatalf("%s[%d] is %v in one batch, %v in three", name, i, w[i], parts[name][i])
			}
		}
	}
}

// spare is a model with a parameter that its output does not depend on.
type spare struct {
	models.Model
	unused *models.Param
}

// Params implements models.Model.
func (s spare) Params() iter.Seq2[string, *models.Param] {
	return func(yield func(string, *models.Param) bool) {
		if yield(s.unused.Name, s.unused) {
			s.Model.Params()(yield)
		}
	}
}

// A parameter without gradient stays what it is, weight decay or not.
func TestUnusedParameterIsUntouched(t *testing.T) {
	for _, accumulate := range []int{1, 2} {
		s := setup(t, t.TempDir(), 1, func(s *Setup) { s.Config.Accumulate = accumulate; s.Config.Optimizer.WeightDecay = .5 })
		tr, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		tr.surrogate.Net = spare{tr.surrogate.Net, &models.Param{Name: "unused", Dims: op.Of(2), Data: []float64{3, -1}}}
		tr.norms = append(tr.norms, 0)
		if err := tr.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		// a variable that no program needs exists only if an update reads it
		if v, err := tr.store.Get("param.unused"); err == nil && (v[0] != 3 || v[1] != -1) {
			t.Errorf("accumulate %d: the parameter became %v", accumulate, v)
		}
		for _, kind := range []string{"adam.m.", "acc.", "ema."} {
			if _, ok := tr.store.Var(kind + "unused"); ok {
				t.Errorf("accumulate %d: there is %sunused", accumulate, kind)
			}
		}
	}
}

// e ← e + (1 − d)(p − e) with p the new parameter.
func TestAverageFollowsItsRule(t *testing.T) {
	s := setup(t, t.TempDir(), 1, func(s *Setup) { s.Precision = op.Float64; s.Config.EMA = .9 })
	tr, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]float64{}
	for name, p := range tr.surrogate.Params() {
		want[name] = append([]float64{}, p.Data...)
	}
	tr.Observe = func(p Progress) {
		if p.EpochEnd {
			return
		}
		d := math.Min(.9, float64(1+p.Step)/float64(10+p.Step))
		for name, e := range want {
			w, err := tr.store.Get("param." + name)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tr.store.Get("ema." + name)
			if err != nil {
				t.Fatal(err)
			}
			for i := range e {
				e[i] += (1 - d) * (w[i] - e[i])
				if !(math.Abs(e[i]-got[i]) <= 1e-12) {
					t.Fatalf("step %d: the average of %s[%d] is %v, want %v", p.Step, name, i, got[i], e[i])
				}
			}
		}
	}
	if err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}
