package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// isProblem tells whether an experiment solves a boundary value problem instead of learning from data.
func (c Config) isProblem() bool { return len(c.Problem.Equations) > 0 }

// trainProblem solves a boundary value problem.
func (a *app) trainProblem(ctx context.Context, c Config, o trainOptions) error {
	backend, err := openBackend(c.Device, c.Threads)
	if err != nil {
		return err
	}
	defer backend.Close()
	s := train.PINNSetup{Config: c.Train, Problem: c.Problem, Network: c.Model, Seed: c.Seed, Backend: backend, LRScale: o.scale}
	if s.Precision, err = op.ParseDtype(c.Precision); err != nil {
		return inUsage(err)
	}
	if c.Problem.Reference.File != "" && c.Problem.Data.Points > 0 {
		reference, err := openReference(c)
		if err != nil {
			return err
		}
		s.Reference = reference.nearest
	}
	progress := a.newTrainProgress("train " + c.Name)
	s.Observe = progress.observe
	solver, err := train.NewPINN(s)
	if err != nil {
		return err
	}
	if o.dryRun {
		cost, err := solver.Plan()
		if err != nil {
			return err
		}
		return a.print(map[string]any{"parameters": solver.Parameters(), "step": cost, "bytes_peak": cost.Peak()},
			fmt.Sprintf("parameters  %d\nloss and gradient %v\n", solver.Parameters(), cost))
	}
	if o.run == "" {
		o.run = filepath.Join("runs", c.Name)
	}
	if solver.Folder, err = openRunFolder(c, o, backend.Name(), nil); err != nil {
		return err
	}
	if err := keepChoices(backend, o.run); err != nil {
		return err
	}
	a.logf("solving %s in %s: %d parameters on %s", c.Name, o.run, solver.Parameters(), backend.Name())
	err = solver.Run(ctx)
	progress.end()
	seconds, timeErr := addTime(solver.Folder, time.Since(progress.begun))
	if err := errors.Join(err, timeErr); err != nil {
		return err
	}
	return a.reportSolving(o.run, progress, seconds)
}

// reportSolving prints what train prints, in other words.
func (a *app) reportSolving(run string, p *trainProgress, seconds float64) error {
	r := trainReport{Run: run, Steps: p.last.Step, Epochs: p.last.Epoch + 1, Loss: number(p.last.Loss), Seconds: seconds}
	if p.last.Step == 0 {
		return a.print(r, fmt.Sprintf("%s was complete already\n", run))
	}
	if best := number(p.last.Valid); best == best {
		r.Best = &best
	}
	return a.print(r, fmt.Sprintf("%s: %d steps in %v, last loss %.3g; see kolmogo eval %[1]s\n", run, r.Steps, round(time.Since(p.begun)), r.Loss))
}

// problemReport is eval.json of a problem and what --json prints.
type problemReport struct {
	Run          string            `json:"run"`
	Reference    string            `json:"reference"`
	N            int               `json:"n"` // points
	Metrics      map[string]number `json:"metrics"`
	Coefficients map[string]number `json:"coefficients,omitempty"` // of the equations, that were sought
	Hidden       map[string]string `json:"hidden,omitempty"`       // formulas read from hidden terms
	Couplings    [][]string        `json:"couplings,omitempty"`    // of subdomains, that a bandit chose, by phase
	Step         int               `json:"step"`
}

// evalProblem compares a solution with its reference.
func (a *app) evalProblem(folder string, c Config, o evalOptions) error {
	if o.data != "" {
		c.Problem.Reference.File = o.data
	}
	solution, backend, err := openSolution(folder, c, o.runOptions)
	if err != nil {
		return err
	}
	defer backend.Close()
	points, want, source, err := judged(c, solution.Model)
	if err != nil {
		return err
	}
	got, err := solution.At(points)
	if err != nil {
		return err
	}
	r := problemReport{Run: folder, Reference: source, N: len(points) / len(c.Problem.Coordinates), Metrics: map[string]number{}, Couplings: solution.Bandit.Used, Step: solution.Step}
	addErrors(r.Metrics, solution.Model.Quantities, got, want)
	coefficients, err := solution.Coefficients()
	if err != nil {
		return err
	}
	for name, v := range coefficients {
		if r.Coefficients == nil {
			r.Coefficients = map[string]number{}
		}
		r.Coefficients[name] = number(v)
		if truth, ok := c.Problem.Reference.Parameters[name]; ok {
			r.Metrics["error."+name] = number(math.Abs(v-float64(truth)) / math.Abs(float64(truth)))
		}
	}
	if err := r.addHidden(solution, points); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(folder, "eval.json"), r); err != nil {
		return err
	}
	if o.report != "" {
		if err := a.reportProblem(folder, c, o.report, r, solution, points, got, want); err != nil {
			return err
		}
	}
	return a.print(r, r.text())
}

// openSolution opens the solution of a run's best checkpoint, on a device that the caller closes.
func openSolution(folder string, c Config, o runOptions) (*train.Solution, backend, error) {
	path, err := checkpointPath(folder, o.checkpoint)
	if err != nil {
		return nil, nil, err
	}
	b, err := openBackend(o.device, o.threads)
	if err != nil {
		return nil, nil, err
	}
	if err := keepChoices(b, folder); err != nil {
		b.Close()
		return nil, nil, err
	}
	solution, err := train.OpenSolution(path, c.Problem, c.Model, b)
	if err != nil {
		b.Close()
		return nil, nil, inData(err)
	}
	return solution, b, nil
}

// judged is where a solution is compared, with the reference there and what that is.
func judged(c Config, m *pinn.Model) (points, want []float64, source string, err error) {
	if c.Problem.Reference.File != "" {
		r, err := openReference(c)
		if err != nil {
			return nil, nil, "", err
		}
		return r.points, r.values, c.Problem.Reference.File, nil
	}
	points, want, err = m.Judged()
	return points, want, cmp.Or(c.Problem.Reference.Solver, "formula"), inUsage(err)
}

// addErrors adds ‖u − w‖/‖w‖ and max |u − w| over all quantities, and for several by each.
func addErrors(metrics map[string]number, quantities []string, got, want []float64) {
	k := len(quantities)
	errorsOf := func(from, step int) (relative, largest number) {
		d, w, most := 0.0, 0.0, 0.0
		for i := from; i < len(want); i += step {
			e := got[i] - want[i]
			d, w = d+e*e, w+want[i]*want[i]
			if a := math.Abs(e); a > most || math.IsNaN(a) {
				most = a
			}
		}
		return number(math.Sqrt(d / w)), number(most)
	}
	metrics["rel_l2"], metrics["max_error"] = errorsOf(0, 1)
	for i := 0; k > 1 && i < k; i++ {
		metrics["rel_l2."+quantities[i]], metrics["max_error."+quantities[i]] = errorsOf(i, k)
	}
}

func (r problemReport) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at step %d, %d points of the reference (%s)\n\n", r.Run, r.Step, r.N, r.Reference)
	for _, name := range slices.Sorted(maps.Keys(r.Metrics)) {
		fmt.Fprintf(&b, "%-16s %.4g\n", name, r.Metrics[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.Coefficients)) {
		fmt.Fprintf(&b, "%-16s %.6g\n", name, r.Coefficients[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.Hidden)) {
		fmt.Fprintf(&b, "%-16s %s\n", name, r.Hidden[name])
	}
	b.WriteString(r.banditText())
	return b.String()
}
