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
