package datasets

import (
	"fmt"
	"maps"
	"slices"
)

// Boundary is the kind of one end of an axis.
type Boundary string

// The boundary kinds; the zero value is unknown.
const (
	Periodic Boundary = "periodic"
	Wall     Boundary = "wall"
	Outflow  Boundary = "open"
)

// Axis is one axis of space: the coordinates of its points, ascending, and what lies at its two ends. Coords may be
// absent.
type Axis struct {
	Name   string    `json:"name"`
	Coords []float64 `json:"coords,omitempty"`
	Low    Boundary  `json:"low,omitempty"`
	High   Boundary  `json:"high,omitempty"`
}

// Meta says what the numbers of a [Set] are. Every field may be absent.
type Meta struct {
	Name     string `json:"name,omitempty"`
	Equation string `json:"equation,omitempty"`
	// Channels names the channels of the fields, or of the outputs of pairs; InputChannels those of the inputs.
	Channels      []string `json:"channels,omitempty"`
	InputChannels []string `json:"input_channels,omitempty"`
	Axes          []Axis   `json:"axes,omitempty"`
	// Constants, Scalars and ConstantScalars name the channels of the blocks of these names in a [Set].
	Constants       []string `json:"constants,omitempty"`
	Scalars         []string `json:"scalars,omitempty"`
	ConstantScalars []string `json:"constant_scalars,omitempty"`
	// Velocity names the components of the medium's velocity, Vectors those of other vectors, one for each axis, Tensors those of tensors of
	// second order, row-major, and Pseudoscalars what changes its sign in a reflection; see [Channel]. The rest are scalars.
	Velocity      []string   `json:"velocity,omitempty"`
	Vectors       [][]string `json:"vectors,omitempty"`
	Tensors       [][]string `json:"tensors,omitempty"`
	Pseudoscalars []string   `json:"pseudoscalars,omitempty"`
	// Geometry is "cartesian" or the name of other coordinates.
	Geometry string `json:"geometry,omitempty"`
	// Times holds the time of each frame; TrajectoryTimes those of each trajectory where they differ.
	Times           []float64   `json:"times,omitempty"`
	TrajectoryTimes [][]float64 `json:"trajectory_times,omitempty"`
	// Trajectories holds the names of the trajectories.
	Trajectories []string `json:"trajectories,omitempty"`
	// Parameters holds what all trajectories share, TrajectoryParameters one value for each trajectory.
	Parameters           map[string]float64   `json:"parameters,omitempty"`
	TrajectoryParameters map[string][]float64 `json:"trajectory_parameters,omitempty"`
	// Recipe and Seed made the trajectories: trajectory i is a function of (Recipe, Seed, i).
	Recipe string `json:"recipe,omitempty"`
	Seed   uint64 `json:"seed,omitempty"`
	// Source says where the data comes from.
	Source string `json:"source,omitempty"`
}

// slice returns the Meta of trajectories [low, high).
func (m Meta) slice(low, high int) Meta {
	m.TrajectoryParameters = maps.Clone(m.TrajectoryParameters)
	for name, values := range m.TrajectoryParameters {
		m.TrajectoryParameters[name] = values[low:high]
	}
	if m.TrajectoryTimes != nil {
		m.TrajectoryTimes = m.TrajectoryTimes[low:high]
	}
	if m.Trajectories != nil {
		m.Trajectories = m.Trajectories[low:high]
	}
	return m
}

// fit names what the keys of a file did not name, and reports a Meta that does not describe fields of the given shape
// [trajectory, time, x.., channel].
func (m *Meta) fit(shape []int) error {
	trajectories, frames, space, channels := shape[0], shape[1], shape[2:len(shape)-1], shape[len(shape)-1]
	if m.Axes == nil {
		for i := range space {
			m.Axes = append(m.Axes, Axis{Name: axisName(i)})
		}
	}
	if len(m.Axes) != len(space) {
		return fmt.Errorf("%d axes are described, the fields have %d", len(m.Axes), len(space))
	}
	for i, axis := range m.Axes {
		if axis.Coords != nil && len(axis.Coords) != space[i] {
			return fmt.Errorf("axis %s has %d coordinates for %d points", axis.Name, len(axis.Coords), space[i])
		}
	}
	if m.Times != nil && len(m.Times) != frames {
		return fmt.Errorf("%d time stamps for %d frames", len(m.Times), frames)
	}
	for i, times := range m.TrajectoryTimes {
		if len(m.TrajectoryTimes) != trajectories || len(times) != frames {
			return fmt.Errorf("%d time stamps of trajectory %d for %d frames", len(times), i, frames)
		}
	}
	if m.Trajectories != nil && len(m.Trajectories) != trajectories {
		return fmt.Errorf("%d names for %d trajectories", len(m.Trajectories), trajectories)
	}
	if len(m.Channels) != channels {
		return fmt.Errorf("%d channel names %q for %d channels", len(m.Channels), m.Channels, channels)
	}
	for name, values := range m.TrajectoryParameters {
		if len(values) != trajectories {
			return fmt.Errorf("parameter %s has %d values for %d trajectories", name, len(values), trajectories)
		}
	}
	return nil
}

// axisName returns x, y, z, x3, ..
func axisName(i int) string {
	if i < 3 {
		return []string{"x", "y", "z"}[i]
	}
	return fmt.Sprintf("x%d", i)
}

// channelNames returns name for one channel, else name0, name1, ..
func channelNames(name string, n int) []string {
	if n == 1 {
		return []string{name}
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", name, i)
	}
	return slices.Clip(names)
}
