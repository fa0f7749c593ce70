package eval

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// param is one parameter of a metric and its default.
type param struct{ name, value string }

// args holds the values of a metric's parameters. The first value that cannot be read is kept in err.
type args struct {
	values map[string]string
	err    error
}

// parseArgs reads "value,key=value,..": values without a key are taken in the order of the parameters.
func parseArgs(params []param, given string) (*args, error) {
	a := &args{values: map[string]string{}}
	for _, p := range params {
		a.values[p.name] = p.value
	}
	if given == "" {
		return a, nil
	}
	for i, part := range strings.Split(given, ",") {
		key, value, named := strings.Cut(part, "=")
		if !named {
			if i >= len(params) {
				return nil, fmt.Errorf("takes %d parameters (%s), got %q besides", len(params), paramNames(params), part)
			}
			key, value = params[i].name, part
		}
		if _, ok := a.values[key]; !ok {
			return nil, fmt.Errorf("has no parameter %q; it has: %s", key, paramNames(params))
		}
		a.values[key] = value
	}
	return a, nil
}

func paramNames(params []param) string {
	if len(params) == 0 {
		return "none"
	}
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.name
	}
	return strings.Join(names, ", ")
}

// number reads a parameter that lies in [least, most].
func (a *args) number(name string, least, most float64) float64 {
	v, err := strconv.ParseFloat(a.values[name], 64)
	if err != nil || !(v >= least && v <= most) {
		a.fail(name, fmt.Sprintf("a number from %g to %g", least, most))
	}
	return v
}

// count reads a parameter that is a whole number ≥ least.
func (a *args) count(name string, least int) int {
	v, err := strconv.Atoi(a.values[name])
	if err != nil || v < least {
		a.fail(name, fmt.Sprintf("a whole number, at least %d", least))
	}
	return v
}

// choice reads a parameter that is one of some words.
func (a *args) choice(name string, words ...string) string {
	if v := a.values[name]; slices.Contains(words, v) {
		return v
	}
	a.fail(name, strings.Join(words, " or "))
	return words[0]
}

func (a *args) fail(name, want string) {
	if a.err == nil {
		a.err = fmt.Errorf("%s is %q; want %s", name, a.values[name], want)
	}
}
