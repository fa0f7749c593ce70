package optest

import (
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// testValues: the device agrees with the definition, leaves its inputs alone and repeats itself exactly.
func testValues(t *testing.T, b Backend, c testCase) {
	for _, dt := range dtypes {
		in := c.draw(dt)
		want := c.eval(t, in)
		fed := make([]op.Array, len(in))
		for i, a := range in {
			fed[i] = op.Array{Dims: a.Dims, Data: slices.Clone(a.Data)}
		}
		var got [2]op.Array
		for k := range got {
			got[k] = op.NewArray(want.Dims)
			for i := range got[k].Data {
				got[k].Data[i] = math.NaN()
			}
			if err := b.Apply(c.op, dt, got[k], fed...); err != nil {
				t.Fatalf("%v: %v", dt, err)
			}
		}
		for i := range in {
			if !sameBits(in[i].Data, fed[i].Data) {
				t.Errorf("%v: input %d changed", dt, i)
			}
		}
		if !sameBits(got[0].Data, got[1].Data) {
			t.Errorf("%v: two runs differ", dt)
		}
		c.compare(t, dt, got[0], want, in)
	}
}

func (c testCase) compare(t *testing.T, dt op.Dtype, got, want op.Array, in []op.Array) {
	t.Helper()
	to := c.output(dt)
	u := max(roundoff(dt), roundoff(to))
	factor := 16 * u * math.Sqrt(c.terms(want.Dims))
	moves := make([]float64, len(want.Data))
	if !c.exact {
		moves = c.sensitivity(in, want)
	}
	bad := 0
	for i, w := range want.Data {
		w = round(to, w)
		g, tol := got.Data[i], factor*moves[i]
		if !c.exact {
			tol += smallestNormal(to) + c.cancellation(i, in) // results below the first may vanish
		}
		switch {
		case math.IsNaN(w) && (math.IsNaN(g) || c.infinite(i, in)):
			continue // a definition that meets ∞ − ∞ or 0·∞ asks for nothing
		case math.IsInf(w, 0) && g == w, math.Abs(g-w) <= tol:
			continue
		}
		if bad++; bad <= 3 {
			t.Errorf("%v: element %d of %v is %v, want %v, differs by %.3g, tolerance %.3g", dt, i, want.Dims, g, w, g-w, tol)
		}
	}
	if bad > 3 {
		t.Errorf("%v: %d of %d elements differ", dt, bad, len(want.Data))
	}
}

// infinite reports whether element i of an element-wise function has an infinite operand.
func (c testCase) infinite(i int, in []op.Array) bool {
	for _, a := range in {
		if len(a.Data) > i && math.IsInf(a.Data[i], 0) {
			return true
		}
	}
	return false
}

func smallestNormal(t op.Dtype) float64 {
	if t == op.Float64 {
		return 0x1p-1022
	}
	return 0x1p-126
}

// cancellation is what the definition of a function in float64 may itself lose at element i, where it subtracts numbers of the size
// of x.
func (c testCase) cancellation(i int, in []op.Array) float64 {
	if _, ok := c.op.(op.Unary); ok {
		if x := math.Abs(in[0].Data[i]); x <= math.MaxFloat64 {
			return 4 * roundoff(op.Float64) * x
		}
	}
	return 0
}

// sensitivity is, for each element y_i of the result, |y_i| + the root of Σ_j (x_j ∂y_i/∂x_j)²: how far y_i moves, to first order,
// under random relative errors of the inputs, in units of their size. For a sum of products it is the 2-norm of the terms.
// Estimated from eight draws of signs.
func (c testCase) sensitivity(in []op.Array, out op.Array) []float64 {
	const draws, h = 8, 0x1p-26
	rnd := c.random(3)
	moves := make([]float64, len(out.Data))
	side := [2]op.Array{op.NewArray(out.Dims), op.NewArray(out.Dims)}
	moved := make([]op.Array, len(in))
	for range draws {
		signs := make([][]float64, len(in))
		for k, a := range in {
			signs[k] = make([]float64, len(a.Data))
			for j := range signs[k] {
				if signs[k][j] = float64(2*rnd.IntN(2) - 1); !c.differentiable(k) {
					signs[k][j] = 0
				}
			}
		}
		for s, step := range []float64{h, -h} {
			for k, a := range in {
				moved[k] = op.NewArray(a.Dims)
				for j, x := range a.Data {
					moved[k].Data[j] = x * (1 + step*signs[k][j])
				}
			}
			c.op.Eval(side[s], moved...)
		}
		for i := range moves {
			if d := (side[0].Data[i] - side[1].Data[i]) / (2 * h); !math.IsNaN(d) && !math.IsInf(d, 0) {
				moves[i] = math.Hypot(moves[i], d/math.Sqrt(draws))
			}
		}
	}
	for i, y := range out.Data {
		if !math.IsNaN(y) && !math.IsInf(y, 0) {
			moves[i] += math.Abs(y)
		}
	}
	return moves
}
