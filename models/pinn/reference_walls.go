package pinn

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
	"github.com/kolmogo/kolmogo/pde/term"
)

// wallNodes is the number of nodes between walls: fronts a fiftieth of the interval wide are followed to about 1e-7.
const wallNodes = 1601

// betweenWalls is the solution of u_t = ν u_xx + f(u) at (x, t) between walls that keep their values or let no flux through, as reference.walls
// says, from the value that reference.formula gives at the first time.
func betweenWalls(nu string, reaction func(p map[string]float64) func(u float64) float64, names ...string) func(*Model, map[string]float64) (solution, error) {
	return func(m *Model, parameters map[string]float64) (solution, error) {
		if err := need(m.Problem.Reference.Solver, parameters, append(names, nu)...); err != nil {
			return nil, err
		}
		if err := m.startsOnALine(); err != nil {
			return nil, err
		}
		low, high := m.Region.Bounds()
		w := pde.ReactionWalls{Nodes: wallNodes, Length: high[0] - low[0], Nu: parameters[nu], Reaction: reaction(parameters), NoFlux: m.Problem.Reference.Walls == "no_flux"}
		start := make([]float64, wallNodes)
		for i := range start {
			start[i] = term.Eval(m.exact[0], term.Values{At: []float64{low[0] + w.Length*float64(i)/(wallNodes-1), low[1]}, Parameters: parameters})
		}
		return func(x []float64) ([]float64, error) {
			order := make([]int, len(x)/2)
			for i := range order {
				order[i] = i
			}
			slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[2*a+1], x[2*b+1]) })
			u, now, values := slices.Clone(start), low[1], make([]float64, len(order))
			for _, i := range order {
				if t := x[2*i+1]; t > now {
					pde.Extrapolation{Rtol: 1e-9, Atol: 1e-10, Dt: t - now}.Stepper(w).Step(u)
					now = t
				}
				if math.IsNaN(u[0]) {
					return nil, fmt.Errorf("pinn: %s: the reference at t = %v could not be computed", m.Problem.Reference.Solver, now)
				}
				values[i] = along(u, (x[2*i]-low[0])/w.Length)
			}
			return values, nil
		}, nil
	}
}

// along is the polynomial through the eight nodes around s, a part of the interval.
func along(u []float64, s float64) float64 {
	n := len(u)
	at := s * float64(n-1)
	first := min(max(int(math.Floor(at))-3, 0), n-8)
	w := lagrange(at - float64(first))
	sum := 0.0
	for k, v := range w {
		sum += v * u[first+k]
	}
	return sum
}
