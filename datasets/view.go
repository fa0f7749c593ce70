package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// metadataMeta is the key under which a container's metadata may hold a Meta in JSON.
const metadataMeta = "meta"

// OpenSet opens a data file as a canonical view; a folder or a pattern such as "set/*.hdf5" is all files there as one set.
func OpenSet(path string, keys Keys) (*Set, error) {
	files, many, err := dataFiles(path)
	if err != nil {
		return nil, err
	}
	if many {
		return openJoined(path, files, keys)
	}
	return openOne(path, keys)
}

func openOne(path string, keys Keys) (*Set, error) {
	c, _, err := openFormat(path)
	if err != nil {
		return nil, err
	}
	s, err := view(c, path, keys)
	if err == nil {
		err = s.scan()
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return s, nil
}

// view makes the set of a container without reading its values, where that is possible.
func view(c Container, path string, keys Keys) (*Set, error) {
	s, err := openView(c, path, keys)
	if err == nil {
		err = s.complete()
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", path, err)
	}
	s.closer = c
	return s, nil
}

func openView(c Container, path string, keys Keys) (*Set, error) {
	if f, ok := c.(*fileContainer); ok {
		c = f.Container
	}
	if k, ok := c.(*kmg); ok && keys == (Keys{}) {
		return k.set(path)
	}
	infos := map[string]Info{}
	for _, name := range c.Names() {
		if info, err := c.Info(name); err == nil {
			infos[name] = info
		}
	}
	b := viewer{c: c, infos: infos, set: &Set{Path: path}}
	if keys == (Keys{}) {
		for _, l := range layouts() {
			if !l.fits(&b) {
				continue
			}
			if err := l.view(&b); err != nil {
				return nil, err
			}
			return b.set, b.trajectoryParameters()
		}
	}
	var err error
	if b.set.Keys, err = keys.resolve(infos); err != nil {
		return nil, err
	}
	return b.set, b.build()
}

// viewer builds a set from a container.
type viewer struct {
	c        Container
	infos    map[string]Info
	set      *Set
	whole    *wholeBoxer // reads parts of the arrays of a container that cannot
	metadata map[string]string
}

func (v *viewer) build() error {
	s, k := v.set, &v.set.Keys
	var meta Meta
	if json.Unmarshal([]byte(v.c.Metadata()[metadataMeta]), &meta) == nil { // else the key means something else there
		s.Meta = meta
	}
	var err error
	if k.Input != "" {
		targetAxes := k.TargetAxes
		if targetAxes == "" {
			targetAxes = k.Axes // as given; what is guessed is guessed for each
		}
		var outputs string
		if s.Inputs, k.Axes, err = v.fields(k.Input, k.Axes, guessPairAxesBeside(v.infos[k.Target].Shape)); err != nil {
			return err
		}
		if s.Outputs, outputs, err = v.fields(k.Target, targetAxes, guessPairAxesBeside(v.infos[k.Input].Shape)); err != nil {
			return err
		}
		if outputs != k.Axes {
			k.TargetAxes = outputs
		}
		v.name(&s.Meta.InputChannels, k.Input, s.Inputs)
		v.name(&s.Meta.Channels, k.Target, s.Outputs)
	} else {
		if s.Fields, k.Axes, err = v.fields(k.Fields, k.Axes, guessFieldAxes); err != nil {
			return err
		}
		v.name(&s.Meta.Channels, k.Fields, s.Fields)
		if err = v.initial(); err != nil {
			return err
		}
	}
	return v.describe()
}

// describe takes time stamps, coordinates, scalar parameters and those of each trajectory, "parameters/NAME", from the
// arrays that are left.
func (v *viewer) describe() error {
	s, k := v.set, &v.set.Keys
	used := []string{k.Fields, k.Input, k.Target}
	free := func(name string) bool {
		_, ok := v.infos[name]
		return ok && !slices.Contains(used, name)
	}
	shape := s.Target().Shape()
	if s.Fields != nil {
		for _, name := range []string{"time", "times", "t"} {
			if k.Time == "" && free(name) {
				k.Time = name
			}
		}
	}
	if k.Time != "" {
		times, err := v.line(k.Time)
		if err != nil {
			return err
		}
		if len(times) != shape[1] {
			return fmt.Errorf("%q holds %d time stamps, there are %d frames", k.Time, len(times), shape[1])
		}
		s.Meta.Times = times
		used = append(used, k.Time)
	}
	for i, n := range shape[2 : len(shape)-1] {
		if i < len(s.Meta.Axes) {
			continue
		}
		axis := Axis{Name: axisName(i)}
		if free(axis.Name) && length(v.infos[axis.Name]) == slices.Max(append(v.infos[axis.Name].Shape, 1)) {
			coords, err := v.line(axis.Name)
			if err != nil {
				return err
			}
			if len(coords) != n {
				return fmt.Errorf("%q holds %d coordinates, the axis has %d points", axis.Name, len(coords), n)
			}
			axis.Coords = coords
		}
		s.Meta.Axes = append(s.Meta.Axes, axis)
	}
	for name, info := range v.infos {
		parameter, each := strings.CutPrefix(name, partParameter)
		each = each && slices.Equal(info.Shape, shape[:1])
		if !free(name) || !each && (len(info.Shape) > 0 || !info.Dtype.Float()) {
			continue
		}
		values, err := v.line(name)
		switch {
		case err != nil:
			return err
		case each:
			put(&s.Meta.TrajectoryParameters, parameter, values)
		default:
			put(&s.Meta.Parameters, name, values[0])
		}
	}
	return nil
}

// put enters a value into a map that may not exist yet.
func put[V any](to *map[string]V, key string, value V) {
	if *to == nil {
		*to = map[string]V{}
	}
	(*to)[key] = value
}

// line reads a small array as a list of finite numbers.
func (v *viewer) line(name string) ([]float64, error) {
	a, err := v.c.Array(name)
	if err != nil {
		return nil, err
	}
	values, err := a.Float64s()
	if err == nil && !allFinite(values) {
		err = errors.New("it holds values that are not finite")
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	return values, nil
}
