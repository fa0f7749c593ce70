package cpu_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// gram runs C = Σ XᵀX (rows: X·Xᵀ) over two matrices and returns it beside the same by general products.
func gram(t testing.TB, dt op.Dtype, threads, n, k int, rows bool) (symmetric, general []float64) {
	g := op.NewGraph()
	d := op.Of(k, n)
	if rows {
		d = op.Of(n, k)
	}
	x, y := g.Input("x", dt, d), g.Input("y", dt, d)
	twice := func(v op.Value) op.Value { return op.Mul(v, g.Scalar(dt, 1)) }
	sum := func(f func(op.Value) op.Value) op.Value {
		return op.Add(op.MatMul(x, f(x), !rows, rows), op.MatMul(y, f(y), !rows, rows))
	}
	outputs := []op.Value{sum(func(v op.Value) op.Value { return v }), sum(twice)}
	p, err := engine.Compile(g, outputs, nil, engine.NewStore(backend(t, threads)))
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"x", "y"} {
		data := make([]float64, n*k)
		for i := range data {
			data[i] = rnd.NormFloat64()
		}
		if err := engine.Feed(p, name, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	symmetric, general = make([]float64, n*n), make([]float64, n*n)
	for i, dst := range [][]float64{symmetric, general} {
		if err := engine.Output(p, i, dst); err != nil {
			t.Fatal(err)
		}
	}
	return symmetric, general
}

// TestGram: the product of a matrix with itself is the general product to rounding, exactly symmetric, and equal for every number of
// threads.
func TestGram(t *testing.T) {
	for _, c := range []struct {
		n, k int
		rows bool
	}{{97, 5, false}, {193, 301, false}, {300, 64, true}, {500, 17, false}} {
		got, want := gram(t, op.Float64, 1, c.n, c.k, c.rows)
		for i := range c.n {
			for j := range c.n {
				if got[i*c.n+j] != got[j*c.n+i] {
					t.Fatalf("n %d: element %d, %d is not symmetric", c.n, i, j)
				}
				if d := math.Abs(got[i*c.n+j] - want[i*c.n+j]); !(d <= 1e-13*float64(c.k)) {
					t.Fatalf("n %d: element %d, %d is off by %g", c.n, i, j, d)
				}
			}
		}
		if more, _ := gram(t, op.Float64, 3, c.n, c.k, c.rows); !slices.Equal(more, got) {
			t.Fatalf("n %d: three threads give other bits than one", c.n)
		}
	}
}

// BenchmarkGram is the Gauss–Newton matrix of 3000 residuals in 921 parameters.
func BenchmarkGram(b *testing.B) {
	const n, k = 921, 3000
	g := op.NewGraph()
	x := g.Variable("x", op.Float64, op.Of(k, n))
	c := g.Variable("c", op.Float64, op.Of(n, n))
	p, err := engine.Compile(g, nil, []engine.Update{{Variable: c, Value: op.MatMul(x, x, true, false)}}, engine.NewStore(backend(b, 1)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := p.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*n*k*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
