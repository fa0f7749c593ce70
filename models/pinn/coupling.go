package pinn

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/pde/term"
)

// Coupling is a condition where networks of subdomains meet.
type Coupling struct {
	Kind   string `yaml:"kind" help:"of the table of couplings"`
	Weight Number `yaml:"weight,omitempty" help:"of the mean square in the loss (default 1)"`
}

// UnmarshalYAML reads a kind, or a kind and a weight, and refuses unknown keys.
func (c *Coupling) UnmarshalYAML(unmarshal func(any) error) error {
	if unmarshal(&c.Kind) == nil {
		return nil
	}
	type plain Coupling
	return strict(unmarshal, (*plain)(c))
}

// coupling is a kind of condition: for each side (a, b) a residual a·e₁ + b·e₂ of each expression e at a network and at its neighbour.
type coupling struct {
	exprs func(*Model) ([]term.Expr, error)
	sides [][2]float64
}

// couplingKinds is the table of couplings, by name (those of Jagtap & Karniadakis 2020, Commun. Comput. Phys. 28, 2002, sec. 3, and of Li et
// al. 2023, METALIC, arXiv 2210.12669, sec. 3): a new one is a line here. The average is that of u₁ − ū and u₂ − ū, whose squares add up to
// those of the jump over two.
func couplingKinds() map[string]coupling {
	jump, half := [][2]float64{{1, -1}}, [][2]float64{{math.Sqrt(0.5), -math.Sqrt(0.5)}}
	each := [][2]float64{{1, 0}, {0, 1}}
	return map[string]coupling{
		"value":               {derivatives(func(*Model, string) []string { return []string{""} }), jump},
		"average":             {derivatives(func(*Model, string) []string { return []string{""} }), half},
		"residual":            {equations, each},
		"residual_continuity": {equations, jump},
		"residual_gradient":   {equationGradients, each},
		"flux":                {fluxes, jump},
		"normal":              {derivatives(normal), jump},
		"second_normal":       {derivatives(secondNormal), jump},
		"tangential":          {derivatives(tangential), jump},
		"second_tangential":   {derivatives(secondTangential), jump},
	}
}

// CouplingKinds are the names of the couplings, sorted.
func CouplingKinds() []string { return sorted(couplingKinds()) }

// derivatives is for each unknown u the sums that text writes as terms "factor*u_x"; a term "" is u itself.
func derivatives(text func(m *Model, u string) []string) func(*Model) ([]term.Expr, error) {
	return func(m *Model) ([]term.Expr, error) {
		var list []term.Expr
		for _, u := range m.Problem.Unknowns {
			for _, src := range text(m, u) {
				if src == "" {
					src = u
				}
				e, err := m.interfaceScope().Parse(src)
				if err != nil {
					return nil, err
				}
				list = append(list, e)
			}
		}
		return list, nil
	}
}

// normal is ∂u/∂n.
func normal(m *Model, u string) []string {
	var sum []string
	for _, x := range m.Problem.Coordinates {
		sum = append(sum, fmt.Sprintf("n_%s*%s_%s", x, u, x))
	}
	return []string{strings.Join(sum, " + ")}
}

// secondNormal is ∂²u/∂n²; faces are flat, and their normals lie along an axis.
func secondNormal(m *Model, u string) []string {
	var sum []string
	for _, x := range m.Problem.Coordinates {
		sum = append(sum, fmt.Sprintf("n_%s^2*%s_%s%s", x, u, x, x))
	}
	return []string{strings.Join(sum, " + ")}
}

// tangential is the gradient along the face, by coordinate.
func tangential(m *Model, u string) []string {
	var list []string
	for _, x := range m.Problem.Coordinates {
		list = append(list, fmt.Sprintf("(1 - n_%s^2)*%s_%s", x, u, x))
	}
	return list
}

// secondTangential is the Laplacian along the face.
func secondTangential(m *Model, u string) []string {
	var sum []string
	for _, x := range m.Problem.Coordinates {
		sum = append(sum, fmt.Sprintf("(1 - n_%s^2)*%s_%s%s", x, u, x, x))
	}
	return []string{strings.Join(sum, " + ")}
}

func equations(m *Model) ([]term.Expr, error) { return m.Sets[0].residuals, nil }

// equationGradients are the derivatives of the equations' residuals.
func equationGradients(m *Model) ([]term.Expr, error) {
	var list []term.Expr
	for _, e := range m.Sets[0].residuals {
		for i, x := range m.Problem.Coordinates {
			d := term.Diff(e, i)
			for part := range term.Walk(d) {
				if u, ok := part.(term.Unknown); ok && len(u.D) > term.MaxOrder {
					return nil, fmt.Errorf("the equations have derivatives of order %d already, none is left for ∂/∂%s", term.MaxOrder, x)
				}
				if o, ok := part.(term.Operator); ok && slices.ContainsFunc(o.Terms, func(w term.Weighted) bool { return len(w.D) > term.MaxOrder }) {
					return nil, fmt.Errorf("the equations have derivatives of order %d already, none is left for ∂/∂%s", term.MaxOrder, x)
				}
			}
			list = append(list, d)
		}
	}
	return list, nil
}

// fluxes is Σ n_i f_i with what subdomains.flux says.
func fluxes(m *Model) ([]term.Expr, error) {
	flux := m.Problem.Subdomains.Flux
	if len(flux) == 0 {
		return nil, fmt.Errorf("say what flows in subdomains.flux, as in {x: u^2/2 - nu*u_x, t: u}")
	}
	var sum []string
	for _, x := range sorted(flux) {
		if !slices.Contains(m.Problem.Coordinates, x) {
			return nil, fmt.Errorf("subdomains.flux: %q is no coordinate", x)
		}
		sum = append(sum, fmt.Sprintf("n_%s*(%s)", x, flux[x]))
	}
	e, err := m.interfaceScope().Parse(strings.Join(sum, " + "))
	return []term.Expr{e}, err
}

// interfaceScope has the normals along all coordinates.
func (m *Model) interfaceScope() term.Scope {
	s := m.equationScope
	s.Parameters = slices.Clone(s.Parameters)
	for _, x := range m.Problem.Coordinates {
		s.Parameters = append(s.Parameters, "n_"+x)
	}
	return s
}

// Couplings are the kinds of problem.subdomains.interface, in order; none without subdomains.
func (m *Model) Couplings() []string {
	var list []string
	for _, s := range m.Sets {
		for _, kind := range s.Kinds {
			if !slices.Contains(list, kind) {
				list = append(list, kind)
			}
		}
	}
	return list
}
