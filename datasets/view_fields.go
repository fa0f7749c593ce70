package datasets

import (
	"fmt"
	"slices"
	"strings"
)

// fields makes the Fields of one array: in the file where its bytes lie in canonical order, else in memory.
func (v *viewer) fields(key, axesText string, guess func([]int) []byte) (Fields, string, error) {
	info, ok := v.infos[key]
	if !ok {
		if _, err := v.c.Info(key); err != nil {
			return nil, "", err
		}
	}
	var axes []byte
	if axesText == "" {
		axes = guess(info.Shape)
	} else {
		var err error
		if axes, err = parseAxes(axesText); err != nil {
			return nil, "", err
		}
	}
	order, shape, err := canonicalOrder(axes, info.Shape)
	if err != nil {
		return nil, "", fmt.Errorf("%q: %w", key, err)
	}
	size, err := byteSize(info.Dtype, shape)
	if err != nil {
		return nil, "", fmt.Errorf("%q: %w", key, err)
	}
	if _, ok := v.c.(boxer); ok && size > boxesFrom && !(slices.IsSorted(order) && v.sectioned(key)) {
		part := boxPart{names: []string{key}, Info: info, roles: namedRoles(axes)}
		fields, err := v.boxes(shape, key, part)
		return fields, formatAxes(axes), err
	}
	from, err := v.source(key, order, size/int64(max(shape[0], 1)))
	if err != nil {
		return nil, "", err
	}
	fields, err := newStored(from, info.Dtype, shape, v.set.Path, key)
	if err != nil {
		return nil, "", err
	}
	return fields, formatAxes(axes), nil
}

// initial takes the FNO paper's initial condition a of u.
func (v *viewer) initial() (err error) {
	s, axes := v.set, Keys{}
	if s.Keys.Fields != "u" || !v.has("a") || !solutionOfInitial(v.infos, &axes) || axes.Axes != s.Keys.Axes {
		return nil
	}
	s.Initial, _, err = v.fields("a", strings.TrimSuffix(axes.Axes, " t"), nil)
	return err
}

// boxesFrom is the size from which an array that must be decoded is read by parts instead of being held in memory.
const boxesFrom = 256 << 20

// sectioned reports whether an array lies in the file as it is.
func (v *viewer) sectioned(key string) bool {
	s, ok := v.c.(sectioner)
	return ok && s.Section(key) != nil
}

func (v *viewer) source(key string, order []int, stride int64) (source, error) {
	inOrder := slices.IsSorted(order)
	if s, ok := v.c.(sectioner); ok && inOrder {
		if r := s.Section(key); r != nil {
			return section{r, stride}, nil
		}
	}
	a, err := v.c.Array(key)
	if err != nil {
		return nil, err
	}
	if !inOrder {
		a = a.transpose(order)
	}
	return memory{a.Raw, stride}, nil
}

// name names channels that have no names by the key of their array; the arrays that hold u by definition are named so.
func (v *viewer) name(channels *[]string, key string, f Fields) {
	shape := f.Shape()
	if key == "" || key == "usol" || key == KeyFields {
		key = "u"
	}
	if *channels == nil {
		*channels = channelNames(key, shape[len(shape)-1])
	}
}
