package main

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
)

// long is what is followed of predictions and of the truth alike.
type long struct {
	invariants  eval.Invariants
	residuals   *eval.Residuals
	histogram   *eval.Histogram
	correlation *eval.Autocorrelation
	last        int // step, counted from one, before which statistics are not taken
}

// watch prepares what is followed.
func (r *rolled) watch(channel int, spectraAt []int, stride int) error {
	if spectraAt == nil {
		spectraAt = geometric(5, max(r.truth.count, 1))
		if r.steps > r.truth.count {
			spectraAt = append(spectraAt, r.steps)
		}
	}
	grid := r.initial.Grid()
	r.kept = newKept(r.initial.Trajectories(), r.steps, channel, grid)
	if compared := r.truth.count; compared > 0 && compared < r.steps {
		r.kept, r.beyond = newKept(r.initial.Trajectories(), compared, channel, grid), r.kept
	}
	r.spectra = eval.Spectra{Channel: channel, Steps: spectraAt}
	if !periodic(r.set) {
		r.spectra.Steps = nil
		r.notes = append(r.notes, "spectra and correlation in space are for periodic axes")
	}
	low, high := math.Inf(1), math.Inf(-1)
	for at := channel; at < len(r.initial.Data); at += r.initial.Channels() {
		low, high = min(low, float64(r.initial.Data[at])), max(high, float64(r.initial.Data[at]))
	}
	if !(high > low) {
		low, high = low-1, high+1
	}
	margin := (high - low) / 2
	residual, err := residualOf(r.set, r.initial, stride)
	if err != nil {
		r.notes = append(r.notes, "no residual of the equation: "+oneLine(err))
	}
	last := eval.Field[float32]{Shape: append([]int{r.initial.Trajectories(), 1}, r.initial.Shape[2:]...)}
	for b := range r.initial.Trajectories() {
		last.Data = append(last.Data, r.initial.Frame(b, r.initial.Frames()-1).Data...)
	}
	for l, steps := range map[*long]int{&r.predicted: r.steps, &r.stored: r.truth.count} {
		if l.histogram, err = eval.NewHistogram(low-margin, high+margin, histogramBins); err != nil {
			return err
		}
		if periodic(r.set) {
			l.correlation = eval.NewAutocorrelation(grid)
		}
		if residual != nil {
			l.residuals = &eval.Residuals{Of: residual, Steps: geometric(residualSteps, max(steps, 1))}
			if err := l.residuals.Add(leading(last, residualTrajectories)); err != nil {
				return err
			}
		}
		l.last = steps - steps/2
		if err := l.invariants.Add(last); err != nil {
			return err
		}
	}
	return nil
}

// leading are the first n trajectories of a frame.
func leading(f eval.Field[float32], n int) eval.Field[float32] {
	n = min(n, f.Trajectories())
	shape := slices.Clone(f.Shape)
	shape[0] = n
	return eval.Field[float32]{Data: f.Data[:points(shape)], Shape: shape}
}

// add follows a step.
func (l *long) add(step int, f eval.Field[float32], channel int) error {
	if err := l.invariants.Add(f); err != nil {
		return err
	}
	if l.residuals != nil {
		if err := l.residuals.Add(leading(f, residualTrajectories)); err != nil {
			return err
		}
	}
	if step < l.last {
		return nil
	}
	eval.AddField(l.histogram, f, channel)
	if l.correlation != nil {
		for b := range min(residualTrajectories, f.Trajectories()) {
			l.correlation.Add(f.Space(b, 0, channel))
		}
	}
	return nil
}

// periodic reports that no axis is known to end.
func periodic(set *datasets.Set) bool {
	for _, a := range set.Meta.Axes {
		if a.Low != "" && a.Low != datasets.Periodic || a.High != "" && a.High != datasets.Periodic {
			return false
		}
	}
	return len(space(set)) > 0
}

// residualOf holds frames against the solver that the set was generated with, on the stored points.
func residualOf(set *datasets.Set, f eval.Field[float32], stride int) (eval.ResidualFunc, error) {
	var recipe datasets.Recipe
	if set.Meta.Recipe == "" {
		return nil, usagef("the data do not say which equation they solve")
	}
	if err := json.Unmarshal([]byte(set.Meta.Recipe), &recipe); err != nil {
		return nil, err
	}
	recipe.Points = slices.Min(f.Grid())
	recipe.Solver.Points = recipe.Points
	step, err := recipe.Stepper(stride)
	if err != nil {
		return nil, err
	}
	return func(dst, before, after []float64) {
		copy(dst, before)
		step.Step(dst)
		for i := range dst {
			dst[i] = after[i] - dst[i]
		}
	}, nil
}

// geometric are about count steps from 1 to last in equal ratios.
func geometric(count, last int) []int {
	var steps []int
	for i := range count {
		s := int(math.Round(math.Pow(float64(last), float64(i)/float64(max(count-1, 1)))))
		if len(steps) == 0 || s > steps[len(steps)-1] {
			steps = append(steps, s)
		}
	}
	return steps
}
