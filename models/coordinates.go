package models

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// Coordinates are the channels with the position on the unit cube that a model appends to its input, one per axis in the
// order of the axes.
type Coordinates uint8

// The coordinates of point j of n on an axis.
const (
	NoCoordinates   Coordinates = iota
	Endpoints                   // j/(n−1): both ends are points (2021 FNO scripts)
	Periodic                    // j/n: the end is the start of the next period
	PeriodicFloat32             // j/n as neuraloperator computes it, in float32
)

// coordinates reads a Config's word; periodic is what "periodic" stands for.
func coordinates(name string, periodic Coordinates) (Coordinates, error) {
	c, err := lookup("coordinates", map[string]Coordinates{"none": NoCoordinates, "endpoints": Endpoints, "periodic": periodic}, name)
	if err != nil {
		return 0, fmt.Errorf("models: %w", err)
	}
	return c, nil
}

// channels is the number of channels after Append.
func (c Coordinates) channels(in, dims int) int {
	if c == NoCoordinates {
		return in
	}
	return in + dims
}

// at is the coordinate of point j of n. PeriodicFloat32 counts from both ends with the step s = fl(1/n), each value rounded
// once: fl(s j) in the first half, fl(1 − s (n−j)) in the second.
func (c Coordinates) at(j, n int) float64 {
	switch {
	case c == Endpoints && n == 1:
		return 0
	case c == Endpoints:
		return float64(j) / float64(n-1)
	case c == Periodic:
		return float64(j) / float64(n)
	}
	step := float64(float32(1) / float32(n))
	if j < (n+1)/2 {
		return float64(float32(step * float64(j)))
	}
	return float64(float32(1 - step*float64(n-j)))
}

// Append returns x [batch, x.., c] with the coordinates as further channels: [batch, x.., c + axes].
func (c Coordinates) Append(x op.Value) op.Value {
	if c == NoCoordinates || !x.Valid() {
		return x
	}
	d := x.Dims()
	axes := d.Rank() - 2
	return op.Concat(d.Rank()-1, x, op.BroadcastTo(c.points(x.Graph(), x.Dtype(), d.Cut(1, axes+1)), d.With(-1, axes)))
}

// points returns the coordinates of a grid [x..] as a constant [x.., axes].
func (c Coordinates) points(g *op.Graph, t op.Dtype, grid op.Dims) op.Value {
	axes := grid.Rank()
	grid = grid.Append(axes)
	data := make([]float64, grid.Size())
	strides := grid.Strides()
	for i := range data {
		axis := i % axes
		n := grid.At(axis)
		data[i] = c.at(i/strides[axis]%n, n)
	}
	return g.Constant(fmt.Sprintf("coordinates.%d%v", c, grid), t, grid, data)
}
