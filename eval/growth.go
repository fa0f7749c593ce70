package eval

import (
	"fmt"
	"iter"
	"math"
	"slices"
)

// Growth is how the error of a rollout grows: for every step n and trajectory the relative error over points and channels,
//
//	eₙ = ‖pₙ − tₙ‖₂ / ‖tₙ‖₂
//
// without an epsilon. It keeps one number per step and trajectory.
type Growth struct {
	RelL2     [][]float64 // [step][trajectory]; RelL2[0] belongs to the first prediction
	NonFinite []Blowup    // in the order in which they happened
	lost      []bool      // by trajectory: its blow-up has been named
}

// Blowup names the first step (counted from one) at which a prediction of a trajectory has a NaN or an infinity.
type Blowup struct{ Trajectory, Step int }

func (b Blowup) String() string {
	return fmt.Sprintf("trajectory %d is not finite from step %d on", b.Trajectory, b.Step)
}

// Add compares the next frame, [trajectory, 1, x.., channel], with its target of the same shape.
func (g *Growth) Add(pred, target Field[float32]) error {
	if err := pred.check("prediction"); err != nil {
		return err
	}
	if err := target.check("target"); err != nil {
		return err
	}
	if !slices.Equal(pred.Shape, target.Shape) || pred.Frames() != 1 {
		return fmt.Errorf("eval: step %d has shape %v, its target %v; want the same with one frame",
			len(g.RelL2)+1, pred.Shape, target.Shape)
	}
	if g.lost == nil {
		g.lost = make([]bool, pred.Trajectories())
	}
	if len(g.lost) != pred.Trajectories() {
		return fmt.Errorf("eval: step %d has %d trajectories, the ones before %d", len(g.RelL2)+1, pred.Trajectories(), len(g.lost))
	}
	errors := make([]float64, pred.Trajectories())
	for b := range errors {
		p, t := pred.Frame(b, 0).Data, target.Frame(b, 0).Data
		errors[b] = relativeL2(p, t)
		if !g.lost[b] && !finite(p) {
			g.lost[b] = true
			g.NonFinite = append(g.NonFinite, Blowup{b, len(g.RelL2) + 1})
		}
	}
	g.RelL2 = append(g.RelL2, errors)
	return nil
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

// Mean is the mean over trajectories at every step; NaN or infinite where one trajectory is.
func (g *Growth) Mean() []float64 {
	curve := make([]float64, len(g.RelL2))
	for n, errors := range g.RelL2 {
		curve[n] = mean(errors)
	}
	return curve
}

// Quantile is the q-quantile over trajectories at every step, q in [0, 1], linear between order statistics. An error that is
// NaN counts as infinite: the worst there is.
func (g *Growth) Quantile(q float64) []float64 {
	curve := make([]float64, len(g.RelL2))
	for n, errors := range g.RelL2 {
		curve[n] = quantile(errors, q)
	}
	return curve
}

func quantile(v []float64, q float64) float64 {
	sorted := slices.Clone(v)
	for i, x := range sorted {
		if math.IsNaN(x) {
			sorted[i] = math.Inf(1)
		}
	}
	slices.Sort(sorted)
	at := min(max(q, 0), 1) * float64(len(sorted)-1)
	low := int(at)
	if part := at - float64(low); part > 0 {
		return sorted[low]*(1-part) + sorted[low+1]*part
	}
	return sorted[low]
}

// finite reports that v has neither NaN nor infinity.
func finite[T Float](v []T) bool {
	return !slices.ContainsFunc(v, func(x T) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) })
}
