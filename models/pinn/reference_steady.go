package pinn

import (
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
	"github.com/kolmogo/kolmogo/pde/domain"
	"github.com/kolmogo/kolmogo/pde/term"
)

// cavity is the steady flow in the unit square at Reynolds number re, of which quantities are named u, v and p; the formula of u is the
// speed of the lid, y = 1, and without it that is 1. Where a corner of the lid moves there is no velocity.
func cavity(m *Model, p map[string]float64) (solution, error) {
	if err := need("cavity", p, "re"); err != nil {
		return nil, err
	}
	low, high := m.Region.Bounds()
	if !slices.Equal(low, []float64{0, 0}) || !slices.Equal(high, []float64{1, 1}) {
		return nil, fmt.Errorf("cavity is a flow in the unit square")
	}
	order, lid := map[string]int{"u": 0, "v": 1, "p": 2}, func(float64) float64 { return 1 }
	for i, name := range m.Quantities {
		if _, ok := order[name]; !ok {
			return nil, fmt.Errorf("cavity gives u, v and p, not %s: name them in reference.quantities", name)
		}
		if e := m.exact[i]; name == "u" && e != nil {
			lid = func(x float64) float64 { return term.Eval(e, term.Values{At: []float64{x, 1}, Parameters: p}) }
		}
	}
	return func(x []float64) ([]float64, error) {
		flow, err := pde.Cavity{Reynolds: p["re"], Lid: lid}.Solve()
		if err != nil {
			return nil, err
		}
		var values []float64
		for at := range slices.Chunk(x, 2) {
			u, v, pressure := flow.At(at[0], at[1])
			if at[1] == 1 && (at[0] == 0 || at[0] == 1) && lid(at[0]) != 0 {
				u, v = math.NaN(), math.NaN() // of lid and wall
			}
			for _, name := range m.Quantities {
				values = append(values, [3]float64{u, v, pressure}[order[name]])
			}
		}
		return values, nil
	}, nil
}

// laplaceDiscs is the harmonic function in a box without discs with the values outer on the box and hole on the circles.
func laplaceDiscs(m *Model, p map[string]float64) (solution, error) {
	if err := need("laplace_discs", p, "outer", "hole"); err != nil {
		return nil, err
	}
	low, high := m.Region.Bounds()
	g := m.Problem.Domain
	if len(g.Box) != 2 || len(g.Time) > 0 || len(m.Quantities) != 1 {
		return nil, fmt.Errorf("laplace_discs gives one quantity in a box of the plane without discs")
	}
	problem := pde.LaplaceDiscs{Box: domain.Box{Low: low, High: high}, Outer: p["outer"], Hole: p["hole"]}
	for _, w := range g.Without {
		if len(w.Disc) != 3 {
			return nil, fmt.Errorf("laplace_discs gives one quantity in a box of the plane without discs")
		}
		problem.Discs = append(problem.Discs, domain.Ball{Centre: []float64{float64(w.Disc[0]), float64(w.Disc[1])}, Radius: float64(w.Disc[2])})
	}
	return func(x []float64) ([]float64, error) {
		u, bound, err := problem.Solve()
		if err != nil {
			return nil, err
		}
		if size := math.Abs(p["outer"] - p["hole"]); !(bound <= 1e-6*size) {
			return nil, fmt.Errorf("pinn: laplace_discs: the series miss the boundary values by %.2g: the discs are too close to each other or to the walls", bound)
		}
		var values []float64
		for at := range slices.Chunk(x, 2) {
			values = append(values, u(at[0], at[1]))
		}
		return values, nil
	}, nil
}
