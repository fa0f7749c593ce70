package pinn

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
	"github.com/kolmogo/kolmogo/pde/term"
)

// The discretisation of references in the plane: spots a fiftieth of the box wide are followed to about 1e-3.
const (
	planePoints = 384
	planeSteps  = 64 // of the whole time
)

// grayScott is u_t = ε1 ∇²u + b (1 − u) − u v², v_t = ε2 ∇²v − d v + u v².
func grayScott(p map[string]float64) (pde.Equation, error) {
	return pde.GrayScott(p["epsilon1"], p["epsilon2"], p["b"], p["d"]-p["b"]), need("gray_scott", p, "epsilon1", "epsilon2", "b", "d")
}

// planeEvolution is the solution of a periodic equation at (x, y, t) from the values that reference.formula gives at the first time: ETDRK4
// on 384×384 points, and between them polynomials of degree 7. Where nothing happens at the walls it serves for any condition there.
func planeEvolution(equation func(map[string]float64) (pde.Equation, error)) func(*Model, map[string]float64) (solution, error) {
	return func(m *Model, parameters map[string]float64) (solution, error) {
		eq, err := equation(parameters)
		if err != nil {
			return nil, err
		}
		channels := len(eq.Linear)
		if len(m.Problem.Coordinates) != 3 || len(m.Problem.Domain.Time) == 0 || len(m.exact) != channels || slices.Contains(m.exact, nil) {
			return nil, fmt.Errorf("want coordinates x, y and t, and the values of %d quantities at the first time as reference.formula", channels)
		}
		low, high := m.Region.Bounds()
		const n = planePoints
		grid := pde.Fourier{Points: []int{n, n}, Lengths: []float64{high[0] - low[0], high[1] - low[1]}, Dealias: pde.Dealias{Fraction: 0.5}}
		start := make([]float64, 0, channels*n*n)
		for _, e := range m.exact {
			for i := range n * n {
				x, y := low[0]+grid.Lengths[0]*float64(i/n)/n, low[1]+grid.Lengths[1]*float64(i%n)/n
				start = append(start, term.Eval(e, term.Values{At: []float64{x, y, low[2]}, Parameters: parameters}))
			}
		}
		return func(x []float64) ([]float64, error) {
			e := evolving{eq: eq, grid: grid, dt: (high[2] - low[2]) / planeSteps, u: slices.Clone(start), t: low[2], steppers: map[int]pde.Stepper{}}
			order := make([]int, len(x)/3)
			for i := range order {
				order[i] = i
			}
			slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[3*a+2], x[3*b+2]) })
			u := make([]float64, len(order)*channels)
			for _, i := range order {
				if err := e.to(x[3*i+2]); err != nil {
					return nil, err
				}
				s, r := (x[3*i]-low[0])/grid.Lengths[0], (x[3*i+1]-low[1])/grid.Lengths[1]
				for c := range channels {
					u[i*channels+c] = between(e.u[c*n*n:(c+1)*n*n], n, s, r)
				}
			}
			return u, nil
		}, nil
	}
}

// between is the value at (s, r), in periods, of the polynomials through the eight nodes around it in each direction.
func between(u []float64, n int, s, r float64) float64 {
	i, a := stencil(n, s)
	j, b := stencil(n, r)
	sum := 0.0
	for k, w := range a {
		for l, v := range b {
			sum += w * v * u[(i+k)%n*n+(j+l)%n]
		}
	}
	return sum
}

// stencil is the first of the eight nodes around s periods, and their weights.
func stencil(n int, s float64) (first int, w [8]float64) {
	floor := math.Floor(s * float64(n))
	return ((int(floor)-3)%n + n) % n, lagrange(s*float64(n) - floor + 3)
}

// lagrange are the weights of the nodes 0 .. 7 in the value at x of the polynomial through them.
func lagrange(x float64) (w [8]float64) {
	for k := range w {
		w[k] = 1
		for l := range w {
			if l != k {
				w[k] *= (x - float64(l)) / float64(k-l)
			}
		}
	}
	return w
}
