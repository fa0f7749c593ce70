package datasets

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// PDEBench's files (github.com/pdebench/PDEBench) are of four kinds:
//
//	tensor [n, t, x]                            advection, Burgers, reaction-diffusion; the time stamps may be one more than t
//	tensor [n, 1, x, y], nu [n, x, y]           Darcy flow: the coefficient nu and the solution
//	density, pressure, Vx, .. [n, t, x, ..]     compressible Navier–Stokes
//	velocity, particles [n, t, x, y, c], force  incompressible Navier–Stokes, times [n, t]
//	0000/data [t, x, .., c], 0000/grid/x, ..    one group for each trajectory
//
// with x-coordinate, .., t-coordinate, and parameters as attributes.

// coordinates takes the arrays x-coordinate, y-coordinate and z-coordinate.
func (v *viewer) coordinates(space []int) error {
	for i, n := range space {
		if err := v.axis(axisName(i), axisName(i)+"-coordinate", n); err != nil {
			return err
		}
	}
	return nil
}

func isPDEBenchTensor(v *viewer) bool { return v.has("tensor", "x-coordinate") }

func viewPDEBenchTensor(v *viewer) error {
	shape := v.infos["tensor"].Shape
	if len(shape) < 3 || len(shape) > 5 {
		return fmt.Errorf(`"tensor" has shape %v; PDEBench's is [trajectory, time, x, ..]`, shape)
	}
	space := spaceAxes(len(shape) - 2)
	canonical := append(slices.Clone(shape), 1)
	fields, err := v.boxes(canonical, "tensor", v.array("tensor", "nt"+string(space), 0))
	if err != nil {
		return err
	}
	s := v.set
	s.Meta.Channels = []string{"u"}
	v.parameters()
	if err := v.coordinates(shape[2:]); err != nil {
		return err
	}
	if !v.has("nu") {
		s.Fields = fields
		return v.times("t-coordinate", shape[1])
	}
	if shape[1] != 1 { // a steady problem, whose t-coordinate means nothing
		return fmt.Errorf(`"tensor" of shape %v beside a coefficient "nu" should have one frame`, shape)
	}
	s.Outputs, s.Meta.InputChannels = fields, []string{"nu"}
	s.Inputs, err = v.boxes(canonical, "nu", v.array("nu", "n"+string(space), 0))
	return err
}

// pdebenchFlow are the variables of compressible flow in the order of the channels.
var pdebenchFlow = []string{"density", "pressure", "Vx", "Vy", "Vz"}

func isPDEBenchFlow(v *viewer) bool {
	return v.has("x-coordinate") && slices.ContainsFunc(pdebenchFlow, func(name string) bool { return v.has(name) })
}

func viewPDEBenchFlow(v *viewer) error {
	var first string
	for _, name := range pdebenchFlow {
		if v.has(name) {
			first = name
			break
		}
	}
	shape := v.infos[first].Shape
	if len(shape) < 3 || len(shape) > 5 {
		return fmt.Errorf("%q has shape %v; PDEBench's is [trajectory, time, x, ..]", first, shape)
	}
	names := pdebenchFlow[:len(shape)]
	canonical := append(slices.Clone(shape), len(names))
	var parts []boxPart
	for channel, name := range names {
		if !v.has(name) {
			return fmt.Errorf("compressible flow in %d dimensions needs the array %q, which is missing", len(shape)-2, name)
		}
		if !slices.Equal(v.infos[name].Shape, shape) {
			return fmt.Errorf("%q has shape %v, %q has %v", name, v.infos[name].Shape, first, shape)
		}
		parts = append(parts, v.array(name, "nt"+string(spaceAxes(len(shape)-2)), channel))
	}
	var err error
	if v.set.Fields, err = v.boxes(canonical, strings.Join(names, ", "), parts...); err != nil {
		return err
	}
	v.set.Meta.Channels = slices.Clone(names)
	v.set.Meta.Velocity = slices.Clone(names[2:])
	v.parameters()
	return errors.Join(v.coordinates(shape[2:]), v.times("t-coordinate", shape[1]))
}

