package models_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

// described is a surrogate of a small network with every kind of scaling.
func described(t *testing.T, c refiner.Config) *models.Surrogate {
	t.Helper()
	s, err := models.Description{
		Model:    models.Config{Kind: "mlp", Width: 5, Layers: 1},
		Channels: 2, Outputs: 2, Axes: 1, Frames: 2, Difference: true, Weight: 0.3, Refiner: c,
		Input:     models.Scaling{Mean: []float64{1, 2}, Std: []float64{3, 4}},
		Output:    models.Scaling{Mean: []float64{-1, 0.5}, Std: []float64{0.2, 7}},
		Condition: []string{"dt"}, Scalars: models.Scaling{Mean: []float64{1}, Std: []float64{2}},
	}.Build(rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestUnitIsTheInverse: the answer that gives a prediction is the one that the network gave.
func TestUnitIsTheInverse(t *testing.T) {
	s := described(t, refiner.Config{Kind: "direct"})
	g := op.NewGraph()
	x, c := g.Input("x", op.Float64, op.Of(3, 4, 4)), g.Input("c", op.Float64, op.Of(3, 1))
	y := s.ApplyGiven(x, c)
	zero := g.Constant("zero", op.Float64, op.Of(3, 4, 2), make([]float64, 24))
	answer := s.Call(x, c, zero, g.Constant("level", op.Float64, op.Of(3), make([]float64, 3)))
	got := compile(t, s.Unit(x, y), answer).run(t, feedParams(map[string][]float64{"x": draw(48), "c": draw(3)}, s))
	reference.Near(t, "answer", got[0], got[1], 1e-12)
}

// TestSampleIsItsRows: a sample follows from its own row of x, scalars and draws; one whose process draws nothing needs no draws.
func TestSampleIsItsRows(t *testing.T) {
	s := described(t, refiner.Config{Kind: "refine", Steps: 2, Noise: 0.1})
	sample := func(x, c, draws []float64) []float64 {
		g := op.NewGraph()
		n := len(c)
		y := s.Sample(g.Input("x", op.Float64, op.Of(n, 4, 4)), g.Input("c", op.Float64, op.Of(n, 1)), g.Input("draws", op.Float64, op.Of(n, 2)), 9)
		return compile(t, y).run(t, feedParams(map[string][]float64{"x": x, "c": c, "draws": draws}, s))[0]
	}
	x, c, draws := draw(48), draw(3), []float64{1, 0, 5, 0, 1, 1}
	all := sample(x, c, draws)
	for i := range 3 {
		reference.Near(t, "a row by itself", sample(x[16*i:16*i+16], c[i:i+1], draws[2*i:2*i+2]), all[8*i:8*i+8], 1e-13)
	}
	g := op.NewGraph()
	s.ApplyGiven(g.Input("x", op.Float64, op.Of(3, 4, 4)), g.Input("c", op.Float64, op.Of(3, 1)))
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "use Sample") {
		t.Errorf("a process without noise: %v", err)
	}
}

// draw returns fixed numbers.
func draw(n int) []float64 {
	rnd := rand.New(rand.NewPCG(5, uint64(n)))
	x := make([]float64, n)
	for i := range x {
		x[i] = rnd.NormFloat64()
	}
	return x
}
