package main

import (
	"encoding/json"
	"iter"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
)

// rolled is what is left of a rollout: numbers of every step, and the frames that pictures need. Memory does not grow with the grid times the
// steps, unless the predictions are to be written.
type rolled struct {
	folder     string
	set        *datasets.Set
	truth      truth
	steps      int
	told       func(step int) ([]float32, error) // the conditions of a step; nil for none
	times      []float64                         // of each step; nil where the file has none
	initial    eval.Field[float32]               // [trajectory, history, x.., channel]
	prediction eval.Field[float32]               // [trajectory, steps, x.., channel], if it is to be written

	growth    eval.Growth
	predicted long
	stored    long
	spectra   eval.Spectra
	kept      *kept // of the steps that have a truth, or of all where none has
	beyond    *kept // of all steps where some have no truth; nil: none
	notes     []string
}

// long is what is followed of predictions and of the truth alike.
type long struct {
	invariants  eval.Invariants
	residuals   *eval.Residuals
	histogram   *eval.Histogram
	correlation *eval.Autocorrelation
	last        int // step, counted from one, before which statistics are not taken
}

// rolloutPlan is what is wanted of a rollout.
type rolloutPlan struct {
	n, steps  int
	channel   int
	spectraAt []int // steps; nil: some
	keep      bool  // the predictions, to write them
}

// residualTrajectories are as many as are held against the equation, at residualSteps steps: a solver costs more than a surrogate.
const (
	residualTrajectories = 8
	residualSteps        = 12
	histogramBins        = 200
)

// startRollout reads the first frames of n trajectories, and prepares to compare with those that follow.
func startRollout(run *trained, set *datasets.Set, o rolloutPlan) (*rolled, error) {
	if set.Pairs() {
		return nil, usagef("%s holds pairs, which have no time to roll out in: use eval", set.Path)
	}
	shape := set.Fields.Shape()
	n, steps := o.n, o.steps
	if n == 0 {
		n = shape[0]
	}
	if n > shape[0] {
		return nil, usagef("--n %d: there are %d trajectories", n, shape[0])
	}
	window := run.config.Data.Window
	history, stride := max(window.History, 1), max(window.Stride, 1)
	if shape[1] < 1+(history-1)*stride {
		return nil, usagef("%s holds %d frames, the surrogate begins with %d, each %d after the one before", set.Path, shape[1], history, stride)
	}
	stored := (shape[1]-1)/stride + 1 - history
	if steps == 0 {
		steps = stored
	}
	if steps == 0 {
		return nil, usagef("%s holds no frame after those that the surrogate begins with: give --steps", set.Path)
	}
	r := &rolled{folder: run.folder, set: set, steps: steps}
	r.truth = truth{fields: set.Fields, n: n, first: history * stride, stride: stride, count: min(stored, steps)}
	r.times = stepTimes(set.Meta.Times, (history-1)*stride, stride, steps)
	told, err := set.Conditions(run.config.Data.Condition, stride)
	if err != nil {
		return nil, inUsage(err)
	}
	r.told = conditionsOf(told, n, (history-1)*stride, stride)
	if r.initial, err = readFrames(set.Fields, n, 0, stride, history); err != nil {
		return nil, err
	}
	if o.keep {
		r.prediction.Shape = append([]int{n, steps}, r.initial.Shape[2:]...)
		r.prediction.Data = make([]float32, points(r.prediction.Shape))
	}
	return r, r.watch(o.channel, o.spectraAt, stride)
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

// run watches the steps go by. With an ensemble, frames hold all its members of every trajectory, of which the first is watched.
func (r *rolled) run(frames iter.Seq2[eval.Frame, error], e *ensemble, bar *bar) error {
	defer bar.end()
	for f, err := range frames {
		if err != nil {
			return err
		}
		if e != nil {
			members := divided(f.Values, e.members)
			truth, err := r.truth.frame(f.Step)
			if err != nil {
				return err
			}
			if err := e.add(members, truth); err != nil {
				return err
			}
			f.Values = members[0]
		}
		if err := r.add(f); err != nil {
			return err
		}
		bar.show(f.Step, r.steps, "")
	}
	return nil
}

func (r *rolled) add(f eval.Frame) error {
	target, err := r.truth.frame(f.Step)
	if err != nil {
		return err
	}
	if r.prediction.Data != nil {
		for b := range f.Values.Trajectories() {
			copy(r.prediction.Frame(b, f.Step-1).Data, f.Values.Frame(b, 0).Data)
		}
	}
	r.kept.add(f.Step, f.Values, target)
	if r.beyond != nil {
		r.beyond.add(f.Step, f.Values, eval.Field[float32]{})
	}
	if err := r.growth.Add(f.Values, target); err != nil {
		return err
	}
	if err := r.spectra.Add(f.Values, target); err != nil {
		return err
	}
	if err := r.predicted.add(f.Step, f.Values, r.spectra.Channel); err != nil {
		return err
	}
	if target.Data == nil {
		return nil
	}
	return r.stored.add(f.Step, target, r.spectra.Channel)
}

// dt is the time of a step, 1 where the file has no times.
func (r *rolled) dt() float64 {
	if len(r.times) < 2 {
		return 1
	}
	return (r.times[len(r.times)-1] - r.times[0]) / float64(len(r.times)-1)
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
