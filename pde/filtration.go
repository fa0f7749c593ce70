package pde

import "math"

// Filtration is u_t = (k(u) u_x)_x on [0, 1], the generalised porous medium equation, in Cells cells with given end values:
// k = u^m for the porous medium, k = K for heat, and K where u ≥ u* for the problem of Stefan. The coefficient at a face is the mean of
// its sides, half a cell away from an end. Conservative; second order where k is smooth and positive.
// An explicit integrator needs a step below Δx²/(2 max k).
type Filtration struct {
	Cells        int
	Conductivity func(u float64) float64
	Left, Right  func(t float64) float64
	Dt           float64 // time that one Step covers
	CFL          float64 // of Δx²/(2 max k); 0 means 0.5
}

// Stepper allocates the memory: Heun's method, from the time 0 on.
func (p Filtration) Stepper() *FiltrationStepper {
	if p.CFL == 0 {
		p.CFL = 0.5
	}
	n := p.Cells
	return &FiltrationStepper{Filtration: p, k: make([]float64, n), rate: make([]float64, n), first: make([]float64, n)}
}

// FiltrationStepper is a [Filtration] at work; it knows its time, which the end values may depend on.
type FiltrationStepper struct {
	Filtration
	Time           float64
	k, rate, first []float64
}

// Step advances u by Dt in as many inner steps as the largest coefficient allows, that of the ends at the end of Dt included.
func (s *FiltrationStepper) Step(u []float64) {
	dx := 1 / float64(s.Cells)
	for end := s.Time + s.Dt; s.Time < end; {
		most := 0.0
		for _, v := range [...]float64{s.Left(s.Time), s.Right(s.Time), s.Left(end), s.Right(end)} {
			most = math.Max(most, s.Conductivity(v))
		}
		for _, v := range u {
			most = math.Max(most, s.Conductivity(v))
		}
		left := end - s.Time
		count := math.Max(1, math.Ceil(left*2*most/(s.CFL*dx*dx)))
		if !(count < 1e12) {
			fill(u, math.NaN())
			s.Time = end
			return
		}
		h := left / count
		s.Rate(s.rate, u)
		for i, v := range u {
			s.first[i] = v + h*s.rate[i]
		}
		s.Time += h
		if count == 1 {
			s.Time = end
		}
		s.Rate(s.rate, s.first)
		for i, v := range u {
			u[i] = (v + s.first[i] + h*s.rate[i]) / 2
		}
	}
}

// Size implements [Rates].
func (s *FiltrationStepper) Size() int { return s.Cells }

// Band implements [Banded].
func (s *FiltrationStepper) Band() int { return 1 }

// Rate implements [Rates] at the present time.
func (s *FiltrationStepper) Rate(dst, u []float64) {
	n := s.Cells
	dx := 1 / float64(n)
	for i, v := range u {
		s.k[i] = s.Conductivity(v)
	}
	low := s.Left(s.Time)
	flux := (s.Conductivity(low) + s.k[0]) * (u[0] - low) / dx // half a cell away
	for i := range n {
		var next float64
		if i < n-1 {
			next = (s.k[i] + s.k[i+1]) / 2 * (u[i+1] - u[i]) / dx
		} else {
			high := s.Right(s.Time)
			next = (s.k[i] + s.Conductivity(high)) * (high - u[i]) / dx
		}
		dst[i] = (next - flux) / dx
		flux = next
	}
}
