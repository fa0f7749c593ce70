package pinn

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

// characteristicStep is the longest step of Runge and Kutta's method along a characteristic: to 1e-9 where slopes are below 30.
const characteristicStep = 5e-3

// characteristics is the solution of u_t + u u_x = nu u_xx from mean + amplitude·sin(wavenumber·x) in Lagrangian coordinates: at (x, t) the place
// X of what was at x, dX/dt = u(X, t), and the state u − mean there.
func characteristics(m *Model, p map[string]float64) (solution, error) {
	if len(m.Quantities) != 2 || len(m.Problem.Coordinates) != 2 || len(m.Problem.Domain.Time) == 0 {
		return nil, fmt.Errorf("cole_hopf_characteristics gives two quantities of x and t, the place and the state without the mean")
	}
	if err := need("cole_hopf_characteristics", p, "nu", "amplitude", "wavenumber", "mean"); err != nil {
		return nil, err
	}
	exact := pde.ColeHopf{Nu: p["nu"], A: p["amplitude"], K: p["wavenumber"]} // in the frame that moves with the mean
	start := float64(m.Problem.Domain.Time[0])
	return func(x []float64) ([]float64, error) {
		order := make([]int, len(x)/2)
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(x[2*a], x[2*b]), cmp.Compare(x[2*a+1], x[2*b+1])) })
		out := make([]float64, len(x))
		label, y, t := math.NaN(), 0.0, 0.0
		for _, i := range order {
			if x[2*i] != label {
				label, y, t = x[2*i], x[2*i], start
			}
			y, t = follow(exact, y, t-start, x[2*i+1]-start), x[2*i+1]
			v, _ := exact.At(t-start, y)
			out[2*i], out[2*i+1] = y+p["mean"]*(t-start), v
		}
		return out, nil
	}, nil
}

// follow advances dy/dt = v(y, t) from one time to another, by Runge and Kutta's method of fourth order.
func follow(exact pde.ColeHopf, y, from, to float64) float64 {
	n := int(math.Ceil((to - from) / characteristicStep))
	h := (to - from) / float64(n)
	v := func(t, y float64) float64 { u, _ := exact.At(t, y); return u }
	for k := range n {
		t := from + float64(k)*h
		a := v(t, y)
		b := v(t+h/2, y+h/2*a)
		c := v(t+h/2, y+h/2*b)
		y += h / 6 * (a + 2*b + 2*c + v(t+h, y+h*c))
	}
	return y
}
