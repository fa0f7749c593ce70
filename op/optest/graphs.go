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
