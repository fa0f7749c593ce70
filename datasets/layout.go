package datasets

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// layout is a way in which a project arranges several arrays in a file: fits tells from names and shapes, view fills the viewer's set.
type layout struct {
	fits func(v *viewer) bool
	view func(v *viewer) error
}

// layouts is the table of the layouts, asked in this order before the conventions of single arrays.
func layouts() []layout {
	return []layout{
		{isWell, viewWell},
		{isPDEBenchTensor, viewPDEBenchTensor},
		{isPDEBenchFlow, viewPDEBenchFlow},
		{isPDEBenchIncompressible, viewPDEBenchIncompressible},
		{isPDEBenchGroups, viewPDEBenchGroups},
	}
}

// has reports whether all arrays are there.
func (v *viewer) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, ok := v.infos[name]; return !ok })
}

// attribute returns an attribute that a container's metadata hold: "" is the root.
func (v *viewer) attribute(object, name string) (string, bool) {
	if object != "" {
		name = object + "@" + name
	}
	if v.metadata == nil {
		v.metadata = v.c.Metadata()
	}
	text, ok := v.metadata[name]
	return text, ok
}

// attributeAs reads an attribute that is not a string; the zero value if it is absent or another type.
func attributeAs[T any](v *viewer, object, name string) T {
	var value T
	text, _ := v.attribute(object, name)
	if json.Unmarshal([]byte(text), &value) != nil {
		var list []T
		if json.Unmarshal([]byte(text), &list) == nil && len(list) == 1 {
			return list[0]
		}
	}
	return value
}

// attributeTexts reads a list of strings, or one string.
func (v *viewer) attributeTexts(object, name string) []string {
	text, ok := v.attribute(object, name)
	var list []string
	if !ok || json.Unmarshal([]byte(text), &list) == nil {
		return list
	}
	return []string{text}
}

// parameters takes the numeric attributes of the root, or those of the given names.
func (v *viewer) parameters(names ...string) {
	v.attribute("", "")
	for name, text := range v.metadata {
		if strings.Contains(name, "@") || names != nil && !slices.Contains(names, name) {
			continue
		}
		var value float64
		var list []float64
		switch {
		case json.Unmarshal([]byte(text), &value) == nil:
			put(&v.set.Meta.Parameters, name, value)
		case json.Unmarshal([]byte(text), &list) == nil && len(list) == 1:
			put(&v.set.Meta.Parameters, name, list[0])
		}
	}
}

// axis adds an axis of space with its coordinates, where there is an array of them.
func (v *viewer) axis(name, key string, points int) error {
	axis := Axis{Name: name}
	if v.has(key) {
		coords, err := v.line(key)
		if err != nil {
			return err
		}
		if len(coords) != points {
			return fmt.Errorf("%q holds %d coordinates, the axis has %d points", key, len(coords), points)
		}
		axis.Coords = coords
	}
	v.set.Meta.Axes = append(v.set.Meta.Axes, axis)
	return nil
}

// times takes the time stamps of the frames; the file may hold one more than frames.
func (v *viewer) times(key string, frames int) error {
	if !v.has(key) {
		return nil
	}
	times, err := v.line(key)
	if err != nil {
		return err
	}
	if len(times) != frames && len(times) != frames+1 {
		return fmt.Errorf("%q holds %d time stamps, there are %d frames", key, len(times), frames)
	}
	v.set.Meta.Times = times[:frames]
	return nil
}

// timeTable takes the time stamps [trajectory, time] of trajectories whose times differ.
func (v *viewer) timeTable(key string, trajectories, frames int) error {
	if !v.has(key) {
		return nil
	}
	values, err := v.line(key)
	if err != nil {
		return err
	}
	if !slices.Equal(v.infos[key].Shape, []int{trajectories, frames}) {
		return fmt.Errorf("%q of shape %v does not hold the times of %d trajectories of %d frames", key, v.infos[key].Shape, trajectories, frames)
	}
	for row := range slices.Chunk(values, frames) {
		v.set.Meta.TrajectoryTimes = append(v.set.Meta.TrajectoryTimes, row)
	}
	return nil
}

// trajectoryParameters takes the arrays "parameters/NAME" [trajectory].
func (v *viewer) trajectoryParameters() error {
	n := v.set.Trajectories()
	for key, info := range v.infos {
		name, ok := strings.CutPrefix(key, partParameter)
		if !ok || !slices.Equal(info.Shape, []int{n}) {
			continue
		}
		values, err := v.line(key)
		if err != nil {
			return err
		}
		put(&v.set.Meta.TrajectoryParameters, name, values)
	}
	return nil
}

// array is the part that one array with named axes gives, see parseAxes.
func (v *viewer) array(name, axes string, channel int) boxPart {
	return boxPart{Info: v.infos[name], names: []string{name}, roles: namedRoles([]byte(axes)), channel: channel}
}
