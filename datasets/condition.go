package datasets

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Conditions are the numbers beside the fields that a model is told, in the order of their names: a row of them for every step from one
// frame to another. A name is the first of these that there is:
//
//	a parameter of each trajectory, or one that all share
//	a channel of ConstantScalars, or of Scalars at the last frame of the input
//	t       the time of the last frame of the input
//	dt      the time from there to the next frame, stride stored frames later
//	length  the length of the first axis: n·dx where it is periodic or its ends are not points, as the generators' are
//	dx      the distance of points on axis x; dy and dz likewise, by the names of the axes
//
// A parameter of each trajectory that is named length or time, as a recipe's varying draws them, is that of all its axes and of its last
// frame: dx is then length/n, and the time stamps are in proportion.
type Conditions struct {
	Names  []string
	stride int
	read   []func(trajectory, frame int) (float64, error)
	set    *Set
}

// Conditions finds the named numbers; stride is that of the [Window], 0 means 1.
func (s *Set) Conditions(names []string, stride int) (*Conditions, error) {
	c := &Conditions{Names: slices.Clone(names), stride: max(stride, 1), set: s}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("datasets: %s: condition %q is named twice", s.Path, name)
		}
		read, err := c.find(name)
		if err != nil {
			return nil, fmt.Errorf("datasets: %s: condition %q: %w", s.Path, name, err)
		}
		c.read = append(c.read, read)
	}
	return c, nil
}

// Read writes the row for the step from a stored frame of a trajectory, the last one of the input, into dst. Frames past the stored ones go
// on in time by the last difference, and by the last scalars.
func (c *Conditions) Read(dst []float32, trajectory, frame int) error {
	return readConditions(c, dst, trajectory, frame)
}

func readConditions[T float32 | float64](c *Conditions, dst []T, trajectory, frame int) error {
	if n := c.set.Trajectories(); trajectory < 0 || trajectory >= n || frame < 0 || len(dst) != len(c.read) {
		return fmt.Errorf("datasets: %s: %d conditions of frame %d of trajectory %d of %d do not fit a slice of %d", c.set.Path, len(c.read), frame, trajectory, n, len(dst))
	}
	for i, read := range c.read {
		v, err := read(trajectory, frame)
		if err == nil && !allFinite([]float64{v}) {
			err = fmt.Errorf("it is %v at frame %d of trajectory %d", v, frame, trajectory)
		}
		if err != nil {
			return fmt.Errorf("datasets: %s: condition %q: %w", c.set.Path, c.Names[i], err)
		}
		dst[i] = T(v)
	}
	return nil
}

// Measure returns the statistics of the conditions over all steps that begin and end at stored frames.
func (c *Conditions) Measure(ctx context.Context) (Statistics, error) {
	return Measure(ctx, conditionFields{c}, c.Names)
}

// find makes the reader of one number.
func (c *Conditions) find(name string) (func(trajectory, frame int) (float64, error), error) {
	m := &c.set.Meta
	if values, ok := m.TrajectoryParameters[name]; ok {
		return func(trajectory, _ int) (float64, error) { return values[trajectory], nil }, nil
	}
	if value, ok := m.Parameters[name]; ok {
		return func(int, int) (float64, error) { return value, nil }, nil
	}
	if i := slices.Index(m.ConstantScalars, name); i >= 0 && c.set.ConstantScalars != nil {
		return scalar(c.set.ConstantScalars, i), nil
	}
	if i := slices.Index(m.Scalars, name); i >= 0 && c.set.Scalars != nil {
		return scalar(c.set.Scalars, i), nil
	}
	switch {
	case name == "t" || name == "dt":
		return c.time(name == "dt")
	case name == "length":
		return c.space(0, true)
	}
	for i, axis := range m.Axes {
		if name == "d"+axis.Name {
			return c.space(i, false)
		}
	}
	return nil, fmt.Errorf("there is no such number; there are %s", strings.Join(c.set.ConditionNames(), ", "))
}

