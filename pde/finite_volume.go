package pde

import (
	"fmt"
	"math"
)

// Law is a hyperbolic system u_t + Σ_a ∂_a F_a(u) = 0 of conserved quantities. Its arrays are lines along an axis: [channel][place].
type Law interface {
	Channels(axes int) int
	// Fluxes writes numerical fluxes through faces from the states on their low and high sides.
	Fluxes(dst, low, high [][]float64, axis int)
	// Speed is the largest speed of a wave along the axis, NaN where a state cannot be.
	Speed(u [][]float64, axis int) float64
	// Limit shortens slopes, the differences across cells, until u ± slope/2 are states that can be.
	Limit(slope, u [][]float64)
	// Normal is the channel that changes its sign in a mirror across the axis, -1 if none does.
	Normal(axis int) int
}

// Viscous is a [Law] with second derivatives beside its fluxes.
type Viscous interface {
	Law
	// Diffuse adds the rates of the viscous part.
	Diffuse(dst, u []float64, g *Box)
	// Diffusivity is the largest coefficient of a second derivative.
	Diffusivity(u []float64, g *Box) float64
}

// End is what lies at one end of an axis.
type End int

const (
	Around End = iota // the other end: a periodic axis
	Open              // a copy of the last cell
	Mirror            // its mirror image: a wall without friction
)

// Limiter picks the slope in a cell from the differences to its neighbours.
type Limiter int

const (
	VanLeer    Limiter = iota // 2ab/(a+b), 0 where the signs differ
	Minmod                    // the smaller one
	Constant                  // none: first order
	Unlimited                 // (a+b)/2: for smooth solutions alone
	limiterEnd = iota
)

// Box is a box of cells for states [channel, x0, x1, …] of averages; cell j of an axis is centred at (j + 1/2) L/n.
type Box struct {
	Points  []int
	Lengths []float64
	Ends    [][2]End // low and high end of each axis; nil means periodic
}

// FiniteVolume solves a [Law] by Godunov's method with linear reconstruction (MUSCL), dimension by dimension: second order where the solution
// is smooth. Two steps of Euler are averaged (Heun's method, which keeps what a step of Euler keeps). With CFL ≤ 1/2 a step of Euler
// keeps the states admissible: each is the mean of first-order steps from its two face values.
// Source: van Leer 1979; Perthame & Shu 1996; Gottlieb, Shu & Tadmor 2001.
type FiniteVolume struct {
	Law     Law
	Box     Box
	Limiter Limiter
	CFL     float64 // Σ_a speed h/Δx_a of a step, and twice the diffusion number; 0 means 0.4
	Dt      float64 // time that one Step covers
}

func (c *Box) check() error {
	if len(c.Points) == 0 || len(c.Points) > 3 || len(c.Points) != len(c.Lengths) || c.Ends != nil && len(c.Ends) != len(c.Points) {
		return fmt.Errorf("pde: cells %v, lengths %v and ends %v must name the same one to three axes", c.Points, c.Lengths, c.Ends)
	}
	for a, n := range c.Points {
		if n < 2 || !(c.Lengths[a] > 0) || math.IsInf(c.Lengths[a], 0) {
			return fmt.Errorf("pde: axis %d has %d cells on a length of %v, need 2 and a positive one", a, n, c.Lengths[a])
		}
		e := c.ends(a)
		if (e[0] == Around) != (e[1] == Around) || min(e[0], e[1]) < 0 || max(e[0], e[1]) > Mirror {
			return fmt.Errorf("pde: axis %d has the ends %v: both are periodic or none", a, e)
		}
	}
	return nil
}

func (c *Box) ends(axis int) [2]End {
	if c.Ends == nil {
		return [2]End{}
	}
	return c.Ends[axis]
}

// Size is the number of cells.
func (c *Box) Size() int {
	size := 1
	for _, n := range c.Points {
		size *= n
	}
	return size
}

// Width is Δx of an axis.
func (c *Box) Width(axis int) float64 { return c.Lengths[axis] / float64(c.Points[axis]) }

// stride is the distance of neighbours along an axis.
func (c *Box) stride(axis int) int {
	s := 1
	for _, n := range c.Points[axis+1:] {
		s *= n
	}
	return s
}

// Stepper allocates the memory.
func (m FiniteVolume) Stepper() (Stepper, error) {
	s, err := m.rates()
	if err != nil {
		return nil, err
	}
	if !(m.Dt > 0) || math.IsInf(m.Dt, 0) {
		return nil, fmt.Errorf("pde: time step %v is not positive and finite", m.Dt)
	}
	return &heun{FiniteVolume: s.FiniteVolume, rates: s, rate: make([]float64, s.Size()), first: make([]float64, s.Size()), second: make([]float64, s.Size())}, nil
}

// Rates are the rates of the cells' averages.
func (m FiniteVolume) Rates() (Rates, error) { return m.rates() }

func (m FiniteVolume) rates() (*volumeRates, error) {
	if err := m.Box.check(); err != nil {
		return nil, err
	}
	if m.Limiter < 0 || m.Limiter >= limiterEnd {
		return nil, fmt.Errorf("pde: unknown limiter %d", m.Limiter)
	}
	if m.CFL == 0 {
		m.CFL = 0.4
	}
	if !(m.CFL > 0 && m.CFL <= 1) {
		return nil, fmt.Errorf("pde: CFL number %v is outside (0, 1]", m.CFL)
	}
	s := &volumeRates{FiniteVolume: m, channels: m.Law.Channels(len(m.Box.Points))}
	longest := 0
	for _, n := range m.Box.Points {
		longest = max(longest, n)
	}
	for _, p := range []*[][]float64{&s.u, &s.slope, &s.low, &s.high, &s.flux} {
		for range s.channels {
			*p = append(*p, make([]float64, longest+2*ghosts))
		}
	}
	s.viscous, _ = m.Law.(Viscous)
	return s, nil
}

type heun struct {
	FiniteVolume
	rates               *volumeRates
	rate, first, second []float64
}

// Step advances u by Dt in as many inner steps as the speeds at their starts allow. A step is halved where a step of Euler makes the
// speeds grow beyond a CFL number of 1/2, or where either state has none: faces may hold faster waves than cells.
func (s *heun) Step(u []float64) {
	speed := s.rates.fastest(u)
	for t := 0.0; t < s.Dt; {
		left := s.Dt - t
		h := left / math.Max(1, math.Ceil(left*speed/s.CFL))
		s.rates.Rate(s.rate, u)
		for {
			if !(h > 1e-12*s.Dt) { // NaN, or speeds without bound
				fill(u, math.NaN())
				return
			}
			for i, v := range u {
				s.first[i] = v + h*s.rate[i]
			}
			if h*s.rates.fastest(s.first) <= math.Max(0.5, 1.25*s.CFL) {
				s.rates.Rate(s.second, s.first)
				for i, v := range u {
					s.first[i] = (v + s.first[i] + h*s.second[i]) / 2
				}
				if speed = s.rates.fastest(s.first); !math.IsNaN(speed) {
					break
				}
			}
			h /= 2
		}
		copy(u, s.first)
		if h == left {
			return
		}
		t += h
	}
}