func isPDEBenchIncompressible(v *viewer) bool { return v.has("velocity", "particles") }

func viewPDEBenchIncompressible(v *viewer) error {
	shape := v.infos["velocity"].Shape
	last := len(shape) - 1
	if last != 4 && last != 5 || shape[last] != last-2 {
		return fmt.Errorf(`"velocity" has shape %v; PDEBench's is [trajectory, time, x, .., component]`, shape)
	}
	space := last - 2
	axes := "nt" + string(spaceAxes(space)) + "c"
	s := v.set
	canonical := slices.Clone(shape)
	canonical[last]++
	var err error
	s.Fields, err = v.boxes(canonical, "velocity, particles", v.array("velocity", axes, 0), v.array("particles", axes, space))
	if err != nil {
		return err
	}
	components := func(name string) []string {
		var names []string
		for i := range space {
			names = append(names, name+"_"+axisName(i))
		}
		return names
	}
	s.Meta.Channels, s.Meta.Velocity = append(components("velocity"), "particles"), components("velocity")
	if v.has("force") {
		steady := slices.Concat(shape[:1], []int{1}, shape[2:])
		if s.Constants, err = v.boxes(steady, "force", v.array("force", strings.Replace(axes, "t", "", 1), 0)); err != nil {
			return err
		}
		s.Meta.Constants = components("force")
		s.Meta.Vectors = [][]string{s.Meta.Constants}
	}
	v.parameters()
	if latest, ok := s.Meta.Parameters["latestIndex"]; ok { // of the last frame that was written
		s.Meta.Parameters["complete_frames"] = latest + 1
	}
	return v.timeTable("t", shape[0], shape[1])
}

// pdebenchGroups lists the groups of digits that hold data.
func pdebenchGroups(v *viewer) []string {
	var groups []string
	for name := range v.infos {
		group, rest, _ := strings.Cut(name, "/")
		if rest == "data" && strings.Trim(group, "0123456789") == "" {
			groups = append(groups, group)
		}
	}
	slices.Sort(groups)
	return groups
}

func isPDEBenchGroups(v *viewer) bool { return len(pdebenchGroups(v)) > 0 }

func viewPDEBenchGroups(v *viewer) error {
	groups := pdebenchGroups(v)
	first := v.infos[path.Join(groups[0], "data")]
	var names []string
	for _, g := range groups {
		name := path.Join(g, "data")
		if info := v.infos[name]; info.Dtype != first.Dtype || !slices.Equal(info.Shape, first.Shape) {
			return fmt.Errorf("%q has shape %v of %s, %q has %v of %s; trajectories of different shapes cannot be one set", name, info.Shape, info.Dtype, path.Join(groups[0], "data"), first.Shape, first.Dtype)
		}
		names = append(names, name)
	}
	shape := slices.Concat([]int{len(groups)}, first.Shape)
	if len(first.Shape) < 3 || len(first.Shape) > 5 {
		return fmt.Errorf("%q has shape %v; PDEBench's is [time, x, .., channel]", names[0], first.Shape)
	}
	space := first.Shape[1 : len(first.Shape)-1]
	part := boxPart{Info: first, names: names, roles: namedRoles(slices.Concat([]byte("t"), spaceAxes(len(space)), []byte("c")))}
	s := v.set
	var err error
	if s.Fields, err = v.boxes(shape, "data", part); err != nil {
		return err
	}
	s.Meta.Trajectories = groups
	config, _ := v.attribute(groups[0], "config")
	switch channels := shape[len(shape)-1]; {
	case channels == 1 && strings.Contains(config, "dam_radius"):
		s.Meta.Channels = []string{"h"} // the depth of shallow water
	case channels == 2:
		s.Meta.Channels = []string{"u", "v"}
	default:
		s.Meta.Channels = channelNames("u", channels)
	}
	grid := path.Join(groups[0], "grid")
	for i, n := range space {
		if err := v.axis(axisName(i), path.Join(grid, axisName(i)), n); err != nil {
			return err
		}
	}
	return v.times(path.Join(grid, "t"), first.Shape[0])
}
