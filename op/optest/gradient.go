package optest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// graph is L = ⟨c, op(x)⟩ with inputs "x0", "x1", … and the cotangent "c".
type graph struct {
	*op.Graph
	in    []op.Value
	out   op.Value
	grads []op.Value // ∂L/∂x
	of    []int      // the inputs that they belong to
}

// build writes a case as a graph.
func (c testCase) build(t op.Dtype) graph {
	g := graph{Graph: op.NewGraph()}
	for k, a := range c.in {
		g.in = append(g.in, g.Input(fmt.Sprintf("x%d", k), t, a.dims))
	}
	g.out = op.Apply(c.op, g.in...)
	loss := op.SumAll(op.Mul(g.Input("c", c.output(t), g.out.Dims()), g.out))
	var wrt []op.Value
	for k, x := range g.in {
		if c.differentiable(k) {
			wrt, g.of = append(wrt, x), append(g.of, k)
		}
	}
	if len(wrt) > 0 {
		g.grads = op.Gradients(loss, wrt...)
	}
	return g
}

func feed(in []op.Array, cotangent []float64) map[string][]float64 {
	feeds := map[string][]float64{"c": cotangent}
	for k, a := range in {
		feeds[fmt.Sprintf("x%d", k)] = a.Data
	}
	return feeds
}

// testGradient: ⟨v, ∇L⟩ from the device equals (8(L₊₁ − L₋₁) − (L₊₂ − L₋₂))/12h of the definition, L_k = L(x + k·h·v).
func testGradient(t *testing.T, b Backend, c testCase) {
	if c.only {
		t.Skip("a case for values")
	}
	const dt, h = op.Float64, 0x1p-11
	in, shape, rnd := c.draw(dt), c.shape(t), c.random(2)
	g := c.build(dt)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	cotangent := make([]float64, shape.Size())
	for i := range cotangent {
		cotangent[i] = round(c.output(dt), rnd.NormFloat64())
	}
	if len(g.grads) == 0 {
		t.Skip("not differentiable")
	}
	directions := make([][]float64, len(g.grads))
	for i, k := range g.of {
		directions[i] = make([]float64, in[k].Dims.Size())
		for j := range directions[i] {
			directions[i][j] = rnd.NormFloat64()
		}
	}
	along := func(step float64) (l, size float64) {
		moved := slices.Clone(in)
		for i, k := range g.of {
			moved[k].Data = slices.Clone(in[k].Data)
			for j, d := range directions[i] {
				moved[k].Data[j] += step * d
			}
		}
		for i, y := range c.eval(t, moved).Data {
			l += cotangent[i] * y
			size += math.Abs(cotangent[i] * y)
		}
		return l, size
	}
	grads, err := b.Run(g.Graph, feed(in, cotangent), g.grads)
	if err != nil {
		t.Fatal(err)
	}
	got, size := 0.0, 0.0
	for i, d := range directions {
		for j, v := range d {
			got += v * grads[i][j]
			size += math.Abs(v * grads[i][j])
		}
	}
	a1, s := along(h)
	b1, _ := along(-h)
	a2, _ := along(2 * h)
	b2, _ := along(-2 * h)
	want := (8*(a1-b1) - (a2 - b2)) / (12 * h)
	u := max(roundoff(dt), roundoff(c.output(dt)))
	// truncation h⁴ L⁗'/30 with derivatives that may grow by 2⁸, rounding of L over h, rounding of the device
	tol := 0x1p8*h*h*h*h*(size+s) + 16*roundoff(dt)*s/h + 16*u*size + smallestNormal(dt)
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("derivative is %v, want %v, differs by %.3g, tolerance %.3g", got, want, got-want, tol)
	}
}
