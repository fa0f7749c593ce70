package optest

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// graphCount is the number of random graphs per dtype.
const graphCount = 60

// testGraphs: random expressions, a loss and its gradients agree with the definitions. Tolerance: 64 times what errors of u in every
// value change, and 64·u of the largest element.
func testGraphs(t *testing.T, b Backend) {
	for seed := range uint64(graphCount) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			for _, dt := range dtypes {
				drawGraph(seed, dt).check(t, b)
			}
		})
	}
}

// noise is, for each output, the largest change, in units of u, when every computed value is off by ±u relative with random signs; of
// three draws (Monte Carlo arithmetic: Parker 1997, UCLA CSD-970002).
func (w *walk) noise(t *testing.T) []float64 {
	const u = 0x1p-24
	rnd := rand.New(rand.NewPCG(5, 23))
	exact := w.define(t, nil)
	noise := make([]float64, len(exact))
	for range 3 {
		moved := w.define(t, func(_ op.Dtype, x []float64) {
			for i := range x {
				x[i] *= 1 + u*float64(2*rnd.IntN(2)-1)
			}
		})
		for k := range exact {
			for i := range exact[k] {
				noise[k] = max(noise[k], math.Abs(exact[k][i]-moved[k][i])/u)
			}
		}
	}
	return noise
}

func (w *walk) define(t *testing.T, store func(op.Dtype, []float64)) [][]float64 {
	t.Helper()
	if err := w.g.Err(); err != nil {
		t.Fatal(err)
	}
	results, err := evaluate(w.feeds, w.outputs, store)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func (w *walk) check(t *testing.T, b Backend) {
	want, noise := w.define(t, nil), w.noise(t)
	var got [2][][]float64
	for k := range got {
		feeds := map[string][]float64{}
		for name, x := range w.feeds {
			feeds[name] = append([]float64{}, x...)
		}
		var err error
		if got[k], err = b.Run(w.g, feeds, w.outputs); err != nil {
			t.Fatalf("%v: %v", w.dtype, err)
		}
		if !maps.EqualFunc(feeds, w.feeds, sameBits) {
			t.Errorf("%v: a leaf's data changed", w.dtype)
		}
	}
	for k, v := range w.outputs {
		if !sameBits(got[0][k], got[1][k]) {
			t.Errorf("%v: two runs of output %d differ", w.dtype, k)
		}
		size := 0.0
		for _, x := range want[k] {
			size = max(size, math.Abs(x))
		}
		tol := 64 * roundoff(w.dtype) * (noise[k] + size)
		for i, x := range want[k] {
			if !(math.Abs(got[0][k][i]-x) <= tol) {
				t.Errorf("%v: output %d, %v%v, element %d is %v, want %v, differs by %.3g, tolerance %.3g\n%s", w.dtype, k, v.Node().Op(), v.Dims(), i,
					got[0][k][i], x, got[0][k][i]-x, tol, w.describe())
				break
			}
		}
	}
}

// describe lists the nodes behind the outputs.
func (w *walk) describe() string {
	order, err := op.Topological(w.outputs...)
	if err != nil {
		return err.Error()
	}
	at, text := map[op.Value]int{}, ""
	for i, v := range order {
		at[v] = i
		o, in, _ := v.Def()
		if o == nil {
			text += fmt.Sprintf("%3d %v %v\n", i, v.Node().Name(), v.Dims())
			continue
		}
		from := make([]int, len(in))
		for k, c := range in {
			from[k] = at[c]
		}
		text += fmt.Sprintf("%3d %s%v of %v: %v %v\n", i, op.Name(o), o, from, v.Dtype(), v.Dims())
	}
	return text
}

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
