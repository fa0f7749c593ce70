//go:build gpu

package cuda_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// trainer is a training step of a small 2-D Fourier block with Adam, on a backend.
type trainer struct {
	*engine.Program
	store *engine.Store
}

// newTrainer compiles the step and sets weights and data, the same on every backend.
func newTrainer(t testing.TB, b engine.Backend, dt op.Dtype) trainer {
	t.Helper()
	const batch, nx, ny, c, mx, my = 3, 10, 12, 6, 4, 3
	g := op.NewGraph()
	x, y := g.Input("x", dt, op.Of(batch, nx, ny, c)), g.Input("y", dt, op.Of(batch, nx, ny, c))
	params := []op.Value{g.Variable("w", dt, op.Of(mx, my, 2, c, c)), g.Variable("dense", dt, op.Of(c, c)), g.Variable("bias", dt, op.Of(c))}
	v := op.DFT(op.RealDFT(x, my, 1.0/ny), 1, -2, mx, 1.0/nx)
	v = op.CMatMul(v, params[0], false, false)
	v = op.RealSynthesis(op.Synthesis(v, 1, -2, nx, 1), ny, 1)
	v = op.GELU(op.Add(v, op.Add(op.MatMul(x, params[1], false, false), params[2])))
	diff := op.Sub(v, y)
	loss := op.MeanAll(op.Mul(diff, diff))
	var updates []engine.Update
	for i, d := range op.Gradients(loss, params...) {
		m, q := g.Variable(fmt.Sprint("m", i), dt, params[i].Dims()), g.Variable(fmt.Sprint("q", i), dt, params[i].Dims())
		m1 := op.Add(op.Scale(m, .9), op.Scale(d, .1))
		q1 := op.Add(op.Scale(q, .99), op.Scale(op.Mul(d, d), .01))
		next := op.Sub(params[i], op.Scale(op.Div(m1, op.Affine(op.Sqrt(q1), 1, 1e-3)), .02))
		updates = append(updates, engine.Update{Variable: m, Value: m1}, engine.Update{Variable: q, Value: q1}, engine.Update{Variable: params[i], Value: next})
	}
	store := engine.NewStore(b)
	p, err := engine.Compile(g, []op.Value{loss}, updates, store)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) []float64 {
		data := make([]float64, n)
		for i := range data {
			data[i] = rnd.NormFloat64()
		}
		return data
	}
	for _, v := range params {
		leaf, _ := v.Leaf()
		if err := store.Set(leaf.Name, draw(v.Dims().Size())); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []op.Value{x, y} {
		leaf, _ := v.Leaf()
		if err := engine.Feed(p, leaf.Name, draw(v.Dims().Size())); err != nil {
			t.Fatal(err)
		}
	}
	return trainer{p, store}
}

// train runs n steps and returns their losses.
func (p trainer) train(t testing.TB, n int) []float64 {
	t.Helper()
	losses := make([]float64, n)
	for i := range losses {
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		var err error
		if losses[i], err = p.Scalar(0); err != nil {
			t.Fatal(err)
		}
	}
	return losses
}

// state is the exact content of all variables.
func (p trainer) state(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, name := range p.store.Names() {
		b, err := p.store.ReadBytes(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = b
	}
	return all
}

func (p trainer) restore(t testing.TB, state map[string][]byte) {
	t.Helper()
	for name, b := range state {
		if err := p.store.WriteBytes(name, b); err != nil {
			t.Fatal(err)
		}
	}
}

func onCPU(t testing.TB) engine.Backend {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tol*math.Abs(want[i])) {
			t.Errorf("%s, step %d: loss %v, want %v within %v", what, i, got[i], want[i], tol)
			return
		}
	}
}

var tolerance = map[op.Dtype]float64{op.Float32: 1e-5, op.Float64: 1e-12}

// TestTrainingFollowsTheCPU: 40 steps give the CPU's losses within rounding, and the same bits each time.
func TestTrainingFollowsTheCPU(t *testing.T) {
	for dt, tol := range tolerance {
		want := newTrainer(t, onCPU(t), dt).train(t, 40)
		if !(want[39] < 0.8*want[0]) {
			t.Fatalf("%v: the loss goes from %v to %v", dt, want[0], want[39])
		}
		got := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt).train(t, 40)
		near(t, dt.String(), got, want, tol)
		again := newTrainer(t, open(t, sim.Config{Order: 2}, cuda.Config{}), dt).train(t, 40)
		if !slices.Equal(got, again) {
			t.Errorf("%v: a second run differs", dt)
		}
	}
}

// TestRunIsOneLaunch: a step is one launch of one graph, whatever it is made of.
func TestRunIsOneLaunch(t *testing.T) {
	simulated(t, sim.Config{})
	p := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), op.Float32)
	p.train(t, 5)
	if n := sim.Counts(); n.Launches != 0 || n.Graphs != 5 {
		t.Errorf("5 steps took %+v", n)
	}
	p = newTrainer(t, open(t, sim.Config{}, cuda.Config{Sync: true}), op.Float32)
	p.train(t, 1)
	if n := sim.Counts(); n.Launches < 10 || n.Graphs != 0 {
		t.Errorf("launch by launch, a step took %+v", n)
	}
}

