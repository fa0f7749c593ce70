package pinn

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
	"github.com/kolmogo/kolmogo/pde/term"
)

// ErrNoReference is returned where a problem says nothing about its solution, or names a file, which who trains must read.
var ErrNoReference = errors.New("pinn: the problem has no reference solution in closed form: give reference.formula, or read reference.file and call SetReference")

// solution is the reference at points [n, coordinates], as [n, quantities].
type solution func(x []float64) ([]float64, error)

// solver makes the reference of a model from the values of parameters by name.
type solver func(m *Model, parameters map[string]float64) (solution, error)

// solvers is the table of reference.solver for periodic problems, and those whose walls are of one kind.
func solvers() map[string]solver {
	return map[string]solver{
		"allen_cahn":                evolution(allenCahn),
		"cavity":                    cavity,
		"cole_hopf":                 coleHopf,
		"cole_hopf_characteristics": characteristics,
		"fisher":                    evolution(fisher),
		"gray_scott":                planeEvolution(grayScott),
		"korteweg_de_vries":         evolution(kortewegDeVries),
		"kuramoto_sivashinsky":      evolution(kuramotoSivashinsky),
		"laplace_discs":             laplaceDiscs,
	}
}

// walled is the table of reference.solver where reference.walls is fixed or no_flux.
func walled() map[string]solver {
	return map[string]solver{
		"allen_cahn": betweenWalls("epsilon", func(p map[string]float64) func(float64) float64 {
			return func(u float64) float64 { return p["growth"] * (u - u*u*u) }
		}, "growth"),
		"fisher": betweenWalls("nu", func(p map[string]float64) func(float64) float64 {
			return func(u float64) float64 { return p["rho"] * u * (1 - u) }
		}, "rho"),
	}
}

// need reports names that a solver reads and nothing gives.
func need(solver string, p map[string]float64, names ...string) error {
	for _, name := range names {
		if _, ok := p[name]; !ok {
			return fmt.Errorf("%s reads %v from parameters and reference.parameters: %s is missing", solver, names, name)
		}
	}
	return nil
}

// coleHopf is the solution of u_t + u u_x = nu u_xx from amplitude·sin(wavenumber·x) at (x, t).
func coleHopf(m *Model, p map[string]float64) (solution, error) {
	if len(m.Quantities) != 1 || len(m.Problem.Coordinates) != 2 {
		return nil, fmt.Errorf("cole_hopf gives one quantity of x and t")
	}
	if err := need("cole_hopf", p, "nu", "amplitude", "wavenumber"); err != nil {
		return nil, err
	}
	exact := pde.ColeHopf{Nu: p["nu"], A: p["amplitude"], K: p["wavenumber"]}
	return func(x []float64) ([]float64, error) {
		var u []float64
		for at := range slices.Chunk(x, 2) {
			v, _ := exact.At(at[1], at[0])
			u = append(u, v)
		}
		return u, nil
	}, nil
}

// compileReference finds the reference that the problem gives.
func (m *Model) compileReference() error {
	r := m.Problem.Reference
	parameters := map[string]float64{}
	for _, list := range []map[string]Number{m.Problem.Parameters, r.Parameters} {
		for name, v := range list {
			parameters[name] = float64(v)
		}
	}
	switch {
	case r.Solver != "":
		table := solvers()
		switch r.Walls {
		case "", "periodic":
		case "fixed", "no_flux":
			table = walled()
		default:
			return fmt.Errorf("pinn: reference.walls: unknown %q: periodic, fixed or no_flux", r.Walls)
		}
		build, ok := table[r.Solver]
		if !ok {
			return fmt.Errorf("pinn: reference.solver: unknown %q with walls %q (known: %v)", r.Solver, cmp.Or(r.Walls, "periodic"), slices.Sorted(maps.Keys(table)))
		}
		var err error
		if m.reference, err = build(m, parameters); err != nil {
			return fmt.Errorf("pinn: reference.solver: %w", err)
		}
	case len(r.Formula) > 0:
		if slices.Contains(m.exact, nil) {
			return fmt.Errorf("pinn: reference.formula: there is none for one of %v", m.Quantities)
		}
		for name := range m.Problem.Trained {
			if _, ok := parameters[name]; !ok && slices.ContainsFunc(m.exact, func(e term.Expr) bool { return reads(e, name) }) {
				return fmt.Errorf("pinn: reference.parameters: the formula needs the true value of %s", name)
			}
		}
		m.reference = func(x []float64) ([]float64, error) {
			var u []float64
			for at := range slices.Chunk(x, len(m.Problem.Coordinates)) {
				for _, e := range m.exact {
					u = append(u, term.Eval(e, term.Values{At: at, Parameters: parameters}))
				}
			}
			return u, nil
		}
	}
	return nil
}