// ConditionNames lists the conditions that the set has.
func (s *Set) ConditionNames() []string {
	m := &s.Meta
	var names []string
	for name := range m.TrajectoryParameters {
		names = append(names, name)
	}
	for name := range m.Parameters {
		names = append(names, name)
	}
	names = append(names, slices.Concat(m.ConstantScalars, m.Scalars)...)
	c := Conditions{set: s, stride: 1}
	if _, err := c.time(true); err == nil {
		names = append(names, "t", "dt")
	}
	if _, err := c.space(0, true); err == nil {
		names = append(names, "length")
	}
	for i, axis := range m.Axes {
		if _, err := c.space(i, false); err == nil {
			names = append(names, "d"+axis.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// scalar reads a channel of scalars; those that do not vary in time have one frame.
func scalar(f Fields, channel int) func(trajectory, frame int) (float64, error) {
	shape := f.Shape()
	return func(trajectory, frame int) (float64, error) {
		values := make([]float64, shape[2])
		err := f.ReadFrames64(values, trajectory, min(frame, shape[1]-1), 1)
		return values[channel], err
	}
}

// time makes the reader of t or dt.
func (c *Conditions) time(step bool) (func(trajectory, frame int) (float64, error), error) {
	m := &c.set.Meta
	if c.set.Pairs() || len(m.Times) < 2 && (len(m.TrajectoryTimes) == 0 || len(m.TrajectoryTimes[0]) < 2) {
		return nil, errors.New("the file holds no time stamps")
	}
	return func(trajectory, frame int) (float64, error) {
		t := m.timeOf(trajectory, frame)
		if step {
			return m.timeOf(trajectory, frame+c.stride) - t, nil
		}
		return t, nil
	}, nil
}

// timeOf is the time of a frame of a trajectory; past the last one it goes on by the last difference.
func (m *Meta) timeOf(trajectory, frame int) float64 {
	times, scale := m.Times, 1.0
	if len(m.TrajectoryTimes) > 0 {
		times = m.TrajectoryTimes[trajectory]
	} else if ends := m.TrajectoryParameters["time"]; ends != nil && times[len(times)-1] != 0 {
		scale = ends[trajectory] / times[len(times)-1]
	}
	last := len(times) - 1
	t := times[min(frame, last)]
	if frame > last {
		t += float64(frame-last) * (times[last] - times[last-1])
	}
	return scale * t
}

// space makes the reader of the length of an axis or of the distance of its points.
func (c *Conditions) space(axis int, length bool) (func(trajectory, frame int) (float64, error), error) {
	m := &c.set.Meta
	n := c.set.Target().Shape()[2+axis]
	if values := m.TrajectoryParameters["length"]; values != nil {
		return func(trajectory, _ int) (float64, error) { return values[trajectory] / float64(n), nil }, nil
	}
	if axis >= len(m.Axes) || len(m.Axes[axis].Coords) < 2 {
		return nil, errors.New("the file holds no coordinates")
	}
	x := m.Axes[axis].Coords
	v := (x[len(x)-1] - x[0]) / float64(len(x)-1)
	if length {
		v *= float64(len(x))
	}
	return func(int, int) (float64, error) { return v, nil }, nil
}

// conditionFields shows conditions as fields [trajectory, step, condition].
type conditionFields struct{ *Conditions }

// Shape implements [Fields].
func (f conditionFields) Shape() []int {
	target := f.set.Target().Shape()
	return []int{target[0], max(target[1]-f.stride, 1), len(f.read)}
}

// Dtype implements [Fields].
func (f conditionFields) Dtype() Dtype { return Float32 }

// ReadFrames implements [Fields].
func (f conditionFields) ReadFrames(dst []float32, trajectory, first, count int) error {
	return readRows(f.Conditions, dst, trajectory, first, count)
}

// ReadFrames64 implements [Fields].
func (f conditionFields) ReadFrames64(dst []float64, trajectory, first, count int) error {
	return readRows(f.Conditions, dst, trajectory, first, count)
}

func readRows[T float32 | float64](c *Conditions, dst []T, trajectory, first, count int) error {
	n := len(c.read)
	for i := range count {
		if err := readConditions(c, dst[i*n:(i+1)*n], trajectory, first+i); err != nil {
			return err
		}
	}
	return nil
}
