package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Solver is the work of an entry that advances an equation in time. Its fields go to the rivals as JSON.
type Solver interface {
	Work
	// prepare checks the method and makes it ready to run.
	prepare(set simd.Set, threads int) (solving, error)
	Floor() Floor
}

// solving is a Solver at work.
type solving struct {
	single, double contestant // in float32, nil where there is none, and in float64
	check          Check
	steps          int // of a trajectory in time, that a step makes
	cells          int // of a trajectory
}

// run is the contestant that advances one state, always from its beginning.
type run[T simd.Float] struct {
	step     func(u []T)
	u, first []T
}

// Step implements contestant.
func (r run[T]) Step(ctx context.Context, n int) (time.Duration, error) {
	begin := time.Now()
	for range n {
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("bench: %w", err)
		}
		copy(r.u, r.first)
		r.step(r.u)
	}
	elapsed := time.Since(begin)
	for i, v := range r.u {
		if d := float64(v); math.IsNaN(d) || math.IsInf(d, 0) {
			return 0, fmt.Errorf("bench: element %d of the solution is %v", i, v)
		}
	}
	return elapsed / time.Duration(n), nil
}

// measureSolver times a solver in float32 and in float64, beside its rivals.
func measureSolver(ctx context.Context, e Entry, o Options) (Result, error) {
	if o.Open != nil {
		return Result{}, fmt.Errorf("%s: bench: solvers run on the CPU alone", e.Name)
	}
	r := Result{Name: e.Name, Doc: e.Doc, Threads: cmp.Or(e.Threads, o.CPU.Threads, runtime.GOMAXPROCS(0))}
	set, err := simd.Best(o.CPU.Instructions)
	if err != nil {
		return r, fmt.Errorf("bench: %w", err)
	}
	r.Backend = "cpu " + set.F32.Name
	o.CPU.Threads = r.Threads
	before, err := o.limits(nil)
	if err != nil {
		return r, fmt.Errorf("%s: %w", e.Name, err)
	}
	s, err := e.Solver.prepare(set, r.Threads)
	if err != nil {
		return r, fmt.Errorf("%s: %w", e.Name, err)
	}
	r.Check = &s.check
	if !(s.check.Difference <= s.check.Tolerance) {
		return r, fmt.Errorf("%s: bench: the solution is wrong by %.3g, allowed are %.3g", e.Name, s.check.Difference, s.check.Tolerance)
	}
	ours := []contestant{s.single, s.double}
	if s.single == nil {
		ours = ours[1:]
	}
	forgetPeak()
	for _, c := range ours {
		_, err = c.Step(ctx, 1)
		if err != nil {
			return r, fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	if r.Allocations, err = allocated(ctx, ours[0]); err != nil {
		return r, fmt.Errorf("%s: %w", e.Name, err)
	}
	err = r.race(ctx, e.Solver, o, nil, ours...)
	after, failed := o.limits(nil)
	if err := errors.Join(err, failed); err != nil {
		return r, fmt.Errorf("%s: %w", e.Name, err)
	}
	r.ResidentPeak = peakResident()
	r.judge(e.Solver.Floor(), before.orBetter(after))
	r.perSecond(s)
	return r, nil
}

// perSecond says how many steps of a trajectory in time all contestants make in a second.
func (r *Result) perSecond(s solving) {
	rate := func(t *Times) { t.StepsPerSecond = 1e3 * float64(s.steps) / t.Median }
	rate(&r.Times)
	r.CellSteps = r.StepsPerSecond * float64(s.cells)
	if r.Double != nil {
		rate(r.Double)
	}
	for _, v := range r.Rivals {
		if v.Times != nil {
			rate(v.Times)
		}
	}
}
