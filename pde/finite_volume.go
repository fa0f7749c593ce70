package pde

import (
	"fmt"
	"math"
)

// Law is a hyperbolic system u_t + Σ_a ∂_a F_a(u) = 0 of conserved quantities. Its arrays are states side by side: [channel][place].
type Law interface {
	Channels(axes int) int
	// Fluxes writes numerical fluxes through faces from the states on their low and high sides.
	Fluxes(dst, low, high [][]float64, axis int)
	// Fastest writes the largest speed of a wave along each axis, NaN where a state cannot be.
	Fastest(dst []float64, u [][]float64)
	// Limit shortens slopes, the differences across cells, until u ± slope/2 are states that can be.
	Limit(slope, u [][]float64)
	// Normal is the channel that changes its sign in a mirror across the axis, -1 if none does.
	Normal(axis int) int
}

// Viscous is a [Law] with second derivatives beside its fluxes.
type Viscous interface {
	Law
	// Diffuse adds the rates of the viscous part; work holds Work(g) numbers.
	Diffuse(dst, u []float64, g *Box, work []float64)
	Work(g *Box) int
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
//
// Where the second derivatives would limit the step more than the waves do, they are integrated by themselves, for half a step before and after
// (Strang's splitting), by a Runge–Kutta–Legendre method of as many stages as the step needs.
// Source: van Leer 1979; Perthame & Shu 1996; Gottlieb, Shu & Tadmor 2001; Strang 1968.
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
	whole := &heun{FiniteVolume: s.FiniteVolume, rates: s, rate: make([]float64, s.Size()), first: make([]float64, s.Size()), second: make([]float64, s.Size())}
	if s.viscous == nil {
		return whole, nil
	}
	inviscid := *s
	inviscid.viscous = nil
	waves := *whole
	waves.rates = &inviscid
	return &strang{whole: whole, waves: &waves, viscous: newLegendre(s)}, nil
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
	width := min(pencilWidth, m.Box.stride(0))
	for _, p := range []*[][]float64{&s.u, &s.slope, &s.low, &s.high, &s.flux} {
		for range s.channels {
			*p = append(*p, make([]float64, (longest+2*ghosts)*width))
		}
	}
	if v, ok := m.Law.(Viscous); ok {
		s.viscous, s.work = v, make([]float64, v.Work(&m.Box))
	}
	return s, nil
}
