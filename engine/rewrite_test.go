package engine_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// fill feeds normal numbers to inputs.
func fill(t *testing.T, p *engine.Program, shapes map[string]op.Dims) map[string][]float64 {
	t.Helper()
	rnd := rand.New(rand.NewPCG(7, 8))
	values := map[string][]float64{}
	for name, d := range shapes {
		x := make([]float64, d.Size())
		for i := range x {
			x[i] = rnd.NormFloat64()
		}
		if err := engine.Feed(p, name, x); err != nil {
			t.Fatal(err)
		}
		values[name] = x
	}
	return values
}

// x + A·B and x + (A·B + b) are the product added in place: no kernel and no memory for the sum.
func TestProductsAreAddedInPlace(t *testing.T) {
	const m, k, n = 6, 5, 4
	shapes := map[string]op.Dims{"x": op.Of(m, n), "a": op.Of(m, k), "b": op.Of(k, n), "bias": op.Of(n)}
	for _, biased := range []bool{false, true} {
		g := op.NewGraph()
		in := func(name string) op.Value { return g.Input(name, op.Float64, shapes[name]) }
		y := op.MatMul(in("a"), in("b"), false, false)
		if biased {
			y = op.Add(y, in("bias"))
		}
		x := op.SumOver(op.ReshapeTo(in("x"), op.Of(1, m, n)), op.AxisSet(0)) // an intermediate that nothing else reads
		out := op.Exp(op.Add(x, y))
		p, _ := compile(t, g, []op.Value{out})
		if got := p.Cost().Steps; got != 3 {
			t.Errorf("biased %t: %d kernels, want the sum, the product and one chain", biased, got)
		}
		v := fill(t, p, shapes)
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		got := make([]float64, m*n)
		if err := engine.Output(p, 0, got); err != nil {
			t.Fatal(err)
		}
		for i := range m {
			for j := range n {
				s := v["x"][i*n+j]
				for l := range k {
					s += v["a"][i*k+l] * v["b"][l*n+j]
				}
				if biased {
					s += v["bias"][j]
				}
				if want := math.Exp(s); !(math.Abs(got[i*n+j]-want) <= 1e-13*want) {
					t.Errorf("biased %t: element %d, %d is %v, want %v", biased, i, j, got[i*n+j], want)
				}
			}
		}
	}
}

// A product whose addend is read elsewhere, or is an input, must leave it alone.
func TestSharedAddendsStay(t *testing.T) {
	g := op.NewGraph()
	x, a, b := g.Input("x", op.Float64, op.Of(2, 2)), g.Input("a", op.Float64, op.Of(2, 2)), g.Input("b", op.Float64, op.Of(2, 2))
	e := op.Transpose(x, 1, 0)
	p, _ := compile(t, g, []op.Value{op.Add(e, op.MatMul(a, b, false, false)), e, op.Add(x, op.MatMul(b, a, false, false))})
	for name, v := range map[string][]float64{"x": {1, 2, 3, 4}, "a": {1, 0, 0, 1}, "b": {5, 6, 7, 8}} {
		if err := engine.Feed(p, name, v); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second run would see what the first one spoilt
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		for i, want := range [][]float64{{6, 9, 9, 12}, {1, 3, 2, 4}, {6, 8, 10, 12}} {
			got := make([]float64, 4)
			if err := engine.Output(p, i, got); err != nil {
				t.Fatal(err)
			}
			for j := range want {
				if got[j] != want[j] {
					t.Errorf("output %d is %v, want %v", i, got, want)
					break
				}
			}
		}
	}
}

// The slope 1 − y² of a tanh layer is computed from y where it is read: a network of L layers keeps L activations for its gradient,
// and not their slopes as well.
func TestSlopesAreNotStored(t *testing.T) {
	const layers, points, width = 20, 20000, 16
	g := op.NewGraph()
	x := g.Input("x", op.Float32, op.Of(points, width))
	y := x
	var params []op.Value
	for i := range layers {
		w := g.Variable("w"+string(rune('0'+i)), op.Float32, op.Of(width, width))
		params = append(params, w)
		y = op.Tanh(op.MatMul(y, w, false, false))
	}
	loss := op.MeanAll(op.Mul(y, y))
	p, _ := compile(t, g, append([]op.Value{loss}, op.Gradients(loss, params...)...))
	activation := int64(4 * points * width)
	const most = layers + 10 // what the backend runs interleaved shares no memory
	if got := p.Cost().Arena; got > most*activation {
		t.Errorf("the arena has %d bytes, %.1f activations, want at most %d", got, float64(got)/float64(activation), most)
	}
}

