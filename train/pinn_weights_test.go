package train

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// cooling is the heat equation with soft conditions, the first of which has little weight.
func cooling(t *testing.T, w WeightsConfig, phases ...Phase) PINNSetup {
	s := oscillator(t, t.TempDir(), phases...)
	s.Config.Weights = w
	s.Problem = pinn.Problem{
		Coordinates: []string{"x", "t"},
		Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 1}}, Time: []pinn.Number{0, 1}},
		Equations:   []string{"u_t = 0.1u_xx"},
		Conditions: []pinn.Condition{
			{On: "t = 0", Equation: "u = sin(pi x)", Weight: 1e-4, Points: 30},
			{On: "boundary", Equation: "u = 0", Points: 30},
		},
		Points:    60,
		Reference: pinn.Reference{Formula: map[string]string{"u": "sin(pi x) exp(-0.1pi^2 t)"}},
	}
	return s
}

// TestWeightsBalance: after the first change all weighted gradients, or kernels, are of one size.
func TestWeightsBalance(t *testing.T) {
	for _, kind := range []string{"gradient_norm", "ntk"} {
		p, err := NewPINN(cooling(t, WeightsConfig{Kind: kind}, Phase{Method: "lm", Steps: 2}))
		if err != nil {
			t.Fatal(err)
		}
		if err := declarePINN(p.model.Params(), p.Precision, p.store); err != nil {
			t.Fatal(err)
		}
		for name, q := range p.model.Params() {
			if err := p.store.Set("param."+name, q.Data); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []func() error{func() error { return p.begin(nil) }, p.draw, p.reweigh} {
			if err := f(); err != nil {
				t.Fatal(err)
			}
		}
		var sizes []float64
		for k, g := range p.gauges {
			root := p.feeds["weight."+string(rune('0'+k))][0]
			sizes = append(sizes, root*root*g.values[0])
		}
		for _, s := range sizes {
			if !(math.Abs(s-sizes[0]) <= 1e-12*sizes[0]) || len(sizes) != 3 {
				t.Errorf("%s: weighted sizes %v", kind, sizes)
			}
		}
	}
}

// TestMultipliersTighten: where an equation and a condition contradict each other, multipliers and weights that grow at its points decide for the
// condition.
func TestMultipliersTighten(t *testing.T) {
	violation := func(w WeightsConfig) float64 {
		s := cooling(t, w, Phase{Method: "lm", Steps: 60})
		s.Problem = pinn.Problem{
			Coordinates: []string{"x"},
			Domain:      pinn.Geometry{Box: [][]pinn.Number{{0, 1}}},
			Equations:   []string{"u_x + u"},
			Conditions:  []pinn.Condition{{Equation: "u = 1", Weight: 0.1}},
			Points:      40,
			Reference:   pinn.Reference{Formula: map[string]string{"u": "1"}},
		}
		p, err := solve(t, t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		solution, err := newSolution(p.model, op.Float64, p.store)
		if err != nil {
			t.Fatal(err)
		}
		u, err := solution.At([]float64{0, 1})
		if err != nil {
			t.Fatal(err)
		}
		return math.Max(math.Abs(u[0]-1), math.Abs(u[1]-1))
	}
	fixed := violation(WeightsConfig{})
	for _, w := range []WeightsConfig{{Kind: "lagrangian", Every: 1}, {Kind: "self_adaptive", Every: 1, Rate: 5}} {
		if v := violation(w); !(v < fixed/5) || fixed < 0.1 {
			t.Errorf("%s: the condition is off by %v, with fixed weights by %v", w.Kind, v, fixed)
		}
	}
}

// TestCausalWeights: the weight of a chunk of the time is e^(−ε Σ earlier mean squares), and no gradient flows through it.
func TestCausalWeights(t *testing.T) {
	chunkOf, r := []int{0, 0, 1, 2, 2, 3}, []float64{1, 3, 0.5, 2, 1, 7}
	table := make([]float64, len(r)*4)
	for i, c := range chunkOf {
		table[4*i+c] = 1
	}
	g := op.NewGraph()
	rows := g.Input("r", op.Float64, op.Of(len(r), 1))
	w := causalRoots(g.Input("chunks", op.Float64, op.Of(len(r), 4)), []op.Value{rows}, 0.3)
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	grad := op.Gradients(op.SumAll(op.Add(w, op.Scale(rows, 0))), rows)[0]
	p, err := engine.Compile(g, []op.Value{w, grad}, nil, engine.NewStore(b))
	if err != nil {
		t.Fatal(err)
	}
	got, slope := make([]float64, len(r)), make([]float64, len(r))
	for _, err := range []error{engine.Feed(p, "r", r), engine.Feed(p, "chunks", table), p.Run(), engine.Output(p, 0, got), engine.Output(p, 1, slope)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	means := []float64{5, 0.25, 2.5}
	for i, c := range chunkOf {
		sum := 0.0
		for _, m := range means[:c] {
			sum += m
		}
		if want := math.Exp(-0.3 * sum); !(math.Abs(got[i]*got[i]-want) <= 1e-14) || slope[i] != 0 {
			t.Errorf("point %d: weight %v, want %v; slope %v", i, got[i]*got[i], want, slope[i])
		}
	}
}

// TestCausalAndCurriculumRun: both end with the whole problem.
func TestCausalAndCurriculumRun(t *testing.T) {
	s := cooling(t, WeightsConfig{Causal: 1, Chunks: 4, Kind: "gradient_norm", Every: 3}, Phase{Method: "adam", Steps: 4}, Phase{Method: "lm", Steps: 6})
	s.Problem.Parameters = map[string]pinn.Number{"a": 0.1}
	s.Problem.Varied = []string{"a"}
	s.Problem.Equations = []string{"u_t = a*u_xx"}
	s.Config.Curriculum = CurriculumConfig{From: map[string]float64{"a": 1}, Draws: 2}
	s.Network = models.Config{Width: 6, Layers: 1}
	p, err := solve(t, t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for draws, want := range map[int]float64{1: 1, 2: 0.55, 3: 0.1, 9: 0.1} {
		p.state.Draws = draws
		if got := p.parameter("a"); !(math.Abs(got-want) <= 1e-15) {
			t.Errorf("after %d draws the parameter is %v, want %v", draws, got, want)
		}
	}
}
