package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
)

// gridReference is a solution on a grid from a file.
type gridReference struct {
	axes           [][]float64
	points, values []float64 // [n, coordinates] and [n, quantities], the last coordinate running fastest
}

// openReference reads reference.file: an array for each coordinate, by its name, and one for each quantity, by its name or for a single
// one as the largest array; its axes are the coordinates in order, or in reverse.
func openReference(c Config) (*gridReference, error) {
	path := c.Problem.Reference.File
	if c.Data.Dir != "" && !filepath.IsAbs(path) {
		path = filepath.Join(c.Data.Dir, path)
	}
	set, err := datasets.Open(path)
	if err != nil {
		return nil, inData(err)
	}
	defer set.Close()
	array := func(name string) (datasets.Array, []float64, error) {
		a, err := set.Array(name)
		if err != nil {
			return a, nil, inData(fmt.Errorf("reference.file %s: %w", path, err))
		}
		v, err := a.Float64s()
		return a, v, inData(err)
	}
	r := &gridReference{}
	shape := []int{}
	for _, name := range c.Problem.Coordinates {
		_, v, err := array(name)
		if err != nil {
			return nil, err
		}
		r.axes, shape = append(r.axes, v), append(shape, len(v))
	}
	unknowns := c.Problem.Reference.Quantities
	if len(unknowns) == 0 {
		unknowns = c.Problem.Unknowns
	}
	if len(unknowns) == 0 {
		unknowns = []string{"u"}
	}
	total := 1
	for _, n := range shape {
		total *= n
	}
	r.values = make([]float64, total*len(unknowns))
	for k, name := range unknowns {
		if len(unknowns) == 1 && !slices.Contains(set.Names(), name) {
			name = largest(set, c.Problem.Coordinates)
		}
		a, v, err := array(name)
		if err != nil {
			return nil, err
		}
		reversed := slices.Clone(shape)
		slices.Reverse(reversed)
		switch {
		case slices.Equal(a.Shape, shape):
		case slices.Equal(a.Shape, reversed):
			v = turned(v, reversed)
		default:
			return nil, inData(fmt.Errorf("reference.file %s: %s has shape %v, the coordinates %v have %v values", path, name, a.Shape, c.Problem.Coordinates, shape))
		}
		for i, x := range v {
			r.values[i*len(unknowns)+k] = x
		}
	}
	for i := range total {
		at := make([]float64, len(shape))
		for j, rest := len(shape)-1, i; j >= 0; j-- {
			at[j], rest = r.axes[j][rest%shape[j]], rest/shape[j]
		}
		r.points = append(r.points, at...)
	}
	return r, nil
}

// largest is the name of the array with the most elements that is no coordinate.
func largest(set datasets.Container, coordinates []string) string {
	best, most := "u", 0
	for _, name := range set.Names() {
		a, err := set.Array(name)
		if err != nil || slices.Contains(coordinates, name) {
			continue
		}
		n := 1
		for _, d := range a.Shape {
			n *= d
		}
		if n > most {
			best, most = name, n
		}
	}
	return best
}

// turned reverses the order of the axes of an array.
func turned(v []float64, shape []int) []float64 {
	out := make([]float64, 0, len(v))
	stride := 1
	strides := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i], stride = stride, stride*shape[i]
	}
	var walk func(axis, at int)
	walk = func(axis, at int) {
		if axis < 0 {
			out = append(out, v[at])
			return
		}
		for i := range shape[axis] {
			walk(axis-1, at+i*strides[axis])
		}
	}
	walk(len(shape)-1, 0)
	return out
}

// nearest is the reference at the nodes of the grid next to points.
func (r *gridReference) nearest(x []float64) ([]float64, error) {
	d := len(r.axes)
	k := len(r.values) / (len(r.points) / d)
	var u []float64
	for at := range slices.Chunk(x, d) {
		i := 0
		for j, axis := range r.axes {
			n, exact := slices.BinarySearch(axis, at[j])
			switch {
			case n == len(axis):
				n--
			case !exact && n > 0 && at[j]-axis[n-1] < axis[n]-at[j]:
				n--
			}
			at[j] = axis[n] // the point moves to where the value is known
			i = i*len(axis) + n
		}
		u = append(u, r.values[i*k:(i+1)*k]...)
	}
	if len(u) == 0 {
		return nil, errors.New("kolmogo: no points to read the reference at")
	}
	return u, nil
}
