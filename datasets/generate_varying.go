package datasets

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// known reports parameters that are missing, unknown or no numbers, and what cannot vary.
func (e evolution) known(r Recipe) error {
	names := slices.Concat(e.parameters, slices.Collect(maps.Keys(e.defaults)))
	slices.Sort(names)
	for _, name := range e.parameters {
		_, given := r.Parameters[name]
		if _, drawn := r.Varying[name]; !given && !drawn {
			return fmt.Errorf("parameter %q is missing", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
		if !slices.Contains(names, name) {
			return fmt.Errorf("unknown parameter %q; known are %s", name, strings.Join(names, ", "))
		}
		if v := r.Parameters[name]; math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("parameter %q is %v", name, v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Varying)) {
		bounds := r.Varying[name]
		if len(bounds) != 2 || !(bounds[0] <= bounds[1]) || math.IsInf(bounds[1]-bounds[0], 0) {
			return fmt.Errorf("varying %s: %v are not two finite numbers in order", name, bounds)
		}
		if (name == "length" || name == "time") && !(bounds[0] > 0) {
			return fmt.Errorf("varying %s: from %v, must be positive", name, bounds[0])
		}
		if name != "length" && name != "time" && !slices.Contains(names, name) {
			return fmt.Errorf("varying %q: no such parameter; known are length, time, %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

// drawn is the names of what varies, in the order of the draws.
func (r Recipe) drawn() []string { return slices.Sorted(maps.Keys(r.Varying)) }

// setting is the numbers of a trajectory; what varies has its drawn value, or the middle of its bounds.
func (r Recipe) setting(defaults, drawn map[string]float64) setting {
	s := setting{parameters: map[string]float64{}, axes: r.Axes, points: r.Solver.Points, length: r.Length}
	maps.Copy(s.parameters, defaults)
	maps.Copy(s.parameters, r.Parameters)
	for name, bounds := range r.Varying {
		v, ok := drawn[name]
		if !ok {
			v = (bounds[0] + bounds[1]) / 2
		}
		switch name {
		case "length":
			s.length = v
		case "time":
		default:
			s.parameters[name] = v
		}
	}
	return s
}

// fixed reports what a problem with a number of axes of its own, and without anything that varies, does not understand.
func (r Recipe) fixed(axes int) error {
	if r.Axes != 0 && r.Axes != axes {
		return fmt.Errorf("%d axes; the equation has %d", r.Axes, axes)
	}
	if len(r.Varying) > 0 {
		return errors.New("nothing of this equation can vary between trajectories")
	}
	return nil
}
