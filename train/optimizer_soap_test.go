package train

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// descend minimises |A(W − G)B|²/2 for [6, 4] matrices with condition numbers of 30 along axes that are not the coordinates', and returns
// the loss after 300 steps.
func descend(t *testing.T, kind string, dt op.Dtype) float64 {
	t.Helper()
	c, err := OptimizerConfig{Kind: kind, Beta1: 0.95, Beta2: 0.95}.complete()
	if err != nil {
		t.Fatal(err)
	}
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	const m, n = 6, 4
	rnd := rand.New(rand.NewPCG(4, 4))
	mixed := func(n int) []float64 { // 1 + 29 uuᵀ with a random unit vector u
		u, s := make([]float64, n), 0.0
		for i := range u {
			u[i] = rnd.NormFloat64()
			s += u[i] * u[i]
		}
		a := make([]float64, n*n)
		for i := range n {
			for j := range n {
				a[i*n+j] = 29 * u[i] * u[j] / s / 30
			}
			a[i*(n+1)] += 1. / 30
		}
		return a
	}
	g, d := op.NewGraph(), op.Of(m, n)
	w := g.Variable("w", dt, d)
	goal := make([]float64, m*n)
	for i := range goal {
		goal[i] = rnd.NormFloat64()
	}
	rest := op.Sub(w, g.Constant("goal", dt, d, goal))
	r := op.MatMul(op.MatMul(g.Constant("a", dt, op.Of(m, m), mixed(m)), rest, false, false), g.Constant("b", dt, op.Of(n, n), mixed(n)), false, false)
	loss := op.Scale(op.Dot(r, r), 0.5)
	program, err := engine.Compile(g, []op.Value{loss}, c.Update("w", w, op.Gradients(loss, w)[0]), engine.NewStore(b))
	if err != nil {
		t.Fatal(err)
	}
	const steps = 300
	for k := range steps {
		if err := c.Feed(program, k+1, 0.1*(1+math.Cos(math.Pi*float64(k)/steps))/2); err != nil {
			t.Fatal(err)
		}
		if err := program.Run(); err != nil {
			t.Fatal(err)
		}
	}
	f, err := program.Scalar(0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestSOAPFindsTheAxes: where the curvature's axes are not the coordinates', SOAP descends much deeper than Adam, in both precisions.
func TestSOAPFindsTheAxes(t *testing.T) {
	for _, dt := range []op.Dtype{op.Float64, op.Float32} {
		soap, adam := descend(t, "soap", dt), descend(t, "adam", dt)
		if !(soap <= 0.1*adam) {
			t.Errorf("%v: loss %g by SOAP, %g by Adam", dt, soap, adam)
		}
	}
}
