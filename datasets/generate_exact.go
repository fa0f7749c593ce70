package datasets

import (
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/pde"
)

// exact is an evolution whose solution is a formula, on the points x_j = L j/n of an axis; vary its parameters to have more than one.
func exact(statement string, parameters []string, ends Boundary, at func(p map[string]float64) (func(t, x float64) float64, error)) evolution {
	return evolution{
		statement: statement, parameters: parameters, axes: []int{1}, channels: fixedChannels("u"), ends: ends,
		initial: func(_ *rand.Rand, s setting) ([]float64, error) {
			f, err := at(s.parameters)
			if err != nil {
				return nil, err
			}
			e := exactStepper{f: f, s: s}
			u := make([]float64, s.points)
			e.fill(u)
			return u, nil
		},
		stepper: func(s setting, dt float64) (pde.Stepper, error) {
			f, err := at(s.parameters)
			return &exactStepper{f: f, s: s, time: s.begin, dt: dt}, err
		},
	}
}

type exactStepper struct {
	f        func(t, x float64) float64
	s        setting
	time, dt float64
}

// Restart sets the time.
func (e *exactStepper) Restart(time float64) { e.time = time }

// Step writes u at the next time.
func (e *exactStepper) Step(u []float64) {
	e.time += e.dt
	e.fill(u)
}

func (e *exactStepper) fill(u []float64) {
	for j := range u {
		u[j] = e.f(e.time, e.s.length*float64(j)/float64(e.s.points))
	}
}

// exactSolutions is the table of the families of ProbConserv (Hansen et al. 2023).
func exactSolutions() map[string]evolution {
	return map[string]evolution{
		"heat_sine": exact("u_t = k u_xx, u(0,x) = sin x", []string{"k"}, Periodic, func(p map[string]float64) (func(t, x float64) float64, error) {
			return func(t, x float64) float64 { return math.Exp(-p["k"]*t) * math.Sin(x) }, nil
		}),
		"porous_medium": exact("u_t = (u^m u_x)_x, u(t,0) = (m t)^(1/m)", []string{"m"}, Wall, func(p map[string]float64) (func(t, x float64) float64, error) {
			return pde.PorousMedium{Degree: p["m"]}.At, nil
		}),
		"stefan": exact("u_t = (k(u) u_x)_x, k = 1 where u >= threshold, else 0; u(t,0) = 1", []string{"threshold"}, Wall, func(p map[string]float64) (func(t, x float64) float64, error) {
			s, err := pde.NewStefan(p["threshold"], 1)
			return s.At, err
		}),
		"advection_step": exact("u_t + a u_x = 0, a step from 1 to 0 at x = 1/2", []string{"a"}, Outflow, func(p map[string]float64) (func(t, x float64) float64, error) {
			return pde.Transport{Speed: p["a"], Initial: pde.Step(0.5, 1, 0)}.At, nil
		}),
		"burgers_ramp": exact("u_t + (u^2/2)_x = 0, u(0,x) = a for x <= -1, -a x up to 0, 0 beyond", []string{"a"}, Outflow, func(p map[string]float64) (func(t, x float64) float64, error) {
			return func(t, x float64) float64 { return pde.BurgersRamp{Speed: p["a"]}.At(t, x-1) }, nil
		}).middle(),
	}
}

// middle puts the domain of length 2 round zero.
func (e evolution) middle() evolution { e.centred = true; return e }
