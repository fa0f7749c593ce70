package optest

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// testAdjoint: for each input x in which the op is linear, ⟨y, op(x) − op(0)⟩ = ⟨x, ∂⟨y, op⟩/∂x⟩, both sides from the device. (op(0) is
// not zero where the op is a sum of maps of its inputs, as Concat is.)
func testAdjoint(t *testing.T, b Backend, c testCase) {
	linear := false
	for k := range c.in {
		linear = linear || c.linear(k)
	}
	if !linear {
		t.Skip("not linear")
	}
	for _, dt := range dtypes {
		in, shape, rnd := c.draw(dt), c.shape(t), c.random(4)
		y := make([]float64, shape.Size())
		for i := range y {
			y[i] = round(c.output(dt), rnd.NormFloat64())
		}
		g := c.build(dt)
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		results, err := b.Run(g.Graph, feed(in, y), append([]op.Value{g.out}, g.grads...))
		if err != nil {
			t.Fatalf("%v: %v", dt, err)
		}
		u := max(roundoff(dt), roundoff(c.output(dt)))
		for i, k := range g.of {
			if !c.linear(k) {
				continue
			}
			x := in[k].Data
			in[k] = op.NewArray(in[k].Dims)
			rest, err := b.Run(g.Graph, feed(in, y), []op.Value{g.out})
			if err != nil {
				t.Fatalf("%v: %v", dt, err)
			}
			in[k].Data = x
			left, right, squares := 0.0, 0.0, 0.0
			for j, v := range y {
				d := v * (results[0][j] - rest[0][j])
				left, squares = left+d, squares+d*d
			}
			for j, v := range x {
				d := v * results[1+i][j]
				right, squares = right+d, squares+d*d
			}
			// an element of op(x) has terms roundings, one of opᵀ(y) as many times the ratio of their numbers; then the sums here
			n := c.terms(shape) * max(1, float64(len(y))/float64(max(len(x), 1)))
			tol := 16 * (u*math.Sqrt(n) + roundoff(op.Float64)*math.Sqrt(float64(len(x)+len(y)))) * math.Sqrt(squares)
			if !(math.Abs(left-right) <= tol+smallestNormal(dt)) {
				t.Errorf("%v, input %d: ⟨y, A x⟩ = %v, ⟨Aᵀy, x⟩ = %v, differ by %.3g, tolerance %.3g", dt, k, left, right, left-right, tol)
			}
		}
	}
}
