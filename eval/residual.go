package eval

import (
	"fmt"
	"math"
	"slices"
)

// ResidualFunc writes into dst, [channel, x..], by how much the frame after is not what an equation makes of the frame before, in the units
// of the frames: after − Φ(before) for the flow Φ of one step. The frames are not to be changed.
type ResidualFunc func(dst, before, after []float64)

// Residuals follows an equation's residual over a rollout, [step][trajectory], relative to the frame,
//
//	rₙ = ‖uₙ − Φ(uₙ₋₁)‖₂ / ‖uₙ‖₂
//
// for the flow: the relative error of each single step against the equation itself. It needs no truth, so it judges steps beyond any horizon of
// prediction. The truth's own frames, stored in float32 and on fewer points than they were computed on, have a residual too; compare.
type Residuals struct {
	Of            ResidualFunc
	Steps         []int // at which it is computed, counted from one; nil: all
	At            []int // of the rows of Curves
	Curves        Curves
	step          int
	before, after [][]float64 // by trajectory, [channel, x..]
	r             []float64
}

// Add adds the next frame of all trajectories, the initial one first.
func (r *Residuals) Add(f Field[float32]) error {
	if err := f.check("frame"); err != nil {
		return err
	}
	size := product(f.Shape[2:])
	if r.before == nil {
		r.before, r.after, r.r = make([][]float64, f.Trajectories()), make([][]float64, f.Trajectories()), make([]float64, size)
		for b := range r.before {
			r.before[b], r.after[b] = make([]float64, size), make([]float64, size)
			f.channelFirst(r.before[b], b)
		}
		return nil
	}
	if len(r.before) != f.Trajectories() || len(r.r) != size || f.Frames() != 1 {
		return fmt.Errorf("eval: frame has shape %v; want one frame of the shape of the first, %d trajectories of %d values", f.Shape, len(r.before), len(r.r))
	}
	r.step++
	wanted := r.Steps == nil || slices.Contains(r.Steps, r.step)
	row := make([]float64, f.Trajectories())
	for b := range row {
		f.channelFirst(r.after[b], b)
		if !wanted {
			continue
		}
		r.Of(r.r, r.before[b], r.after[b])
		row[b] = math.Sqrt(sumPower(r.r, nil, 2) / sumPower(r.after[b], nil, 2))
	}
	r.before, r.after = r.after, r.before
	if wanted {
		r.Curves, r.At = append(r.Curves, row), append(r.At, r.step)
	}
	return nil
}
