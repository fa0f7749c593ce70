package optest

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// testCase is an op with the shapes and domains of its inputs.
type testCase struct {
	op    op.Op
	in    []arg
	exact bool // the result is the definition's, bit for bit
	only  bool // values only: the inputs hold points where there is no derivative, or the op has none
}

// arg is one input.
type arg struct {
	dims op.Dims
	from domain
}

// domain draws element i of an input.
type domain func(rnd *rand.Rand, i int) float64

func normal(rnd *rand.Rand, _ int) float64 { return rnd.NormFloat64() }

// positive draws from [½, 2).
func positive(rnd *rand.Rand, _ int) float64 { return 0.5 + 1.5*rnd.Float64() }

// nonzero draws from [½, 2) with a random sign.
func nonzero(rnd *rand.Rand, i int) float64 {
	return positive(rnd, i) * float64(2*rnd.IntN(2)-1)
}

// wide draws from [−30, 30).
func wide(rnd *rand.Rand, _ int) float64 { return 60*rnd.Float64() - 30 }

// special walks through the numbers at which functions have corners.
func special(_ *rand.Rand, i int) float64 {
	x := []float64{0, math.Copysign(0, -1), 1, -1, 1e-30, -1e-30, 30, -30, 100, -100, math.Inf(1), math.Inf(-1), math.NaN(), 0.5, -0.5}
	return x[i%len(x)]
}

// index draws whole numbers below n.
func index(n int) domain {
	return func(rnd *rand.Rand, _ int) float64 { return float64(rnd.IntN(n)) }
}

// counter is the step counter of a step beyond 2²⁰.
func counter(_ *rand.Rand, i int) float64 {
	return op.StepCounter(3<<20 + 12345 + uint64(i/2)*(1<<20+7))[i%2]
}

func (c testCase) String() string {
	dims := c.dims()
	attributes := fmt.Sprintf("%v", c.op)
	return fmt.Sprintf("%s%s%v", op.Name(c.op), attributes, dims)
}

func (c testCase) dims() []op.Dims {
	d := make([]op.Dims, len(c.in))
	for i, a := range c.in {
		d[i] = a.dims
	}
	return d
}

// random is a source of its own for each case and purpose.
func (c testCase) random(purpose uint64) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, c.String())
	return rand.New(rand.NewPCG(h.Sum64(), purpose))
}

// draw returns inputs rounded to t.
func (c testCase) draw(t op.Dtype) []op.Array {
	rnd := c.random(1)
	in := make([]op.Array, len(c.in))
	for k, a := range c.in {
		in[k] = op.NewArray(a.dims)
		for i := range in[k].Data {
			in[k].Data[i] = round(t, a.from(rnd, i))
		}
	}
	return in
}

// shape is the shape of the result.
func (c testCase) shape(t *testing.T) op.Dims {
	t.Helper()
	d, err := c.op.Shape(c.dims()...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// eval is the definition's result.
func (c testCase) eval(t *testing.T, in []op.Array) op.Array {
	t.Helper()
	out := op.NewArray(c.shape(t))
	for i := range out.Data {
		out.Data[i] = math.NaN() // Eval must not read it
	}
	c.op.Eval(out, in...)
	return out
}

// output is the dtype of the result.
func (c testCase) output(t op.Dtype) op.Dtype {
	if o, ok := c.op.(op.Caster); ok {
		return o.Output(t)
	}
	return t
}

// differentiable reports whether input k has a gradient.
func (c testCase) differentiable(k int) bool {
	s, ok := c.op.(op.Selective)
	return !ok || s.Differentiable(k)
}

// linear reports whether the op is linear in input k.
func (c testCase) linear(k int) bool {
	l, ok := c.op.(op.Linear)
	return ok && l.LinearIn(k)
}

// terms is the number of roundings behind one element of the result: the operations of a product, the elements of a sum, the
// length of a mean.
func (c testCase) terms(out op.Dims) float64 {
	n, size := 1, max(out.Size(), 1)
	for _, a := range c.in {
		n = max(n, a.dims.Size()/size)
	}
	switch o := c.op.(type) {
	case interface {
		FLOPs(op.Dims, ...op.Dims) int64
	}:
		n = max(n, int(o.FLOPs(out, c.dims()...))/size)
	case op.SoftmaxOp, op.NormalizeOp, op.NormalizeGradOp:
		n = max(n, size)
	}
	return float64(n)
}
