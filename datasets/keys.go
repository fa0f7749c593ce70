package datasets

import (
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
		if len(info.Shape) >= 2 && length(info) > slices.Max(info.Shape) && !strings.Contains(name, "/") {
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
