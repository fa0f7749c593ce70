package main

import (
	"iter"

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
