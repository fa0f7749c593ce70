package cpu_test

import (
	"errors"
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/enginetest"
	"github.com/kolmogo/kolmogo/op"
)

// indices are whole numbers below n in an order without pattern.
func indices(n int, d op.Dims) op.Array {
	a := op.NewArray(d)
	for i := range a.Data {
		a.Data[i] = float64(i * i % (n - 1))
	}
	return a
}

// TestScatterInParts: rows of the result shared out over workers collect what the definition gives them.
func TestScatterInParts(t *testing.T) {
	rows := draws(op.Of(20000, 7))[0]
	keepsTo(t, op.ScatterOp{Rows: 6007}, []op.Array{rows, indices(6007, op.Of(20000))}, func(u float64, _ int) float64 { return 256 * u })
	keepsTo(t, op.GatherOp{}, []op.Array{rows, indices(20000, op.Of(90, 80))}, func(float64, int) float64 { return 0 })
}

// TestGatherRefusesIndices that are not rows.
func TestGatherRefusesIndices(t *testing.T) {
	table, rows := draws(op.Of(4, 3))[0], draws(op.Of(2, 3))[0]
	for _, bad := range []float64{-1, 4, math.Inf(1)} {
		index := op.Array{Dims: op.Of(2), Data: []float64{0, bad}}
		for _, c := range []struct {
			op  op.Op
			in  op.Array
			out op.Dims
		}{{op.GatherOp{}, table, op.Of(2, 3)}, {op.ScatterOp{Rows: 4}, rows, op.Of(4, 3)}} {
			d := enginetest.Device{Backend: backend(t, 1)}
			if err := d.Apply(c.op, op.Float32, op.NewArray(c.out), c.in, index); err == nil {
				t.Errorf("%s took index %v", op.Name(c.op), bad)
			}
		}
	}
}

// TestBadIndexIsAnError: whichever worker meets it, the program returns an error and runs again.
func TestBadIndexIsAnError(t *testing.T) {
	const rows, wanted = 10, 100000
	g := op.NewGraph()
	out := op.Gather(g.Input("table", op.Float32, op.Of(rows, 4)), g.Input("index", op.Float32, op.Of(wanted)))
	p, err := engine.Compile(g, []op.Value{out}, nil, engine.NewStore(backend(t, 3)))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{-1, 0, wanted / 2, wanted - 1} {
		index := make([]float32, wanted)
		if at >= 0 {
			index[at] = rows
		}
		if err := errors.Join(engine.Feed(p, "table", make([]float32, 4*rows)), engine.Feed(p, "index", index)); err != nil {
			t.Fatal(err)
		}
		if err := p.Run(); (err != nil) != (at >= 0) {
			t.Errorf("bad index at %d: %v", at, err)
		}
	}
}

// BenchmarkGather in elements.
func BenchmarkGather(b *testing.B) {
	table, index := op.Of(1000, 64), op.Of(16384)
	n := float64(index.Append(64).Size())
	b.Run("gather", func(b *testing.B) { benchmarkOp(b, op.GatherOp{}, n, "element", table, index) })
	b.Run("scatter", func(b *testing.B) { benchmarkOp(b, op.ScatterOp{Rows: 1000}, n, "element", index.Append(64), index) })
}
