package optimize

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Config is the settings of all methods; each reads its own.
type Config struct {
	LevenbergMarquardt LevenbergMarquardtConfig
	GaussNewton        GaussNewtonConfig
	LBFGS              LBFGSConfig
	NewtonCG           NewtonCGConfig
}

// methods is the table of names: a new one is a line here and the file that it names.
func methods() map[string]func(Problem, Config) (Method, error) {
	return map[string]func(Problem, Config) (Method, error){
		"gauss_newton": func(p Problem, c Config) (Method, error) { return NewGaussNewton(p, c.GaussNewton) },
		"lbfgs": func(p Problem, c Config) (Method, error) {
			o, err := NewObjective(p)
			return NewLBFGS(o, c.LBFGS), err
		},
		"lm":        func(p Problem, c Config) (Method, error) { return NewLevenbergMarquardt(p, c.LevenbergMarquardt) },
		"newton_cg": func(p Problem, c Config) (Method, error) { return NewNewtonCG(p, c.NewtonCG) },
		"ssbroyden": func(p Problem, _ Config) (Method, error) { return NewBroyden(p) },
	}
}

// Methods are the names that New knows, in order.
func Methods() []string { return slices.Sorted(maps.Keys(methods())) }

// New returns the method of a name on a problem.
func New(name string, p Problem, c Config) (Method, error) {
	build, ok := methods()[name]
	if !ok {
		return nil, fmt.Errorf("optimize: unknown method %q: use one of %s", name, strings.Join(Methods(), ", "))
	}
	return build(p, c)
}
