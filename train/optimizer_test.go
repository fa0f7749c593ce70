package train

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// Ten steps on f(p) = Σ (p − i)⁴/4 follow the rules, written out here as scalar loops.
func TestOptimizersFollowTheirRules(t *testing.T) {
	rules := map[string]func(c OptimizerConfig, p, d, m, v *float64, n int, lr float64){
		"adamw": func(c OptimizerConfig, p, d, m, v *float64, n int, lr float64) {
			*p *= 1 - lr*c.WeightDecay
			adam(c, p, *d, m, v, n, lr)
		},
		"adam": func(c OptimizerConfig, p, d, m, v *float64, n int, lr float64) {
			adam(c, p, *d+c.WeightDecay**p, m, v, n, lr)
		},
		"sgd": func(c OptimizerConfig, p, d, m, _ *float64, _ int, lr float64) {
			*m = c.Momentum**m + *d + c.WeightDecay**p
			*p -= lr * *m
		},
	}
	for kind, rule := range rules {
		c, err := OptimizerConfig{Kind: kind, WeightDecay: .01, Momentum: .8, Beta1: .8}.complete()
		if err != nil {
			t.Fatal(err)
		}
		b, err := cpu.New(cpu.Config{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		g, d := op.NewGraph(), op.Of(5)
		p := g.Variable("p", op.Float64, d)
		rest := op.Sub(p, g.Constant("goal", op.Float64, d, []float64{0, 1, 2, 3, 4}))
		loss := op.Scale(op.SumAll(op.Pow(rest, 4)), .25)
		updates := c.Update("p", p, op.Gradients(loss, p)[0])
		store := engine.NewStore(b)
		prog, err := engine.Compile(g, []op.Value{loss}, updates, store)
		if err != nil {
			t.Fatal(err)
		}
		want := []float64{1, -1, .5, 2, 3}
		if err := store.Set("p", want); err != nil {
			t.Fatal(err)
		}
		m, v := make([]float64, 5), make([]float64, 5)
		for n := 1; n <= 10; n++ {
			lr := .1 / float64(n)
			if err := c.Feed(prog, n, lr); err != nil {
				t.Fatal(err)
			}
			if err := prog.Run(); err != nil {
				t.Fatal(err)
			}
			for i := range want {
				grad := math.Pow(want[i]-float64(i), 3)
				rule(c, &want[i], &grad, &m[i], &v[i], n, lr)
			}
		}
		got, err := store.Get("p")
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if !(math.Abs(got[i]-want[i]) <= 1e-13) {
				t.Errorf("%s: parameter %d is %v, want %v", kind, i, got[i], want[i])
			}
		}
	}
}

func adam(c OptimizerConfig, p *float64, d float64, m, v *float64, n int, lr float64) {
	*m = c.Beta1**m + (1-c.Beta1)*d
	*v = c.Beta2**v + (1-c.Beta2)*d*d
	*p -= lr * *m / (1 - math.Pow(c.Beta1, float64(n))) / (math.Sqrt(*v/(1-math.Pow(c.Beta2, float64(n)))) + c.Eps)
}

func TestSchedules(t *testing.T) {
	at := func(s ScheduleConfig, step int) float64 {
		c, err := s.complete()
		if err != nil {
			t.Fatal(err)
		}
		return c.factor(step, 100, 10)
	}
	for _, c := range []struct {
		s    ScheduleConfig
		step int
		want float64
	}{
		{ScheduleConfig{Kind: "constant"}, 57, 1},
		{ScheduleConfig{}, 0, 1},
		{ScheduleConfig{}, 50, .5},
		{ScheduleConfig{Final: .1}, 100, .1},
		{ScheduleConfig{Warmup: 20}, 9, .5 * 1},
		{ScheduleConfig{Warmup: 20}, 60, .5},
		{ScheduleConfig{Kind: "step", Every: 2}, 45, .25},
		{ScheduleConfig{Kind: "exponential", Factor: .5}, 20, .25},
		{ScheduleConfig{Kind: "one_cycle"}, 0, .04},
		{ScheduleConfig{Kind: "one_cycle"}, 30, 1},
		{ScheduleConfig{Kind: "one_cycle"}, 100, 0},
		{ScheduleConfig{Kind: "plateau"}, 99, 1},
	} {
		if got := at(c.s, c.step); !(math.Abs(got-c.want) < 1e-12) {
			t.Errorf("%+v at step %d of 100 is %v, want %v", c.s, c.step, got, c.want)
		}
	}
}

// The factor min(1, limit/‖d‖) scales all gradients together.
func TestClippingBoundsTheNorm(t *testing.T) {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	g := op.NewGraph()
	x, y := g.Input("x", op.Float64, op.Of(2)), g.Input("y", op.Float64, op.Of(1))
	norms, factor := clipping(g, op.Float64, []op.Value{x, y, {}}, 2)
	prog, err := engine.Compile(g, []op.Value{factor, norms}, nil, engine.NewStore(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ scale, want float64 }{{1, 2. / 13}, {.1, 1}, {0, 1}} {
		engine.Feed(prog, "x", []float64{3 * c.scale, 4 * c.scale})
		engine.Feed(prog, "y", []float64{12 * c.scale})
		if err := prog.Run(); err != nil {
			t.Fatal(err)
		}
		if got, _ := prog.Scalar(0); !(math.Abs(got-c.want) < 1e-12) {
			t.Errorf("factor at norm %v is %v, want %v", 13*c.scale, got, c.want)
		}
	}
}
