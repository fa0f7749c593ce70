package cpu_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// fourierStep is a training step of one small 2-D Fourier block with Adam-like updates: every kind of kernel of an FNO.
func fourierStep(t op.Dtype) (g *op.Graph, outputs []op.Value, updates []engine.Update, shapes map[string]op.Dims) {
	g = op.NewGraph()
	const b, nx, ny, c, mx, my = 3, 10, 12, 6, 4, 3
	shapes = map[string]op.Dims{
		"x": op.Of(b, nx, ny, c), "y": op.Of(b, nx, ny, c), "rate": op.Of(),
		"w": op.Of(mx, my, 2, c, c), "dense": op.Of(c, c), "bias": op.Of(c),
	}
	x, y, rate := g.Input("x", t, shapes["x"]), g.Input("y", t, shapes["y"]), g.Input("rate", t, shapes["rate"])
	w, dense, bias := g.Variable("w", t, shapes["w"]), g.Variable("dense", t, shapes["dense"]), g.Variable("bias", t, shapes["bias"])
	v := op.DFT(op.RealDFT(x, my, 1.0/ny), 1, -2, mx, 1.0/nx)
	v = op.CMatMul(v, w, false, false)
	v = op.RealSynthesis(op.Synthesis(v, 1, -2, nx, 1), ny, 1)
	v = op.GELU(op.Add(v, op.Add(op.MatMul(x, dense, false, false), bias)))
	diff := op.Sub(v, y)
	loss := op.MeanAll(op.Mul(diff, diff))
	params := []op.Value{w, dense, bias}
	outputs = []op.Value{loss}
	for i, d := range op.Gradients(loss, params...) {
		m := g.Variable("m."+string(rune('a'+i)), t, params[i].Dims())
		next := op.Add(op.Scale(m, .9), op.Scale(d, .1))
		updates = append(updates, engine.Update{Variable: m, Value: next},
			engine.Update{Variable: params[i], Value: op.Sub(params[i], op.Mul(rate, next))})
		outputs = append(outputs, d)
	}
	return g, outputs, updates, shapes
}

func backend(t testing.TB, threads int) *cpu.Backend {
	b, err := cpu.New(cpu.Config{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// steps runs n training steps and returns losses and the final weights.
func steps(t testing.TB, dt op.Dtype, threads, n int) (losses, weights []float64) {
	g, outputs, updates, shapes := fourierStep(dt)
	store := engine.NewStore(backend(t, threads))
	p, err := engine.Compile(g, outputs, updates, store)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"x", "y", "w", "dense", "bias"} {
		data := make([]float64, shapes[name].Size())
		for i := range data {
			data[i] = rnd.NormFloat64()
		}
		if _, isVar := store.Var(name); isVar {
			err = store.Set(name, data)
		} else {
			err = engine.Feed(p, name, data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	engine.Feed(p, "rate", []float64{.5})
	for range n {
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		l, err := p.Scalar(0)
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, l)
	}
	weights, err = store.Get("w")
	if err != nil {
		t.Fatal(err)
	}
	return losses, weights
}

func TestThreadsGiveEqualBits(t *testing.T) {
	for _, dt := range []op.Dtype{op.Float32, op.Float64} {
		l1, w1 := steps(t, dt, 1, 10)
		if !(l1[9] < l1[0]) {
			t.Errorf("%v: loss went from %v to %v", dt, l1[0], l1[9])
		}
		for _, threads := range []int{2, 3, 8} {
			l, w := steps(t, dt, threads, 10)
			if !slices.Equal(l, l1) || !slices.Equal(w, w1) {
				t.Errorf("%v: %d threads differ from one", dt, threads)
			}
		}
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	g, outputs, updates, _ := fourierStep(op.Float32)
	p, err := engine.Compile(g, outputs, updates, engine.NewStore(backend(t, 2)))
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(20, func() { p.Run() }); n != 0 {
		t.Errorf("%v allocations per run", n)
	}
}

func TestSinglePrecisionFollowsDouble(t *testing.T) {
	l32, _ := steps(t, op.Float32, 2, 5)
	l64, _ := steps(t, op.Float64, 2, 5)
	for i := range l32 {
		if d := math.Abs(l32[i]-l64[i]) / l64[i]; !(d < 1e-5) {
			t.Errorf("step %d: losses %v and %v", i, l32[i], l64[i])
		}
	}
}

func TestCostIsKnownBeforeRunning(t *testing.T) {
	g, outputs, updates, _ := fourierStep(op.Float32)
	p, err := engine.Compile(g, outputs, updates, engine.NewStore(backend(t, 1)))
	if err != nil {
		t.Fatal(err)
	}
	c := p.Cost()
	if c.FLOPs < 1e5 || c.Bytes == 0 || c.Arena == 0 || c.Variables == 0 || c.Steps > 60 {
		t.Errorf("cost %v", c)
	}
	t.Log(c)
}
