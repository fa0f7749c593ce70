package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

// deferring is a backend whose launches are done when somebody waits for them, and whose buffers hold two runs.
type deferring struct {
	engine.Backend
	launched []int // runs of each launch
	pending  []func() error
}

func (d *deferring) Build(steps []engine.Step) (engine.Runner, error) {
	p, err := d.Backend.Build(steps)
	return &deferred{d: d, program: p}, err
}

type deferred struct {
	d               *deferring
	program         engine.Runner
	inputs, outputs []engine.Operand
	slots           [2][2][]byte
	next            int
}

// Run implements engine.Runner.
func (r *deferred) Run() error {
	if err := r.d.work(); err != nil {
		return err
	}
	return r.program.Run()
}

// work does what waits.
func (d *deferring) work() error {
	for len(d.pending) > 0 {
		f := d.pending[0]
		d.pending = d.pending[1:]
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (r *deferred) Repeat(inputs, outputs []engine.Operand) (engine.Repeat, error) {
	r.inputs, r.outputs = inputs, outputs
	for i := range r.slots {
		for j := range r.slots[i] {
			r.slots[i][j] = make([]byte, len(inputs)*engine.Alignment)
		}
	}
	return r, nil
}

func (r *deferred) Capacity() int     { return len(r.slots[0]) }
func (r *deferred) Slot(i int) []byte { return r.slots[r.next][i] }

func (r *deferred) Launch(n int) (func() ([]byte, error), error) {
	slots := r.slots[r.next]
	r.next = 1 - r.next
	r.d.launched = append(r.d.launched, n)
	var left []byte
	r.d.pending = append(r.d.pending, func() error {
		for _, slot := range slots[:n] {
			for i, o := range r.inputs {
				o.Memory.Write(o.Offset, slot[i*engine.Alignment:][:o.Bytes()])
			}
			if err := r.program.Run(); err != nil {
				return err
			}
			for _, o := range r.outputs {
				b := make([]byte, engine.Alignment)
				o.Memory.Read(o.Offset, b[:o.Bytes()])
				left = append(left, b...)
			}
		}
		return nil
	})
	return func() ([]byte, error) {
		err := r.d.work()
		return left, err
	}, nil
}

// sums are two programs on one variable s: add returns s + x and lets it be the new s, double returns s and doubles it.
func sums(t *testing.T, ahead bool) (add, double *engine.Program, store *engine.Store, d *deferring) {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	d = &deferring{Backend: b}
	store = engine.NewStore(b)
	if ahead {
		store = engine.NewStore(d)
	}
	build := func(f func(g *op.Graph, s op.Value) (out, next op.Value)) *engine.Program {
		g := op.NewGraph()
		s := g.Variable("s", op.Float32, op.Of(1))
		out, next := f(g, s)
		p, err := engine.Compile(g, []op.Value{out}, []engine.Update{{Variable: s, Value: next}}, store)
		if err == nil {
			err = p.Ahead()
		}
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	add = build(func(g *op.Graph, s op.Value) (op.Value, op.Value) {
		sum := op.Add(s, op.Mul(g.Input("x", op.Float32, op.Of(1)), g.Input("factor", op.Float32, op.Of(1))))
		return op.Scale(sum, 1), sum
	})
	double = build(func(g *op.Graph, s op.Value) (op.Value, op.Value) { return op.Scale(s, 1), op.Scale(s, 2) })
	return add, double, store, d
}

// TestRunsAheadKeepTheirOrder: runs of two programs that share a variable give, and are handed over, as if each had been waited for;
// an input that is not fed again keeps its value, also when it was fed between runs of the other program.
func TestRunsAheadKeepTheirOrder(t *testing.T) {
	results := func(ahead bool) (list []string, d *deferring) {
		add, double, store, d := sums(t, ahead)
		note := func(name string) func(engine.Outputs) error {
			return func(o engine.Outputs) error {
				v, err := o.Scalar(0)
				list = append(list, fmt.Sprint(name, v))
				return err
			}
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(engine.Feed(add, "factor", []float64{1}))
		for i := range 12 {
			if i != 5 {
				must(engine.Feed(add, "x", []float32{float32(i)}))
			}
			if i == 8 {
				must(engine.Feed(add, "factor", []float64{3}))
			}
			if i%4 == 2 {
				must(double.Start(note("double ")))
			}
			if i == 9 {
				v, err := store.Get("s")
				must(err)
				list = append(list, fmt.Sprint("read ", v))
			}
			must(add.Start(note("add ")))
		}
		must(store.Wait())
		return list, d
	}
	want, _ := results(false)
	got, d := results(true)
	// what is read in between is not handed over in order
	reading := func(s string) bool { return s[0] == 'r' }
	if read := slices.IndexFunc(want, reading); read < 0 || !slices.Contains(got, want[read]) {
		t.Errorf("reading in between: %v, want %v", got, want)
	}
	want, got = slices.DeleteFunc(want, reading), slices.DeleteFunc(got, reading)
	if !slices.Equal(got, want) {
		t.Errorf("ahead:\n%v, want\n%v", got, want)
	}
	if !slices.Contains(d.launched, 2) {
		t.Errorf("launches of %v runs: none of two", d.launched)
	}
}

// TestNothingIsHandedOverAfterAnError: the error of one run ends the handing over of later ones.
func TestNothingIsHandedOverAfterAnError(t *testing.T) {
	for _, ahead := range []bool{false, true} {
		add, _, store, _ := sums(t, ahead)
		broken := errors.New("broken")
		handed := 0
		var err error
		for i := 0; i < 9 && err == nil; i++ {
			err = add.Start(func(engine.Outputs) error {
				if handed++; handed == 4 {
					return broken
				}
				return nil
			})
		}
		if err == nil {
			err = store.Wait()
		}
		if !errors.Is(err, broken) || handed != 4 || store.Wait() != nil || handed != 4 {
			t.Errorf("ahead %v: error %v after %d runs", ahead, err, handed)
		}
	}
}
