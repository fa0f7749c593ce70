package cpu_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// TestRandomIsTheDefinition: numbers drawn by several workers are those of the definition, rounded once.
func TestRandomIsTheDefinition(t *testing.T) {
	c := op.StepCounter(1<<21 + 7)
	step := op.Array{Dims: op.Of(2), Data: c[:]}
	rounded := func(u float64, _ int) float64 {
		if u > 0x1p-53 {
			return 0x1p-22 // half a unit in the last place of the largest
		}
		return 0
	}
	keepsTo(t, op.NormalOp{To: op.Of(5003), Seed: 3, Stream: 4}, []op.Array{step}, rounded)
	// What is dropped is 0 whatever it was.
	lost := op.Array{Dims: op.Of(8), Data: []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1, 2, 3, 4}}
	keepsTo(t, op.DropoutOp{P: 1 - 0x1p-40, Seed: 3, Stream: 4}, []op.Array{lost, step}, func(float64, int) float64 { return 0 })
	for _, p := range []float64{0, 0.25, 0.3, 1 - 0x1p-40} {
		x := draws(op.Of(4099))[0]
		keepsTo(t, op.DropoutOp{P: p, Seed: 3, Stream: 4}, []op.Array{x, step}, func(u float64, i int) float64 {
			return rounded(u, i) / (1 - p)
		})
	}
}

// BenchmarkRandom in elements.
func BenchmarkRandom(b *testing.B) {
	const n = 1 << 20
	b.Run("normal", func(b *testing.B) { benchmarkOp(b, op.NormalOp{To: op.Of(n)}, n, "element", op.Of(2)) })
	b.Run("dropout", func(b *testing.B) { benchmarkOp(b, op.DropoutOp{P: 0.1}, n, "element", op.Of(n), op.Of(2)) })
}
