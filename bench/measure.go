package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

const defaultRepeat = 9

// Options says how to measure.
type Options struct {
	Repeat     int                    // samples; 0: nine
	CPU        cpu.Config             // the threads, where the entry does not set them, and the instructions
	Device     string                 // its name, "cuda"; "": the CPU
	Open       func() (Device, error) // opens the device; nil: the CPU
	Against    []string               // rivals
	Python     string                 // the interpreter that has them
	Executable string                 // the program itself, for what runs in a process of its own

	values   string                       // the file of what an entry that trains starts from
	roofline func(simd.Set, int) Roofline // measures the machine; nil: measureRoofline
}

// Result is what was measured: times in milliseconds of one step, memory in bytes.
type Result struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
	Times
	Double        *Times           `json:"float64,omitempty"`          // of a solver
	CellSteps     float64          `json:"cell_steps_per_s,omitempty"` // of a solver
	OneThread     float64          `json:"one_thread_ms,omitempty"`    // the median with one thread, where Suite measured it
	Repeat        int              `json:"repeat"`
	Threads       int              `json:"threads"`
	Backend       string           `json:"backend,omitempty"`
	FLOPs         int64            `json:"flops"` // of the floor
	Bytes         int64            `json:"bytes"` // of the floor
	GFLOPS        float64          `json:"gflops"`
	FloorMS       float64          `json:"floor_ms"`
	RooflineShare float64          `json:"roofline_share"` // floor by median
	Roofline      *Roofline        `json:"roofline,omitempty"`
	BytesPeak     int64            `json:"bytes_peak"`    // that the program plans
	ResidentPeak  int64            `json:"resident_peak"` // of the process while it steps
	Allocations   int64            `json:"allocs_per_step"`
	Cost          *engine.Cost     `json:"cost,omitempty"` // what the program does
	Losses        []float64        `json:"losses,omitempty"`
	Check         *Check           `json:"check,omitempty"`
	OthersLoad    float64          `json:"others_load"` // share of the cores that other processes used meanwhile; 0 where unknown
	Rivals        map[string]Rival `json:"rivals"`
}

// Busy reports that so much of the machine was used by others that the times say little.
func (r Result) Busy() bool { return r.OthersLoad > .05 }

// Measure checks and times one entry.
func Measure(ctx context.Context, e Entry, o Options) (Result, error) {
	switch {
	case e.Solver != nil:
		return measureSolver(ctx, e, o)
	case e.Timed == nil:
		return measureStart(ctx, e, o)
	}
	o.CPU.Threads = cmp.Or(e.Threads, o.CPU.Threads, runtime.GOMAXPROCS(0))
	b, err := o.open()
	if err != nil {
		return Result{}, fmt.Errorf("bench: %w", err)
	}
	defer b.Close()
	ok, err := check(ctx, b, e.Small)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", e.Name, err)
	}
	p, err := open(b, e.Timed)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", e.Name, err)
	}
	r := Result{Name: e.Name, Doc: e.Doc, Threads: o.CPU.Threads, Backend: b.Name(), Check: &ok}
	before, err := o.limits(b)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", e.Name, err)
	}
	var ours []float64
	if len(o.Against) > 0 && e.isTraining() {
		if ours, o.values, err = firstLosses(ctx, o, e.Timed); err != nil {
			return Result{}, fmt.Errorf("%s: %w", e.Name, err)
		}
		defer os.Remove(o.values)
	}
	forgetPeak() // of what went into values and the check
	first, err := p.warm(ctx, &r)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", e.Name, err)
	}
	if err := r.race(ctx, e.Timed, o, ours, p); err != nil {
		return Result{}, fmt.Errorf("%s: %w", e.Name, err)
	}
	r.ResidentPeak = peakResident()
	if err := p.judge(&r, first); err != nil {
		return Result{}, fmt.Errorf("%s: %w", e.Name, err)
	}
	after, err := o.limits(b)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", e.Name, err)
	}
	r.judge(e.Timed.Floor(), before.orBetter(after))
	return r, nil
}

// judge compares the time with the floor.
func (r *Result) judge(floor Floor, roof Roofline) {
	r.FLOPs, r.Bytes, r.Roofline = floor.FLOPs, floor.Bytes, &roof
	r.GFLOPS, r.FloorMS = float64(floor.FLOPs)/1e6/r.Median, 1e3*roof.Seconds(floor)
	r.RooflineShare = r.FloorMS / r.Median
}

// open compiles a problem and gives it its values.
func open(b engine.Backend, problem Problem) (*program, error) {
	c, err := problem.Build()
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	p, err := compile(b, c)
	if err != nil {
		return nil, err
	}
	return p, p.load(c)
}

// warm makes the first steps, counts what they allocate, and returns the first loss.
func (p *program) warm(ctx context.Context, r *Result) (float64, error) {
	if _, err := p.Step(ctx, 1); err != nil {
		return 0, err
	}
	first, err := p.loss()
	if err != nil {
		return 0, err
	}
	r.Allocations, err = allocated(ctx, p)
	cost := p.Cost()
	r.Cost, r.BytesPeak = &cost, cost.Peak()
	return first, err
}

// judge looks at what the steps left: finite outputs and a loss below the first.
func (p *program) judge(r *Result, first float64) error {
	if err := p.finite(); err != nil {
		return err
	}
	last, err := p.loss()
	if err != nil || !p.falls {
		return err
	}
	if !(last < first) {
		return fmt.Errorf("bench: the loss went from %v to %v", first, last)
	}
	r.Losses = []float64{first, last}
	return nil
}

// race lets ours and the rivals that there are step in turns, but for those whose first losses are others than ours. A second one of
// ours is the same work in float64.
func (r *Result) race(ctx context.Context, work Work, o Options, losses []float64, ours ...contestant) error {
	r.Repeat, r.Rivals = cmp.Or(o.Repeat, defaultRepeat), map[string]Rival{}
	all := slices.Clone(ours)
	var rivals []*rival
	curves := map[string]*Curve{}
	for _, name := range o.Against {
		v, err := startRival(ctx, o, name, work, r.Threads)
		if err != nil {
			return err
		}
		if v.hello.Missing != "" {
			r.Rivals[name] = Rival{Missing: v.hello.Missing}
			continue
		}
		curve, differs := compare(losses, v.hello.Losses)
		if differs != "" {
			v.end()
			r.Rivals[name] = Rival{Missing: fmt.Sprintf("no time of %s: %s", r.Name, differs)}
			continue
		}
		curves[name] = curve
		defer v.end()
		rivals, all = append(rivals, v), append(all, v)
	}
	var pids []int
	for _, v := range rivals {
		pids = append(pids, v.cmd.Process.Pid)
	}
	before, unknown := readUsage(pids...)
	times, err := compete(ctx, r.Repeat, all)
	if err != nil {
		return err
	}
	if after, err := readUsage(pids...); unknown == nil && err == nil {
		r.OthersLoad = before.others(after)
	}
	r.Times = times[0]
	if len(ours) > 1 {
		r.Double = &times[1]
	}
	for i, v := range rivals {
		peak, err := v.close(ctx)
		if err != nil {
			return err
		}
		t := &times[len(ours)+i]
		r.Rivals[v.name] = Rival{Times: t, Version: v.hello.Version, Variant: v.hello.Variant, Curve: curves[v.name], Ratio: t.Median / r.Median, BytesPeak: peak}
	}
	return nil
}
