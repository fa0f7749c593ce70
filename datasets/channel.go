package datasets

import (
	"fmt"
	"slices"
)

// Channel says how a channel of a field turns with space. Its zero value is a scalar.
//
// Under an isometry x ↦ R x a vector becomes R v, a tensor of second order R τ Rᵀ, and a pseudoscalar w, such as the vorticity of plane
// flow, det(R)·w.
type Channel struct {
	// Axes are those of the component: none for a scalar, one for a vector, two for a tensor.
	Axes []int
	// Components are the numbers of the channels that hold all components of the vector or tensor, row-major.
	Components []int
	// Velocity tells that the vector is the velocity of the medium.
	Velocity bool
	// Pseudo tells that a reflection changes the sign of a scalar.
	Pseudo bool
}

// Turning says how the named channels turn. An error names a vector of which some components are among the channels and some are
// not, or one that has not a component for each axis.
func (m *Meta) Turning(names []string) ([]Channel, error) {
	list := make([]Channel, len(names))
	axes := len(m.Axes)
	enter := func(group []string, order int, velocity bool) error {
		want := axes
		if order == 2 {
			want *= axes
		}
		var components []int
		for _, name := range group {
			if i := slices.Index(names, name); i >= 0 {
				components = append(components, i)
			}
		}
		switch {
		case len(components) == 0:
			return nil
		case len(group) != want:
			return fmt.Errorf("%q are %d components on %d axes, want %d", group, len(group), axes, want)
		case len(components) < want:
			return fmt.Errorf("of the components %q only some are among the channels %q", group, names)
		}
		for i, c := range components {
			list[c] = Channel{Axes: []int{i}, Components: components, Velocity: velocity}
			if order == 2 {
				list[c].Axes = []int{i / axes, i % axes}
			}
		}
		return nil
	}
	for _, group := range m.Tensors {
		if err := enter(group, 2, false); err != nil {
			return nil, err
		}
	}
	for _, group := range m.Vectors {
		if err := enter(group, 1, false); err != nil {
			return nil, err
		}
	}
	if err := enter(m.Velocity, 1, true); err != nil {
		return nil, err
	}
	for i, name := range names {
		if slices.Contains(m.Pseudoscalars, name) {
			list[i].Pseudo = true
		}
	}
	return list, nil
}
