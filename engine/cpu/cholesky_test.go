package cpu_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/enginetest"
	"github.com/kolmogo/kolmogo/op"
)

// positive is A·Aᵀ/n + 1 for a normal A of order n.
func positive(n int) []float64 {
	a, s := draws(op.Of(n, n))[0], make([]float64, n*n)
	op.MatMulOp{TransB: true}.Eval(op.Array{Dims: op.Of(n, n), Data: s}, a, a)
	for i := range s {
		s[i] /= float64(n)
		if i%(n+1) == 0 {
			s[i]++
		}
	}
	return s
}

// A matrix that has no factor leaves NaN throughout and a flag, and its neighbours alone.
func TestBreakdownIsFlagged(t *testing.T) {
	for _, n := range []int{1, 5, 60, 200} {
		indefinite, dependent := positive(n), make([]float64, n*n)
		indefinite[n*n-1] = -1
		for i := range dependent {
			dependent[i] = float64(i%n + 1)
		}
		if n == 1 {
			dependent[0] = 0
		}
		g := op.NewGraph()
		a := g.Input("a", op.Float64, op.Of(3, n, n))
		l := op.Cholesky(a)
		_, r := op.QR(a)
		b, err := cpu.New(cpu.Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		feed := append(append(positive(n), indefinite...), dependent...)
		out, err := enginetest.Device{Backend: b}.Run(g, map[string][]float64{"a": feed}, []op.Value{l, op.Broken(l), op.Broken(r)})
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range out[0] {
			if math.IsNaN(x) != (i >= n*n) && (n > 1 || i < 2) {
				t.Fatalf("order %d: element %d of the factors is %v", n, i, x)
			}
		}
		if f := out[1]; f[0] != 0 || f[1] != 1 || f[2] != 1 {
			t.Errorf("order %d: flags of Cholesky are %v", n, f)
		}
		if f := out[2]; f[0] != 0 || f[1] != 0 || f[2] != 1 {
			t.Errorf("order %d: flags of QR are %v", n, f)
		}
	}
}

// BenchmarkCholesky is the normal equations of a second-order step, and those of many small fits.
func BenchmarkCholesky(b *testing.B) {
	for _, d := range []op.Dims{op.Of(1300, 1300), op.Of(64, 64, 64)} {
		b.Run(d.String(), func(b *testing.B) {
			backend, err := cpu.New(cpu.Config{})
			if err != nil {
				b.Fatal(err)
			}
			defer backend.Close()
			g := op.NewGraph()
			p, err := engine.Compile(g, []op.Value{op.Cholesky(g.Input("a", op.Float64, d))}, nil, engine.NewStore(backend))
			if err != nil {
				b.Fatal(err)
			}
			n := d.At(-1)
			data := make([]float64, d.Size())
			for i := range data {
				if i%(n*n)%(n+1) == 0 {
					data[i] = float64(n)
				} else {
					data[i] = 0.5
				}
			}
			if err := engine.Feed(p, "a", data); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(p.Cost().FLOPs)/1e9*float64(b.N)/b.Elapsed().Seconds(), "GFLOP/s")
		})
	}
}
