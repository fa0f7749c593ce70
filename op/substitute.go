package op

import "fmt"

// Substitute returns the outputs with other values in place of leaves: f(.., to, ..) for f(.., from, ..), as new nodes of the same graph.
// What does not depend on a replaced leaf is shared. from and to have equal shapes and dtypes.
func Substitute(outputs, from, to []Value) []Value {
	result := make([]Value, len(outputs))
	if len(outputs) == 0 || outputs[0].g.err != nil {
		return result
	}
	g := outputs[0].g
	fail := func(err error) []Value {
		g.fail(err)
		return result
	}
	new := map[Value]Value{}
	for i, v := range from {
		if _, leaf := v.Leaf(); !leaf || v.Dims() != to[i].Dims() || v.Dtype() != to[i].Dtype() {
			return fail(fmt.Errorf("op: substitute: %v%v by %v%v: want a leaf and a value like it", v.Dtype(), v.Dims(), to[i].Dtype(), to[i].Dims()))
		}
		new[v] = to[i]
	}
	order, err := Topological(outputs...)
	if err != nil {
		return fail(err)
	}
	for _, v := range order {
		o, in, err := v.Def()
		if err != nil {
			return fail(err)
		}
		changed := false
		args := make([]Value, len(in))
		for i, c := range in {
			args[i] = c
			if w, ok := new[c]; ok {
				args[i], changed = w, true
			}
		}
		if changed && o != nil {
			new[v] = Apply(o, args...)
		}
	}
	for i, v := range outputs {
		result[i] = v
		if w, ok := new[v]; ok {
			result[i] = w
		}
	}
	return result
}