// A gradient is used up as soon as there is one: the memory of the updates does not grow with the number of layers.
func TestGradientsLiveShortly(t *testing.T) {
	const points, width = 256, 1024
	arena := func(layers int) int64 {
		g := op.NewGraph()
		y := g.Input("x", op.Float32, op.Of(points, width))
		var params []op.Value
		for i := range layers {
			w := g.Variable("w"+string(rune('a'+i)), op.Float32, op.Of(width, width))
			params = append(params, w)
			y = op.Tanh(op.MatMul(y, w, false, false))
		}
		loss := op.MeanAll(op.Mul(y, y))
		var updates []engine.Update
		for i, d := range op.Gradients(loss, params...) {
			updates = append(updates, engine.Update{Variable: params[i], Value: op.Sub(params[i], op.Scale(d, .1))})
		}
		p, _ := compile(t, g, []op.Value{loss}, updates...)
		return p.Cost().Arena
	}
	grows := float64(arena(32)-arena(16)) / 16
	if gradient, activation := 4.0*width*width, 4.0*points*width; !(grows <= 1.5*activation) {
		t.Errorf("each layer adds %.0f bytes: an activation has %.0f, a gradient %.0f", grows, activation, gradient)
	}
}

// Of a large GELU layer only the operand is kept for the gradient: activation and slope are made again. The numbers stay the same as
// those of the outputs that force every activation to be stored.
func TestLargeActivationsAreMadeAgain(t *testing.T) {
	const layers, points, width = 5, 52000, 64
	program := func(stored bool) *engine.Program {
		g := op.NewGraph()
		y := g.Input("x", op.Float32, op.Of(points, width))
		var params, activations []op.Value
		for i := range layers {
			w := g.Input("w"+string(rune('a'+i)), op.Float32, op.Of(width, width))
			params = append(params, w)
			y = op.GELU(op.MatMul(y, w, false, false))
			activations = append(activations, y)
		}
		loss := op.MeanAll(op.Mul(y, y))
		outputs := append([]op.Value{loss}, op.Gradients(loss, params...)...)
		if stored {
			outputs = append(outputs, activations...)
		}
		p, _ := compile(t, g, outputs)
		return p
	}
	p, q := program(false), program(true)
	const most = layers + 4 // and some that are at work
	if got, activation := p.Cost().Arena, int64(4*points*width); got > most*activation {
		t.Errorf("the arena has %.1f activations, want at most %d", float64(got)/float64(activation), most)
	}
	shapes := map[string]op.Dims{"x": op.Of(points, width)}
	for i := range layers {
		shapes["w"+string(rune('a'+i))] = op.Of(width, width)
	}
	for _, p := range []*engine.Program{p, q} {
		rnd := rand.New(rand.NewPCG(7, 8))
		for _, name := range slices.Sorted(maps.Keys(shapes)) {
			x := make([]float32, shapes[name].Size())
			for i := range x {
				x[i] = float32(rnd.NormFloat64()) / 8
			}
			if err := engine.Feed(p, name, x); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range layers + 1 {
		n := width * width
		if i == 0 {
			n = 1
		}
		got, want := make([]float32, n), make([]float32, n)
		if err := engine.Output(p, i, got); err != nil {
			t.Fatal(err)
		}
		if err := engine.Output(q, i, want); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("output %d differs from that of the program that stores every activation", i)
		}
	}
}

// An output that is an updated variable, reshaped or not, is the old value, as every other reader sees it.
func TestOutputsOfUpdatedVariables(t *testing.T) {
	g := op.NewGraph()
	w := g.Variable("w", op.Float64, op.Of(2, 2))
	p, store := compile(t, g, []op.Value{w, op.ReshapeTo(w, op.Of(4)), op.Scale(w, 1)}, engine.Update{Variable: w, Value: op.Scale(w, 2)})
	if err := store.Set("w", []float64{1, 2, 3, 4}); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		got := make([]float64, 4)
		if err := engine.Output(p, i, got); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, []float64{1, 2, 3, 4}) {
			t.Errorf("output %d is %v", i, got)
		}
	}
	if now, err := store.Get("w"); err != nil || !slices.Equal(now, []float64{2, 4, 6, 8}) {
		t.Errorf("the variable is %v, %v", now, err)
	}
}

// Updates of what is no variable, of one variable twice and of nothing are errors that say so.
func TestWrongUpdates(t *testing.T) {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	g := op.NewGraph()
	w, x := g.Variable("w", op.Float64, op.Of(2)), g.Input("x", op.Float64, op.Of(2))
	for want, updates := range map[string][]engine.Update{
		"no variable":  {{Variable: x, Value: w}},
		"twice":        {{Variable: w, Value: x}, {Variable: w, Value: op.Scale(x, 2)}},
		"not of nodes": {{Variable: w}},
		"no variable ": {{Variable: op.Scale(w, 2), Value: x}},
	} {
		if _, err := engine.Compile(g, nil, updates, engine.NewStore(b)); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(want)) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// A polynomial with shared parts compiles in no time, however deep it is.
func TestSharedPolynomialsCompile(t *testing.T) {
	g := op.NewGraph()
	y := op.Tanh(g.Input("x", op.Float64, op.Of(8)))
	for range 200 {
		y = op.Mul(y, op.Scale(y, .5))
	}
	compile(t, g, []op.Value{op.SumAll(y)})
}