func reads(e term.Expr, parameter string) bool {
	for part := range term.Walk(e) {
		if p, ok := part.(term.Parameter); ok && p.Name == parameter {
			return true
		}
	}
	return false
}

// SetReference sets the reference solution: u(x) at points [n, coordinates], as [n, quantities].
func (m *Model) SetReference(u func(x []float64) ([]float64, error)) { m.reference = u }

// Exact returns the reference solution at points [n, coordinates], as [n, quantities]; ErrNoReference where there is none.
func (m *Model) Exact(x []float64) ([]float64, error) {
	if m.reference == nil {
		return nil, ErrNoReference
	}
	return m.reference(x)
}

// Judged returns the points of Grid at which the reference has a value, and those values, [n, quantities]. A reference is NaN where it has none, as
// a pressure without bound at a corner; it must not be so at more than a hundredth of the points. The reference is computed once.
func (m *Model) Judged() (points, want []float64, err error) {
	if m.judgedAt != nil {
		return m.judgedAt, m.judgedBy, nil
	}
	grid, err := m.Grid()
	if err != nil {
		return nil, nil, err
	}
	all, err := m.Exact(grid)
	if err != nil {
		return nil, nil, err
	}
	d, k := len(m.Problem.Coordinates), len(m.Quantities)
	n := len(grid) / d
	for i := range n {
		if u := all[i*k : (i+1)*k]; !slices.ContainsFunc(u, math.IsNaN) {
			points, want = append(points, grid[i*d:(i+1)*d]...), append(want, u...)
		}
	}
	if have := len(points) / d; 100*(n-have) > n {
		return nil, nil, fmt.Errorf("pinn: the reference has values at %d of the %d points of reference.grid: its formula or solver fails there", have, n)
	}
	m.judgedAt, m.judgedBy = points, want
	return points, want, nil
}

// Grid returns the points of reference.grid, equidistant with both ends along every coordinate, the last running fastest, that lie in
// the domain. Without the key there are about 10,000, the same number along each coordinate.
func (m *Model) Grid() ([]float64, error) {
	low, high := m.Region.Bounds()
	d := len(low)
	n := slices.Clone(m.Problem.Reference.Grid)
	if len(n) == 0 {
		each := 2
		for each < 101 && pow(each+1, d) <= 10201 {
			each++
		}
		n = slices.Repeat([]int{each}, d)
	}
	if len(n) != d || slices.Min(n) < 2 {
		return nil, fmt.Errorf("pinn: reference.grid %v: want two points or more for each of %d coordinates", n, d)
	}
	var points []float64
	index := make([]int, d)
	x := make([]float64, d)
	for {
		for i := range x {
			x[i] = low[i] + (high[i]-low[i])*float64(index[i])/float64(n[i]-1)
		}
		if m.Region.Contains(x) {
			points = append(points, x...)
		}
		i := d - 1
		for ; i >= 0; i-- {
			if index[i]++; index[i] < n[i] {
				break
			}
			index[i] = 0
		}
		if i < 0 {
			return points, nil
		}
	}
}

func pow(n, d int) int {
	p := 1
	for range d {
		p *= n
	}
	return p
}
