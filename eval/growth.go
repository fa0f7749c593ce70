package eval

import (
	"fmt"
	"iter"
	"math"
	"slices"
)

// Growth is how the error of a rollout grows: for every step n and trajectory the relative error over points and channels, without
// an epsilon, and Pearson's correlation as PDEArena takes it,
//
//	eₙ = ‖pₙ − tₙ‖₂ / ‖tₙ‖₂    rₙ = cov(pₙ, tₙ) / (σ(pₙ) σ(tₙ))
//
// It keeps two numbers per step and trajectory. The zero value has seen nothing.
type Growth struct {
	RelL2       Curves
	Correlation Curves
	NonFinite   []Blowup    // in the order in which they happened
	Undefined   []Undefined // the first step, counted from one, at which a channel of a target is zero or constant
	steps       int
	lost        []bool // by trajectory: its blow-up has been named
	flat        []bool // by trajectory and channel: it has been named
	p, t        []float64
}

// Blowup names the first step (counted from one) at which a prediction of a trajectory has a NaN or an infinity.
type Blowup struct{ Trajectory, Step int }

func (b Blowup) String() string {
	return fmt.Sprintf("trajectory %d is not finite from step %d on", b.Trajectory, b.Step)
}

// Steps is how many frames were added, compared or not.
func (g *Growth) Steps() int { return g.steps }

// Add compares the next frame, [trajectory, 1, x.., channel], with its target of the same shape. Past the end of the targets, given one without
// data, it only looks whether the frame is finite; no target can follow.
func (g *Growth) Add(pred, target Field[float32]) error {
	if err := pred.check("prediction"); err != nil {
		return err
	}
	alone := target.Data == nil
	if !alone {
		if err := target.check("target"); err != nil {
			return err
		}
	}
	if !alone && !slices.Equal(pred.Shape, target.Shape) || pred.Frames() != 1 {
		return fmt.Errorf("eval: step %d has shape %v, its target %v; want the same with one frame", g.steps+1, pred.Shape, target.Shape)
	}
	if !alone && len(g.RelL2) < g.steps {
		return fmt.Errorf("eval: step %d has a target, the step before has none", g.steps+1)
	}
	if g.lost == nil {
		g.lost = make([]bool, pred.Trajectories())
		g.flat = make([]bool, pred.Trajectories()*pred.Channels())
	}
	if len(g.lost) != pred.Trajectories() {
		return fmt.Errorf("eval: step %d has %d trajectories, the ones before %d", g.steps+1, pred.Trajectories(), len(g.lost))
	}
	g.steps++
	g.nameLost(pred)
	if alone {
		return nil
	}
	errors, correlations := make([]float64, pred.Trajectories()), make([]float64, pred.Trajectories())
	for b := range errors {
		p, t := pred.Frame(b, 0).Data, target.Frame(b, 0).Data
		g.p, g.t = widen(g.p, p), widen(g.t, t)
		errors[b], correlations[b] = relativeL2(g.p, g.t), correlation(g.p, g.t)
		g.nameFlat(target, b)
	}
	g.RelL2, g.Correlation = append(g.RelL2, errors), append(g.Correlation, correlations)
	return nil
}

// nameLost records the trajectories that are not finite for the first time.
func (g *Growth) nameLost(pred Field[float32]) {
	for b := range g.lost {
		if !g.lost[b] && !finite(pred.Frame(b, 0).Data) {
			g.lost[b] = true
			g.NonFinite = append(g.NonFinite, Blowup{b, g.steps})
		}
	}
}

// nameFlat records the channels of a target that are constant for the first time.
func (g *Growth) nameFlat(target Field[float32], b int) {
	for c := range target.Channels() {
		named := &g.flat[b*target.Channels()+c]
		if *named {
			continue
		}
		flat := true
		for at := c; flat && at < len(g.t); at += target.Channels() {
			flat = g.t[at] == g.t[c]
		}
		if flat && len(g.t) > target.Channels() {
			*named = true
			g.Undefined = append(g.Undefined, Undefined{b, g.steps, c, flatReason(g.t[c : c+1])})
		}
	}
}

// Compare runs a rollout against targets [trajectory, steps, x.., channel], whose frame n−1 belongs to step n.
func Compare(frames iter.Seq2[Frame, error], target Field[float32]) (*Growth, error) {
	if err := target.check("target"); err != nil {
		return nil, err
	}
	g := &Growth{}
	now := Field[float32]{Shape: append([]int{target.Trajectories(), 1}, target.Shape[2:]...)}
	for frame, err := range frames {
		if err != nil {
			return g, err
		}
		if frame.Step > target.Frames() {
			return g, fmt.Errorf("eval: the rollout has step %d, the target only %d", frame.Step, target.Frames())
		}
		now.Data = now.Data[:0]
		for b := range target.Trajectories() {
			now.Data = append(now.Data, target.Frame(b, frame.Step-1).Data...)
		}
		if err := g.Add(frame.Values, now); err != nil {
			return g, err
		}
	}
	return g, nil
}

// finite reports that v has neither NaN nor infinity.
func finite[T Float](v []T) bool {
	return !slices.ContainsFunc(v, func(x T) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) })
}

// widen copies v into dst in float64.
func widen[T Float](dst []float64, v []T) []float64 {
	dst = dst[:0]
	for _, x := range v {
		dst = append(dst, float64(x))
	}
	return dst
}
