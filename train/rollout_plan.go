package train

import (
	"context"
	"fmt"
	"iter"

	"github.com/kolmogo/kolmogo/op"
)

// Frame is what a rollout shows of one of its steps, counted from one.
type Frame struct {
	Step   int
	Values []float32 // [trajectory, x.., channel]; overwritten by the next frame
}

// RolloutPlan is what Predictor.Rollout makes of initial frames.
type RolloutPlan struct {
	Initial []float32 // [trajectory, x.., frames·channel], the oldest frame first within a point
	Shape   []int     // of Initial
	Batch   int       // most trajectories of one program; 0: all
	Steps   int
	Every   int // shows every n-th frame, and the last one; 0: each
	// Scalars returns what the model is told [trajectory, condition] for a step counted from one; nil for a model that is told
	// nothing.
	Scalars func(step int) ([]float32, error)
}

// Rollout yields frames of steps predicted on the device; see NewRollout. After an error, of ctx for instance, the sequence ends.
func (p *Predictor) Rollout(ctx context.Context, plan RolloutPlan) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		m, err := p.newMarch(plan)
		if err != nil {
			yield(Frame{}, err)
			return
		}
		for step := 1; step <= plan.Steps; step++ {
			err := context.Cause(ctx)
			if err == nil {
				err = m.step(step)
			}
			if err != nil {
				yield(Frame{Step: step}, fmt.Errorf("train: rollout stopped before step %d of %d: %w", step, plan.Steps, err))
				return
			}
			if m.shows(step) && !yield(Frame{step, m.values}, nil) {
				return
			}
		}
	}
}

// march is a plan on its way: one Rollout for each batch of trajectories.
type march struct {
	RolloutPlan
	parts  []*Rollout
	frame  int // values of a trajectory's frame
	told   int // scalars of a trajectory
	values []float32
}

func (p *Predictor) newMarch(plan RolloutPlan) (*march, error) {
	if len(plan.Shape) == 0 || op.Of(plan.Shape...).Size() != len(plan.Initial) || plan.Shape[0] == 0 {
		return nil, fmt.Errorf("%w: %d initial values for the shape %v", ErrConfig, len(plan.Initial), plan.Shape)
	}
	n := plan.Shape[0]
	if plan.Batch <= 0 {
		plan.Batch = n
	}
	per := len(plan.Initial) / n
	m := &march{RolloutPlan: plan, frame: per / max(p.Description.Frames, 1), told: len(p.Description.Condition)}
	m.values = make([]float32, n*m.frame)
	if (m.told > 0) != (plan.Scalars != nil) {
		return nil, fmt.Errorf("%w: the model is told %v: give Scalars exactly where it is told any", ErrConfig, p.Description.Condition)
	}
	for first := 0; first < n; first += plan.Batch {
		shape := append([]int{min(plan.Batch, n-first)}, plan.Shape[1:]...)
		r, err := p.NewRollout(plan.Initial[first*per:(first+shape[0])*per], shape, first)
		if err != nil {
			return nil, err
		}
		m.parts = append(m.parts, r)
	}
	return m, nil
}

func (m *march) shows(step int) bool { return step%max(m.Every, 1) == 0 || step == m.Steps }

// step makes one step of all parts, and reads their frames where they are shown.
func (m *march) step(step int) error {
	var told []float32
	if m.Scalars != nil {
		var err error
		if told, err = m.Scalars(step); err != nil {
			return err
		}
	}
	for i, r := range m.parts {
		first, last := i*m.Batch, min((i+1)*m.Batch, m.Shape[0])
		var mine []float32
		if told != nil {
			mine = told[first*m.told : last*m.told]
		}
		if err := r.Next(mine); err != nil {
			return err
		}
		if m.shows(step) {
			if err := r.Frame(m.values[first*m.frame : last*m.frame]); err != nil {
				return err
			}
		}
	}
	return nil
}
