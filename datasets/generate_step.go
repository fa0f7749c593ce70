package datasets

import (
	"errors"
	"fmt"

	"github.com/kolmogo/kolmogo/pde"
)

// Stepper advances a state [channel, x..] on the recipe's stored points by stride frames in place: the equation's flow, against which a
// prediction can be held where there is no stored frame. Trajectories that vary in parameters, and equations without time, have none.
func (r Recipe) Stepper(stride int) (pde.Stepper, error) {
	if len(r.Varying) > 0 {
		return nil, errors.New("datasets: step: the parameters vary between trajectories")
	}
	for _, list := range []map[string]evolution{spectralEquations(), volumeEquations(), lineEquations()} {
		e, ok := list[r.Equation]
		if !ok {
			continue
		}
		if e.stepper == nil {
			break
		}
		if _, err := r.Problem(); err != nil {
			return nil, err
		}
		if r.Length == 0 {
			r.Length = 1
		}
		if r.Axes == 0 {
			r.Axes = e.axes[0]
		}
		r.Solver.Points = r.Points
		s := r.setting(e.defaults, nil)
		s.steps = max(1, r.Solver.Steps) * stride
		times, err := r.Frames.times()
		if err != nil {
			return nil, fmt.Errorf("datasets: step: %w", err)
		}
		return e.stepper(s, float64(stride)*(times[1]-times[0]))
	}
	return nil, fmt.Errorf("datasets: step: %s has no solver in time", r.Equation)
}
