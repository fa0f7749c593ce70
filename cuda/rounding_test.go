//go:build gpu

package cuda_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/enginetest"
	"github.com/kolmogo/kolmogo/op"
)

// roundings are the bounds of a factor's relative error, and of a sum's own, in float32.
var roundings = map[cuda.Rounding]float64{cuda.TF32: 0x1p-11, cuda.TF32x3: 0x1p-22, cuda.BF16: 0x1p-9}

// products are the ops that may round, over ragged sizes of several tiles, with the shapes of their operands.
var products = []struct {
	op  op.Op
	in  []op.Dims
	out op.Dims
}{
	{op.MatMulOp{}, []op.Dims{op.Of(70, 37), op.Of(37, 90)}, op.Of(70, 90)},
	{op.MatMulOp{TransA: true}, []op.Dims{op.Of(600, 65), op.Of(600, 40)}, op.Of(65, 40)},
	{op.MatMulOp{TransB: true}, []op.Dims{op.Of(2, 66, 50), op.Of(2, 34, 50)}, op.Of(2, 66, 34)},
	{op.ConvOp{Stride: op.Of(1, 2), Dilation: op.Of(2, 1)}, []op.Dims{op.Of(2, 9, 8, 5), op.Of(3, 2, 5, 70)}, op.Of(2, 5, 4, 70)},
}

// TestRoundedProducts: numbers of few bits are multiplied exactly, whatever the rounding; of others the error is that of their
// rounding, and not less, for else nothing was rounded.
func TestRoundedProducts(t *testing.T) {
	for rounding, bound := range roundings {
		roundedProducts(t, open(t, sim.Config{}, cuda.Config{Products: rounding}), rounding, bound)
	}
}

func roundedProducts(t *testing.T, backend engine.Backend, rounding cuda.Rounding, bound float64) {
	b := enginetest.Device{Backend: backend}
	for i, p := range products {
		t.Run(fmt.Sprint(rounding, i), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(1, uint64(i)))
			run := func(draw func() float64) (worst float64) {
				var in, size []op.Array
				for _, d := range p.in {
					x, s := op.NewArray(d), op.NewArray(d)
					for j := range x.Data {
						x.Data[j] = float64(float32(draw()))
						s.Data[j] = math.Abs(x.Data[j])
					}
					in, size = append(in, x), append(size, s)
				}
				got, want, scale := op.NewArray(p.out), op.NewArray(p.out), op.NewArray(p.out)
				if err := b.Apply(p.op, op.Float32, got, in...); err != nil {
					t.Fatal(err)
				}
				p.op.Eval(want, in...)
				p.op.Eval(scale, size...)
				for j, g := range got.Data {
					if e := math.Abs(g-want.Data[j]) / scale.Data[j]; !(e <= worst) {
						worst = e
					}
				}
				return worst
			}
			if e := run(func() float64 { return float64(rnd.IntN(15) - 7) }); e != 0 {
				t.Errorf("whole numbers are multiplied with an error of %.2g", e)
			}
			e := run(rnd.NormFloat64)
			if !(e <= 2.5*bound+4*0x1p-24*math.Sqrt(600)) || rounding != cuda.TF32x3 && !(e > bound/100) {
				t.Errorf("the error is %.2g of Σ|a||b|, factors are rounded by %.2g", e, bound)
			}
		})
	}
}
