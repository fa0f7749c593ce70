package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Keys says which arrays of a container make the canonical view. The zero value asks OpenSet to find out.
type Keys struct {
	// Fields names the array of the trajectories; or Input and Target those of pairs.
	Fields string `json:"fields,omitempty"`
	Input  string `json:"input,omitempty"`
	Target string `json:"target,omitempty"`
	// Time names the array of the time stamps.
	Time string `json:"time,omitempty"`
	// Axes gives the order of the stored axes, such as "n t x c" or, for pairs, "n x y": n trajectory, t time, x y z
	// space, c channel. Axes that are absent have length one. TargetAxes is for a Target that differs from Input.
	Axes       string `json:"axes,omitempty"`
	TargetAxes string `json:"target_axes,omitempty"`
}

// convention is a set of names that the field uses.
type convention struct {
	need []string // arrays that must be there
	keys Keys
	// fits tells more, and may complete the keys; nil accepts.
	fits func(infos map[string]Info, k *Keys) bool
}

// conventions is the table of the conventions, asked in this order.
func conventions() []convention {
	return []convention{
		{need: []string{KeyFields}, keys: Keys{Fields: KeyFields}, fits: canonicalFields},
		{need: []string{KeyInputs, KeyOutputs}, keys: Keys{Input: KeyInputs, Target: KeyOutputs}},
		{need: []string{"t", "x", "usol"}, keys: Keys{Fields: "usol", Time: "t"}, fits: solutionOverGrid},
		{need: []string{"a", "u", "t"}, keys: Keys{Fields: "u", Time: "t"}, fits: solutionOfInitial},
		{need: []string{"t", "x", "u"}, keys: Keys{Fields: "u", Time: "t"}, fits: solutionOverGrid},
		{need: []string{"a", "u"}, keys: Keys{Input: "a", Target: "u"}, fits: samePoints},
		{need: []string{"coeff", "sol"}, keys: Keys{Input: "coeff", Target: "sol"}, fits: samePoints},
		{need: []string{"x", "y"}, keys: Keys{Input: "x", Target: "y"}, fits: samePoints},
		{need: []string{"input", "target"}, keys: Keys{Input: "input", Target: "target"}, fits: samePoints},
	}
}

// canonicalFields: the array "fields" has all axes of the canonical view unless it has too few.
func canonicalFields(infos map[string]Info, k *Keys) bool {
	if n := len(infos[k.Fields].Shape); n >= 4 {
		k.Axes = formatAxes(slices.Concat([]byte("nt"), spaceAxes(n-3), []byte("c")))
	}
	return true
}

// solutionOverGrid: DeepXDE's usol [x, t], or jaxpi's [t, x], with the coordinates in x and t.
func solutionOverGrid(infos map[string]Info, k *Keys) bool {
	shape := infos[k.Fields].Shape
	x, t := length(infos["x"]), length(infos["t"])
	if slices.Equal(shape, []int{x, t}) {
		k.Axes = "x t"
		return true
	}
	k.Axes = "t x"
	return slices.Equal(shape, []int{t, x})
}

// solutionOfInitial: the FNO paper's initial condition a [n, x..] and solution u [n, x.., t].
func solutionOfInitial(infos map[string]Info, k *Keys) bool {
	a, u := infos["a"].Shape, infos["u"].Shape
	last := len(u) - 1
	if len(a) != last || last < 2 || !slices.Equal(a, u[:last]) {
		return false
	}
	k.Axes = formatAxes(slices.Concat([]byte("n"), spaceAxes(last-1), []byte("t")))
	return true
}

// samePoints: both arrays have at least two axes and the same number of samples.
func samePoints(infos map[string]Info, k *Keys) bool {
	a, u := infos[k.Input].Shape, infos[k.Target].Shape
	return len(a) >= 2 && len(u) >= 2 && a[0] == u[0]
}

// length returns the number of elements.
func length(i Info) int { return Array{Shape: i.Shape}.Len() }

// metadataMeta is the key under which a container's metadata may hold a Meta in JSON.
const metadataMeta = "meta"

// scanLimit is the size up to which a set is searched for values that are not finite when it is opened; in larger ones
// they are found when they are read.
const scanLimit = 256 << 20

