package datasets

import (
	"fmt"
	"path"
	"slices"
)

// roles matches a shape with the axes that an array has: trajectory and time where it varies along them, space, and components.
func (w *well) roles(key string, space bool, order int) ([]boxRole, []int, error) {
	shape := w.infos[key].Shape
	var begin []boxRole
	var want []int
	if attributeAs[bool](w.viewer, key, "sample_varying") {
		begin, want = append(begin, boxRole{0, 1}), append(want, w.trajectories)
	}
	if attributeAs[bool](w.viewer, key, "time_varying") {
		begin, want = append(begin, boxRole{1, 1}), append(want, w.frames)
	}
	varying := attributeAs[[]bool](w.viewer, key, "dim_varying")
	for _, kept := range []bool{true, false} { // the axes along which it does not vary
		roles, sizes := slices.Clone(begin), slices.Clone(want)
		for i, n := range w.points {
			if !space {
				break
			}
			if len(varying) == len(w.points) && !varying[i] {
				if !kept {
					continue
				}
				n = 1
			}
			roles, sizes = append(roles, boxRole{2 + i, 1}), append(sizes, n)
		}
		if len(shape) < len(sizes) || !slices.Equal(shape[:len(sizes)], sizes) {
			continue
		}
		components := shape[len(sizes):]
		d := len(w.dims)
		switch {
		case order == 0 && len(components) == 0:
			return roles, nil, nil
		case order == 1 && len(components) == 1:
			return append(roles, boxRole{channelRole, 1}), components, nil
		case order == 2 && len(components) == 1 && components[0] == d*d:
			return append(roles, boxRole{channelRole, 1}), []int{d, d}, nil
		case order == 2 && len(components) == 2:
			return append(roles, boxRole{channelRole, components[1]}, boxRole{channelRole, 1}), components, nil
		}
	}
	return nil, nil, fmt.Errorf("%q of shape %v does not fit %d trajectories, %d frames and %v points", key, shape, w.trajectories, w.frames, w.points)
}

func (w *well) field(key, name string, order int) error {
	if !w.has(key) {
		if _, err := w.c.Info(key); err != nil {
			return err
		}
	}
	roles, components, err := w.roles(key, true, order)
	if err != nil {
		return err
	}
	parts, names := &w.fields, &w.set.Meta.Channels
	if !attributeAs[bool](w.viewer, key, "time_varying") {
		parts, names = &w.constants, &w.set.Meta.Constants
	}
	*parts = append(*parts, boxPart{Info: w.infos[key], names: []string{key}, roles: roles, channel: len(*names)})
	list := w.componentNames(name, components)
	*names = append(*names, list...)
	switch m, d := &w.set.Meta, len(w.dims); {
	case order == 1 && len(list) == d && name == "velocity":
		m.Velocity = list
	case order == 1 && len(list) == d:
		m.Vectors = append(m.Vectors, list)
	case order == 2 && len(list) == d*d:
		m.Tensors = append(m.Tensors, list)
	}
	return nil
}

func (w *well) scalar(key, name string) error {
	if !w.has(key) {
		if _, err := w.c.Info(key); err != nil {
			return err
		}
	}
	parts, names := &w.scalars, &w.set.Meta.Scalars
	if !attributeAs[bool](w.viewer, key, "time_varying") {
		parts, names = &w.fixed, &w.set.Meta.ConstantScalars
	}
	info := w.infos[key]
	roles, _, err := w.roles(key, false, 0)
	if err != nil && length(info) == 1 { // a single value may be of shape [1]
		roles, err = make([]boxRole, len(info.Shape)), nil
		for i := range roles {
			roles[i] = boxRole{1, 1}
		}
	}
	if err != nil {
		return err
	}
	*parts = append(*parts, boxPart{Info: info, names: []string{key}, roles: roles, channel: len(*names)})
	*names = append(*names, name)
	return nil
}

// trajectoryScalars takes the scalars of each trajectory that do not vary in time as its parameters.
func (w *well) trajectoryScalars() error {
	for _, name := range w.set.Meta.ConstantScalars {
		key := path.Join("scalars", name)
		if !attributeAs[bool](w.viewer, key, "sample_varying") {
			continue
		}
		values, err := w.line(key)
		if err != nil {
			return err
		}
		if len(values) == w.trajectories {
			put(&w.set.Meta.TrajectoryParameters, name, values)
		}
	}
	return nil
}

// componentNames names the components of vectors and tensors after the axes: velocity_x, stress_xy.
func (w *well) componentNames(name string, components []int) []string {
	label := func(i, n int) string {
		if n == len(w.dims) {
			return w.dims[i]
		}
		return fmt.Sprint(i)
	}
	var names []string
	switch len(components) {
	case 0:
		return []string{name}
	case 1:
		for i := range components[0] {
			names = append(names, name+"_"+label(i, components[0]))
		}
	case 2:
		for i := range components[0] {
			for j := range components[1] {
				a, b := label(i, components[0]), label(j, components[1])
				if len(a) > 1 || len(b) > 1 {
					a += "_"
				}
				names = append(names, name+"_"+a+b)
			}
		}
	}
	return names
}
