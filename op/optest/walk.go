package optest

import (
	"fmt"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// walk grows a graph: each step applies a rule to a value drawn from the pool of earlier ones.
type walk struct {
	g       *op.Graph
	dtype   op.Dtype
	rnd     *rand.Rand
	pool    []op.Value
	leaves  []op.Value
	step    op.Value
	feeds   map[string][]float64
	outputs []op.Value
}

// drawGraph returns the graph of a seed, the same but for the dtype.
func drawGraph(seed uint64, t op.Dtype) *walk {
	w := &walk{g: op.NewGraph(), dtype: t, rnd: rand.New(rand.NewPCG(seed, 17)), feeds: map[string][]float64{}}
	w.step = w.g.Input("step", t, op.Of(2))
	c := op.StepCounter(1<<21 + seed)
	w.feeds["step"] = c[:]
	for range 3 {
		d := op.Of(1 + w.rnd.IntN(3))
		for d.Rank() < 2+w.rnd.IntN(3) {
			d = d.Append(1 + w.rnd.IntN(7))
		}
		w.pool = append(w.pool, w.leaf(d))
	}
	const steps = 14
	for len(w.pool) < 3+steps && w.g.Err() == nil {
		x := w.pick()
		y := rules[w.rnd.IntN(len(rules))](w, x)
		if y.Valid() && y != x && y.Dims().Rank() <= 5 && y.Dims().Size() <= 3000 {
			w.pool = append(w.pool, y)
		}
	}
	tail := w.pool[len(w.pool)-4:]
	loss := w.g.Scalar(t, 0.5)
	for _, v := range tail {
		if v.Dims().Size() > 0 {
			loss = op.Add(loss, op.MeanAll(op.Mul(v, op.Tanh(v))))
		}
	}
	w.outputs = append([]op.Value{loss}, tail...)
	for _, d := range op.Gradients(loss, w.leaves...) {
		if d.Valid() {
			w.outputs = append(w.outputs, d)
		}
	}
	return w
}

// pick prefers recent values, so that graphs grow deep as well as wide.
func (w *walk) pick() op.Value {
	n := len(w.pool)
	return w.pool[max(w.rnd.IntN(n), w.rnd.IntN(n))]
}

// leaf adds an input or a variable with normal values.
func (w *walk) leaf(d op.Dims) op.Value {
	name := fmt.Sprintf("leaf%d", len(w.leaves))
	data := make([]float64, d.Size())
	for i := range data {
		data[i] = float64(float32(w.rnd.NormFloat64()))
	}
	w.feeds[name] = data
	v := w.g.Input
	if w.rnd.IntN(2) == 0 {
		v = w.g.Variable
	}
	w.leaves = append(w.leaves, v(name, w.dtype, d))
	return w.leaves[len(w.leaves)-1]
}

// constant adds a constant with normal values.
func (w *walk) constant(d op.Dims) op.Value {
	data := make([]float64, d.Size())
	for i := range data {
		data[i] = float64(float32(w.rnd.NormFloat64()))
	}
	return w.g.Constant(fmt.Sprintf("constant%d", len(w.pool)), w.dtype, d, data)
}

// partner is a value of the same shape: from the pool if a few draws find one, else a new leaf.
func (w *walk) partner(x op.Value) op.Value {
	for range 8 {
		if y := w.pick(); y.Dims() == x.Dims() {
			return y
		}
	}
	return w.leaf(x.Dims())
}

// axis draws an axis of x.
func (w *walk) axis(x op.Value) int { return w.rnd.IntN(max(x.Dims().Rank(), 1)) }