// OpenSet opens a data file as a canonical view.
func OpenSet(path string, keys Keys) (*Set, error) {
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
		if k, ok := f.Container.(*kmg); ok && keys == (Keys{}) {
			return k.set(path)
		}
		c = f.Container
	}
	infos := map[string]Info{}
	for _, name := range c.Names() {
		if info, err := c.Info(name); err == nil {
			infos[name] = info
		}
	}
	keys, err := keys.resolve(infos)
	if err != nil {
		return nil, err
	}
	b := viewer{c: c, infos: infos, set: &Set{Path: path, Keys: keys}}
	return b.set, b.build()
}

// resolve completes keys by the conventions.
func (k Keys) resolve(infos map[string]Info) (Keys, error) {
	if (k.Input != "") != (k.Target != "") || k.Input != "" && k.Fields != "" {
		return k, errors.New("name either fields, or input and target")
	}
	if _, bare := infos[""]; k.Fields != "" || k.Input != "" || bare {
		return k, nil
	}
	for _, c := range conventions() {
		found := c.keys
		present := !slices.ContainsFunc(c.need, func(name string) bool { _, ok := infos[name]; return !ok })
		if present && (c.fits == nil || c.fits(infos, &found)) {
			return found.override(k), nil
		}
	}
	var fields []string
	for name, info := range infos {
		if len(info.Shape) >= 2 && length(info) > slices.Max(info.Shape) {
			fields = append(fields, name)
		}
	}
	if len(fields) == 1 {
		return Keys{Fields: fields[0]}.override(k), nil
	}
	return k, fmt.Errorf("no known names among %s; name the arrays: data.keys.fields, or data.keys.input and data.keys.target", listing(infos))
}

// override returns k with what the user said about time and axes.
func (k Keys) override(user Keys) Keys {
	for _, f := range []struct{ to, from *string }{{&k.Time, &user.Time}, {&k.Axes, &user.Axes}, {&k.TargetAxes, &user.TargetAxes}} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	return k
}

// listing shows names and shapes.
func listing(infos map[string]Info) string {
	text := ""
	for i, name := range slices.Sorted(maps.Keys(infos)) {
		if i == 20 {
			return text + fmt.Sprintf(", and %d more", len(infos)-i)
		}
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%q %v", name, infos[name].Shape)
	}
	if text == "" {
		return "no arrays"
	}
	return text
}

// viewer builds a set from a container.
type viewer struct {
	c     Container
	infos map[string]Info
	set   *Set
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
			targetAxes = k.Axes
		}
		var outputs string
		if s.Inputs, k.Axes, err = v.fields(k.Input, k.Axes, guessPairAxes); err != nil {
			return err
		}
		if s.Outputs, outputs, err = v.fields(k.Target, targetAxes, guessPairAxes); err != nil {
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
	}
	return v.describe()
}

// fields makes the Fields of one array: in the file where its bytes lie in canonical order, else in memory.
func (v *viewer) fields(key, axesText string, guess func([]int) []byte) (Fields, string, error) {
	info, ok := v.infos[key]
	if !ok {
		if _, err := v.c.Info(key); err != nil {
			return nil, "", err
		}
	}
	axes := guess(info.Shape)
	if axesText != "" {
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

// scan reads the blocks that are not too large, so that bad values are found before the training begins.
func (s *Set) scan() error {
	for _, f := range []Fields{s.Fields, s.Inputs, s.Outputs} {
		if f == nil {
			continue
		}
		if size, err := byteSize(f.Dtype(), f.Shape()); err != nil || size > scanLimit {
			continue
		}
		if err := scanFields(f); err != nil {
			return err
		}
	}
	return nil
}

// scanFields reads all values and gathers the errors of those that are not finite.
func scanFields(f Fields) error {
	shape := f.Shape()
	buffer := make([]float64, frameSize(shape))
	var all *NonfiniteError
	for trajectory := range shape[0] {
		for frame := range shape[1] {
			err := f.ReadFrames64(buffer, trajectory, frame, 1)
			var e *NonfiniteError
			if err != nil && !errors.As(err, &e) {
				return err
			}
			switch {
			case e == nil:
			case all == nil:
				all = e
			default:
				all.Count += e.Count
				all.Places = append(all.Places, e.Places...)
				all.Places = all.Places[:min(10, len(all.Places))]
			}
		}
	}
	if all != nil {
		return all
	}
	return nil
}
