package datasets

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A file of The Well (github.com/PolymathicAI/the_well, docs/data_format.md) holds
//
//	dimensions           @spatial_dims; time [t] or [n, t], and one array of coordinates for each of them
//	boundary_conditions  groups with @bc_type, @associated_dims and a mask of the points where they hold
//	scalars              @field_names; [n, t] without the axes along which they do not vary
//	t0_fields            @field_names; [n, t, x, ..] likewise, with @sample_varying, @time_varying, @dim_varying
//	t1_fields, t2_fields vectors [.., d] and tensors [.., d, d] or [.., d·d]
//
// An axis of space along which a field does not vary is absent or of length one.

func isWell(v *viewer) bool {
	_, named := v.attribute("dimensions", "spatial_dims")
	return named && v.has("dimensions/time")
}

// well gathers the parts of a file of The Well.
type well struct {
	*viewer
	trajectories, frames int
	dims                 []string
	points               []int
	fields, constants    []boxPart
	scalars, fixed       []boxPart
}

func viewWell(v *viewer) error {
	w := &well{viewer: v, trajectories: attributeAs[int](v, "", "n_trajectories"), dims: v.attributeTexts("dimensions", "spatial_dims")}
	if w.trajectories < 1 || len(w.dims) < 1 || len(w.dims) > 3 {
		return fmt.Errorf("%d trajectories in the dimensions %q", w.trajectories, w.dims)
	}
	for _, dim := range w.dims {
		key := path.Join("dimensions", dim)
		if !v.has(key) {
			return fmt.Errorf("the array %q is missing", key)
		}
		shape := v.infos[key].Shape
		if len(shape) == 0 {
			return fmt.Errorf("%q has no points", key)
		}
		points := shape[len(shape)-1]
		w.points = append(w.points, points)
		if len(shape) > 1 { // the grid moves
			key = ""
		}
		if err := v.axis(dim, key, points); err != nil {
			return err
		}
	}
	times := v.infos["dimensions/time"].Shape
	if len(times) == 0 {
		return fmt.Errorf("%q has no frames", "dimensions/time")
	}
	w.frames = times[len(times)-1]
	for order, group := range []string{"t0_fields", "t1_fields", "t2_fields"} {
		for _, name := range w.names(group) {
			if err := w.field(path.Join(group, name), name, order); err != nil {
				return err
			}
		}
	}
	for _, name := range w.names("scalars") {
		if err := w.scalar(path.Join("scalars", name), name); err != nil {
			return err
		}
	}
	if err := w.build(); err != nil {
		return err
	}
	w.boundaries()
	m := &v.set.Meta
	m.Name, _ = v.attribute("", "dataset_name")
	m.Geometry, _ = v.attribute("", "grid_type")
	if names := v.attributeTexts("", "simulation_parameters"); len(names) > 0 {
		v.parameters(names...)
	}
	if err := w.trajectoryScalars(); err != nil {
		return err
	}
	if len(times) > 1 {
		return v.timeTable("dimensions/time", w.trajectories, w.frames)
	}
	return v.times("dimensions/time", w.frames)
}

// build makes the blocks of the set.
func (w *well) build() (err error) {
	s, m := w.set, &w.set.Meta
	for _, b := range []struct {
		to       *Fields
		parts    []boxPart
		frames   int
		space    []int
		channels []string
	}{
		{&s.Fields, w.fields, w.frames, w.points, m.Channels},
		{&s.Constants, w.constants, 1, w.points, m.Constants},
		{&s.Scalars, w.scalars, w.frames, nil, m.Scalars},
		{&s.ConstantScalars, w.fixed, 1, nil, m.ConstantScalars},
	} {
		if b.parts == nil {
			continue
		}
		shape := slices.Concat([]int{w.trajectories, b.frames}, b.space, []int{len(b.channels)})
		if *b.to, err = w.boxes(shape, strings.Join(b.channels, ", "), b.parts...); err != nil {
			return err
		}
	}
	if s.Fields == nil {
		return fmt.Errorf("no field varies in time among %s", listing(w.infos))
	}
	return nil
}

// names lists the arrays of a group in the order that it gives, else by name.
func (w *well) names(group string) []string {
	if names := w.attributeTexts(group, "field_names"); names != nil {
		return names
	}
	var names []string
	for name := range w.infos {
		if inner, ok := strings.CutPrefix(name, group+"/"); ok {
			names = append(names, inner)
		}
	}
	slices.Sort(names)
	return names
}

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

// boundaries takes the kind of the two ends of every axis.
func (w *well) boundaries() {
	w.attribute("", "")
	kinds := map[string]Boundary{"periodic": Periodic, "wall": Wall, "open": Outflow}
	var groups []string
	for key := range w.metadata {
		if object, ok := strings.CutSuffix(key, "@bc_type"); ok && strings.HasPrefix(object, "boundary_conditions/") {
			groups = append(groups, object)
		}
	}
	slices.Sort(groups)
	for _, group := range groups {
		text, _ := w.attribute(group, "bc_type")
		kind := kinds[strings.ToLower(text)]
		dims := w.attributeTexts(group, "associated_dims")
		low, high := true, true
		if key := path.Join(group, "mask"); len(dims) == 1 && w.has(key) {
			if mask, err := w.line(key); err == nil && len(mask) > 0 && (mask[0] != 0 || mask[len(mask)-1] != 0) {
				low, high = mask[0] != 0, mask[len(mask)-1] != 0
			}
		}
		for i := range w.set.Meta.Axes {
			axis := &w.set.Meta.Axes[i]
			if !slices.Contains(dims, axis.Name) {
				continue
			}
			if low {
				axis.Low = kind
			}
			if high {
				axis.High = kind
			}
		}
	}
}
