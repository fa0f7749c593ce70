package pinn

import (
	"cmp"
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"

	"github.com/kolmogo/kolmogo/pde"
	"github.com/kolmogo/kolmogo/pde/term"
)

// The discretisation of references: an initial value with a kink at the ends is followed to about 1e-6.
const (
	evolutionPoints = 2048
	evolutionDt     = 5e-4
)

// allenCahn is u_t = ε u_xx + c (u − u³).
func allenCahn(p map[string]float64) (pde.Equation, error) {
	return pde.AllenCahn(p["epsilon"], p["growth"], -p["growth"]), need("allen_cahn", p, "epsilon", "growth")
}

// kuramotoSivashinsky is u_t + α u u_x + β u_xx + γ u_xxxx = 0.
func kuramotoSivashinsky(p map[string]float64) (pde.Equation, error) {
	return pde.Equation{
		Linear: []pde.Symbol{pde.Sum(pde.Diffusion(-p["beta"]), pde.HyperDiffusion(p["gamma"]))},
		Term:   pde.Powers(0, 0, -p["alpha"]/2).Under(pde.Derivative(0)),
	}, need("kuramoto_sivashinsky", p, "alpha", "beta", "gamma")
}

// kortewegDeVries is u_t + η u u_x + μ² u_xxx = 0.
func kortewegDeVries(p map[string]float64) (pde.Equation, error) {
	return pde.KortewegDeVries(p["eta"], p["mu"]*p["mu"], 0), need("korteweg_de_vries", p, "eta", "mu")
}

// fisher is u_t = ν u_xx + ρ u (1 − u).
func fisher(p map[string]float64) (pde.Equation, error) {
	return pde.FisherKPP(p["nu"], p["rho"]), need("fisher", p, "nu", "rho")
}

// evolution is the solution of a periodic equation at (x, t) from the value that reference.formula gives at the first time: ETDRK4 on
// 2048 points, and between them the trigonometric interpolant.
func evolution(equation func(map[string]float64) (pde.Equation, error)) func(*Model, map[string]float64) (solution, error) {
	return func(m *Model, parameters map[string]float64) (solution, error) {
		eq, err := equation(parameters)
		if err != nil {
			return nil, err
		}
		if err := m.startsOnALine(); err != nil {
			return nil, err
		}
		low, high := m.Region.Bounds()
		grid := pde.Interval(high[0]-low[0], evolutionPoints)
		grid.Dealias.Fraction = 0.5
		start := make([]float64, evolutionPoints)
		for i := range start {
			x := low[0] + (high[0]-low[0])*float64(i)/evolutionPoints
			start[i] = term.Eval(m.exact[0], term.Values{At: []float64{x, low[1]}, Parameters: parameters})
		}
		return func(x []float64) ([]float64, error) {
			e := evolving{eq: eq, grid: grid, dt: evolutionDt, u: slices.Clone(start), t: low[1], steppers: map[int]pde.Stepper{}, fft: fourier.NewFFT(evolutionPoints)}
			order := make([]int, len(x)/2)
			for i := range order {
				order[i] = i
			}
			slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[2*a+1], x[2*b+1]) })
			u := make([]float64, len(order))
			var modes []complex128
			for _, i := range order {
				if t := x[2*i+1]; t > e.t || modes == nil {
					if err := e.to(t); err != nil {
						return nil, err
					}
					modes = e.fft.Coefficients(nil, e.u)
				}
				u[i] = interpolate(modes, (x[2*i]-low[0])/(high[0]-low[0]))
			}
			return u, nil
		}, nil
	}
}

// startsOnALine reports what a problem in x and t lacks for a solver that starts from one quantity's value.
func (m *Model) startsOnALine() error {
	if len(m.Problem.Coordinates) != 2 || len(m.Problem.Domain.Time) == 0 || len(m.exact) != 1 || m.exact[0] == nil {
		return fmt.Errorf("want coordinates x and t, and one quantity with the value at the first time as reference.formula")
	}
	return nil
}

// evolving is a solution on its way.
type evolving struct {
	eq       pde.Equation
	grid     pde.Fourier
	dt       float64 // longest step
	u        []float64
	t        float64
	steppers map[int]pde.Stepper // by the length of the step in units of 1e-12
	fft      *fourier.FFT
}

// to advances to time t by equal steps no longer than dt.
func (e *evolving) to(t float64) error {
	n := int(math.Ceil((t - e.t) / e.dt * (1 - 1e-9)))
	if n <= 0 {
		return nil
	}
	dt := (t - e.t) / float64(n)
	key := int(math.Round(dt * 1e12))
	s, ok := e.steppers[key]
	if !ok {
		var err error
		if s, err = pde.New(e.eq, e.grid, pde.ETDRK{Dt: dt}); err != nil {
			return err
		}
		e.steppers[key] = s
	}
	for range n {
		s.Step(e.u)
	}
	e.t = t
	return nil
}

// interpolate is the trigonometric polynomial with the given half of its coefficients at s periods.
func interpolate(modes []complex128, s float64) float64 {
	turn := cmplx.Exp(complex(0, 2*math.Pi*s))
	z, sum := turn, real(modes[0])
	last := len(modes) - 1
	for _, c := range modes[1:last] {
		sum += 2 * real(c*z)
		z *= turn
	}
	return (sum + real(modes[last]*z)) / float64(2*last)
}
