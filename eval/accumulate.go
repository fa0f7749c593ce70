package eval

import (
	"fmt"
	"math"
	"slices"
)

// Accumulator computes metrics over batches as they come. It keeps one number per element (trajectory, frame, channel) and
// metric, never the fields.
type Accumulator[T Float] struct {
	metrics []Metric
	each    [][]float64   // by metric, [trajectory, time, channel, part] as far as the metric tells them apart
	missing [][]Undefined // by metric
	shape   []int         // of one trajectory, [time, x.., channel]
	count   int           // trajectories
	p, t    []float64     // one trajectory, [time, channel, x..]
}

// NewAccumulator begins with no trajectory.
func NewAccumulator[T Float](metrics ...Metric) *Accumulator[T] {
	return &Accumulator[T]{
		metrics: metrics,
		each:    make([][]float64, len(metrics)),
		missing: make([][]Undefined, len(metrics)),
	}
}

// Add reads a batch. All batches have the same frames, grid and channels; their number of trajectories may differ.
func (a *Accumulator[T]) Add(pred, target Field[T]) error {
	if err := pred.check("prediction"); err != nil {
		return err
	}
	if err := target.check("target"); err != nil {
		return err
	}
	if !slices.Equal(pred.Shape, target.Shape) {
		return fmt.Errorf("eval: prediction has shape %v, target %v; they must be equal", pred.Shape, target.Shape)
	}
	if a.shape == nil {
		if err := a.begin(target); err != nil {
			return err
		}
	}
	if !slices.Equal(a.shape, target.Shape[1:]) {
		return fmt.Errorf("eval: trajectories have shape %v, but the ones before had %v", target.Shape[1:], a.shape)
	}
	for b := range target.Trajectories() {
		pred.channelFirst(a.p, b)
		target.channelFirst(a.t, b)
		for i := range a.metrics {
			a.one(i, target.Grid(), target.Channels())
		}
		a.count++
	}
	return nil
}

// begin takes the shape of a trajectory from the first batch and lets every metric refuse it.
func (a *Accumulator[T]) begin(f Field[T]) error {
	for _, m := range a.metrics {
		if m.rule.skip >= f.Frames() {
			return fmt.Errorf("eval: %s leaves out the first %d of %d frames; its first parameter says how many",
				m.Name, m.rule.skip, f.Frames())
		}
		if m.rule.check == nil {
			continue
		}
		if err := m.rule.check(f.Grid(), f.Channels()); err != nil {
			return fmt.Errorf("eval: %s: %w", m.Name, err)
		}
	}
	a.shape = slices.Clone(f.Shape[1:])
	a.p = make([]float64, product(a.shape))
	a.t = make([]float64, product(a.shape))
	return nil
}

// one appends the numbers of metric i for the trajectory in a.p and a.t.
func (a *Accumulator[T]) one(i int, grid []int, channels int) {
	r := a.metrics[i].rule
	points := product(grid)
	first := r.skip * channels * points
	p, t := a.p[first:], a.t[first:]
	switch r.over(len(grid)) {
	case extentSample:
		a.element(i, element{p, t, channels, grid}, -1, -1)
	case extentSeries:
		for c := range channels {
			a.element(i, element{series(p, c, channels, points), series(t, c, channels, points), channels, grid}, -1, c)
		}
	case extentFrame:
		for at := 0; at < len(p); at += channels * points {
			end := at + channels*points
			a.element(i, element{p[at:end], t[at:end], channels, grid}, r.skip+at/(channels*points), -1)
		}
	case extentChannel:
		for at := 0; at < len(p); at += points {
			a.element(i, element{p[at : at+points], t[at : at+points], channels, grid}, r.skip+at/(channels*points), at/points%channels)
		}
	}
}

// series is channel c of all frames of [time, channel, x..].
func series(v []float64, c, channels, points int) []float64 {
	var out []float64
	for at := c * points; at < len(v); at += channels * points {
		out = append(out, v[at:at+points]...)
	}
	return out
}

// element appends the numbers of metric i for an element of the current trajectory, and names the place if it has no value.
func (a *Accumulator[T]) element(i int, e element, time, channel int) {
	r, place := a.metrics[i].rule, Undefined{a.count, time, channel, ""}
	numbers := r.numbers(e)
	a.each[i] = append(a.each[i], numbers...)
	bad := slices.IndexFunc(numbers, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	switch {
	case r.degenerate != nil && r.degenerate(e.t):
		place.Reason = flatReason(e.t)
	case bad >= 0:
		place.Reason = fmt.Sprintf("the value is %g", numbers[bad])
	default:
		return
	}
	a.missing[i] = append(a.missing[i], place)
}

// Results folds what was added, one result per metric in the order of [NewAccumulator]. More may be added afterwards.
func (a *Accumulator[T]) Results() ([]Result, error) {
	if a.count == 0 {
		return nil, fmt.Errorf("eval: no trajectory was added, so there is nothing to average")
	}
	results := make([]Result, len(a.metrics))
	grid := a.shape[1 : len(a.shape)-1]
	for i, m := range a.metrics {
		frames, channels := a.shape[0]-m.rule.skip, a.shape[len(a.shape)-1]
		switch m.rule.over(len(grid)) {
		case extentSample:
			frames, channels = 1, 1
		case extentSeries:
			frames = 1
		case extentFrame:
			channels = 1
		}
		each := Field[float64]{slices.Clone(a.each[i]), []int{a.count, frames, channels}}
		results[i] = m.rule.reduce(each)
		results[i].Name = m.Name
		results[i].Undefined = slices.Clone(a.missing[i])
		if m.rule.vacant == nil {
			continue
		}
		if reason := m.rule.vacant(grid); reason != "" {
			results[i].Undefined = append(results[i].Undefined, Undefined{-1, -1, -1, reason})
		}
	}
	return results, nil
}

// Evaluate is one batch through an [Accumulator].
func Evaluate[T Float](metrics []Metric, pred, target Field[T]) ([]Result, error) {
	a := NewAccumulator[T](metrics...)
	if err := a.Add(pred, target); err != nil {
		return nil, err
	}
	return a.Results()
}
