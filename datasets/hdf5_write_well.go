package datasets

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
)

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// arrangeWell arranges a file of The Well, see layout_well.go.
func (w *HDF5Writer) arrangeWell(b *h5builder, m Meta, target int, shape []int) error {
	if w.parts[target].Name != KeyFields {
		return errors.New("files of The Well hold trajectories, no pairs; write PDEBench's layout")
	}
	last := len(shape) - 1
	dims := make([]string, len(m.Axes))
	for i, axis := range m.Axes {
		dims[i] = axis.Name
	}
	b.set("dataset_name", m.Name)
	b.set("grid_type", cmp.Or(m.Geometry, "cartesian"))
	b.set("n_spatial_dims", len(dims))
	b.set("n_trajectories", w.count)
	names := sortedKeys(m.Parameters)
	b.set("simulation_parameters", names)
	for _, name := range names {
		b.set(name, m.Parameters[name])
	}
	w.wellDimensions(b, m, dims, shape)
	wellBoundaries(b, m, shape)

	scalars := b.group("scalars")
	for _, name := range names {
		d := b.line(scalars, name, []float64{m.Parameters[name]})
		d.shape = nil
		varying(d, false, false)
	}
	for i, p := range w.parts {
		if name, ok := strings.CutPrefix(p.Name, partParameter); ok {
			d := scalars.dataset(name, p.Dtype, w.count)
			varying(d, true, false)
			w.take(i, 0, 1, d)
			names = append(names, name)
		}
	}
	scalars.set("field_names", names)

	d := w.parts[target].Dtype
	orders := [3]*h5out{b.group("t0_fields"), b.group("t1_fields"), b.group("t2_fields")}
	var fields [3][]string
	for c := 0; c < shape[last]; {
		order, n, name := 0, 1, m.Channels[c]
		whole := slices.Concat([]int{w.count}, shape[:last])
		if stem, ok := vectorName(m.Channels[c:], dims); ok {
			order, n, name = 1, len(dims), stem
			whole = append(whole, n)
		}
		to := orders[order].dataset(name, d, whole...)
		varying(to, true, true)
		to.set("dim_varying", slices.Repeat([]bool{true}, len(dims)))
		w.take(target, c, n, to)
		fields[order] = append(fields[order], name)
		c += n
	}
	for i, g := range orders {
		g.set("field_names", fields[i])
	}
	return nil
}

func varying(d *h5out, sample, time bool) {
	d.set("sample_varying", sample)
	d.set("time_varying", time)
}

// vectorName recognises channels v_x, v_y, .. for all axes at the beginning of a list.
func vectorName(channels, dims []string) (string, bool) {
	stem, ok := strings.CutSuffix(channels[0], "_"+dims[0])
	if !ok || stem == "" || len(dims) > len(channels) || len(dims) < 2 {
		return "", false
	}
	for i, dim := range dims {
		if channels[i] != stem+"_"+dim {
			return "", false
		}
	}
	return stem, true
}

// wellDimensions writes coordinates and times; what has none is numbered.
func (w *HDF5Writer) wellDimensions(b *h5builder, m Meta, dims []string, shape []int) {
	number := func(values []float64, n int) []float64 {
		if values != nil {
			return values
		}
		for i := range n {
			values = append(values, float64(i))
		}
		return values
	}
	g := b.group("dimensions")
	g.set("spatial_dims", dims)
	varying(b.line(g, "time", number(m.Times, shape[0])), false, true)
	for i, dim := range dims {
		varying(b.line(g, dim, number(m.Axes[i].Coords, shape[1+i])), false, false)
	}
}

// wellBoundaries writes one group for each kind of end of an axis, with the mask of its points.
func wellBoundaries(b *h5builder, m Meta, shape []int) {
	g := b.group("boundary_conditions")
	for i, axis := range m.Axes {
		for _, kind := range []Boundary{Periodic, Wall, Outflow} {
			if axis.Low != kind && axis.High != kind {
				continue
			}
			bc := g.group(axis.Name + "_" + string(kind))
			bc.set("associated_dims", []string{axis.Name})
			bc.set("associated_fields", []string{})
			bc.set("bc_type", strings.ToUpper(string(kind)))
			varying(bc, false, false)
			mask := make([]float64, shape[1+i])
			if axis.Low == kind {
				mask[0] = 1
			}
			if axis.High == kind {
				mask[len(mask)-1] = 1
			}
			b.mask(bc, mask)
		}
	}
}