// TestStateGoesBetweenDevices: a run continued on the other device follows the one that stayed, within rounding; on the same device,
// bit for bit.
func TestStateGoesBetweenDevices(t *testing.T) {
	for dt, tol := range tolerance {
		stay := newTrainer(t, onCPU(t), dt)
		whole := stay.train(t, 30)
		moving := newTrainer(t, onCPU(t), dt)
		var losses []float64
		for k := range 3 {
			losses = append(losses, moving.train(t, 10)...)
			state := moving.state(t)
			if k == 0 {
				moving = newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt)
			} else {
				moving = newTrainer(t, onCPU(t), dt)
			}
			moving.restore(t, state)
		}
		near(t, dt.String(), losses, whole, tol)

		first := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt)
		want := first.train(t, 20)
		second := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt)
		second.train(t, 10)
		state := second.state(t)
		third := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt)
		third.restore(t, state)
		if got := third.train(t, 10); !slices.Equal(got, want[10:]) {
			t.Errorf("%v: continued on the same device, the losses are %v, want %v", dt, got, want[10:])
		}
	}
}

// TestOutOfMemorySaysHowMuch: the message gives what is needed and what is there.
func TestOutOfMemorySaysHowMuch(t *testing.T) {
	simulated(t, sim.Config{})
	b := open(t, sim.Config{Memory: 3 << 20}, cuda.Config{})
	if _, err := b.Alloc(1 << 20); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Alloc(4 << 20); !contains(err, "4.2 MB are needed, 2.1 of 3.1 MB are free") {
		t.Errorf("error is %v", err)
	}
	if _, err := b.Alloc(1 << 20); err != nil {
		t.Errorf("after a request that was too large: %v", err)
	}
	before := sim.Used()
	g := op.NewGraph()
	x := g.Input("x", op.Float32, op.Of(1000, 1000))
	if _, err := engine.Compile(g, []op.Value{op.SumAll(op.MatMul(x, x, false, false))}, nil, engine.NewStore(b)); !contains(err, "8.0 MB are needed, 1.0 of 3.1 MB are free") {
		t.Errorf("a program that does not fit: %v", err)
	}
	if used := sim.Used(); used != before {
		t.Errorf("a program that does not fit took %d bytes", used-before)
	}
}

// badProgram runs three kernels, of which the second is to fail.
func badProgram(t *testing.T, b *cuda.Backend) func() error {
	t.Helper()
	m, err := b.Alloc(1024)
	if err != nil {
		t.Fatal(err)
	}
	at := func(offset int) engine.Operand {
		return engine.Operand{Memory: m, Offset: offset, Dtype: op.Float32, Dims: op.Of(2, 3)}
	}
	program, err := b.Build([]engine.Step{
		{Op: op.Reshape{To: op.Of(2, 3)}, In: []engine.Operand{at(0)}, Out: []engine.Operand{at(64)}},
		{Op: op.SoftmaxOp{}, In: []engine.Operand{at(64)}, Out: []engine.Operand{at(128)}},
		{Op: op.Reshape{To: op.Of(2, 3)}, In: []engine.Operand{at(128)}, Out: []engine.Operand{at(192)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return program.Run
}

// TestFaultIsReported: after a fault, which a graph shows late, the next call fails and points to the way to find the kernel; launch
// by launch the kernel is named.
func TestFaultIsReported(t *testing.T) {
	simulated(t, sim.Config{})
	run := badProgram(t, open(t, sim.Config{Late: true}, cuda.Config{}))
	sim.Fault("softmax_f32")
	first, second := run(), run()
	if first != nil || !contains(second, "KOLMOGO_CUDA_SYNC=1") {
		t.Errorf("errors are %v and %v", first, second)
	}
	run = badProgram(t, open(t, sim.Config{}, cuda.Config{Sync: true}))
	sim.Fault("softmax_f32")
	if err := run(); !contains(err, "kernel softmax_f32, launch 2 of 3") {
		t.Errorf("error is %v", err)
	}
	if err := run(); err == nil {
		t.Error("the device works again after a fault")
	}
}

// TestFusedChains: kernels made of the chains, alone and as epilogues of products, give what the interpreter gives in fewer launches.
func TestFusedChains(t *testing.T) {
	compile, err := sim.Compiler(t.TempDir())
	if onDevice {
		if compile, err = cuda.NVRTC(nil, nil); err != nil {
			t.Skip(err)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	images, asked := map[string][]byte{}, 0
	once := func(source, name string) (image []byte, err error) {
		if asked++; images[name] == nil {
			images[name], err = compile(source, name)
		}
		return images[name], err
	}
	launches := func(dt op.Dtype, c cuda.Config) int {
		if onDevice {
			return 0
		}
		c.Sync = true
		p := newTrainer(t, open(t, sim.Config{}, c), dt)
		before := sim.Counts().Launches
		p.train(t, 1)
		return sim.Counts().Launches - before
	}
	for dt, tol := range tolerance {
		want := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt).train(t, 10)
		b := open(t, sim.Config{}, cuda.Config{Compile: once})
		before := asked
		near(t, dt.String(), newTrainer(t, b, dt).train(t, 10), want, tol)
		first := asked
		newTrainer(t, b, dt)
		if asked != first || first == before {
			t.Errorf("%v: %d kernels were made for the first program, %d for an equal second one", dt, first-before, asked-first)
		}
		if apart, fused := launches(dt, cuda.Config{}), launches(dt, cuda.Config{Compile: once}); !onDevice && fused != apart-3 {
			t.Errorf("%v: a step has %d launches, and %d without epilogues", dt, fused, apart)
		}
	}
}
