package pde

import "math"

// Extrapolation integrates a stiff system u' = F(u) by linearly implicit Euler steps, (1 - h J)(u' - u) = h F(u), J = ∂F/∂u at the start,
// 1, 2, …, 8 of them over the same time and extrapolated to none: order 8, no limit of stability for diffusion. The time is chosen so
// that the last correction is within Atol + Rtol |u|, in the root mean square.
// Source: Deuflhard 1985; Hairer & Wanner 1996, IV.9.
type Extrapolation struct {
	Rtol, Atol float64 // 0 means 1e-6 and 1e-9
	Dt         float64 // time that one Step covers
}

const extrapolations = 8

// Stepper allocates the memory. A step that the control cannot finish leaves NaN.
func (m Extrapolation) Stepper(f Banded) Stepper {
	if m.Rtol == 0 {
		m.Rtol = 1e-6
	}
	if m.Atol == 0 {
		m.Atol = 1e-9
	}
	n := f.Size()
	s := &extrapolation{Extrapolation: m, f: f, jacobian: newBand(n, f.Band()), matrix: newBand(n, f.Band()),
		rate: make([]float64, n), moved: make([]float64, n), movedRate: make([]float64, n), delta: make([]float64, n), last: make([]float64, n)}
	for i := range s.table {
		s.table[i] = make([]float64, n)
	}
	return s
}

type extrapolation struct {
	Extrapolation
	f                             Banded
	jacobian, matrix              *band
	rate, moved, movedRate, delta []float64
	last                          []float64
	table                         [extrapolations][]float64 // the present diagonal
	h                             float64
}

// Step advances u by Dt.
func (s *extrapolation) Step(u []float64) {
	if s.h == 0 {
		s.h = 1e-3 * s.Dt
	}
	const least = 1e-13
	for t := 0.0; t < s.Dt; {
		s.f.Rate(s.rate, u)
		s.differentiate(u)
		for accepted := false; !accepted; {
			h := min(s.h, s.Dt-t)
			if !(h >= least*s.Dt) && t+h < s.Dt || math.IsNaN(h) {
				fill(u, math.NaN())
				return
			}
			e := s.try(u, h)
			accepted = e <= 1
			if accepted {
				copy(u, s.table[0])
				t += h
				if h < s.h { // what was left of Dt: keep the longer step for the next one
					break
				}
			}
			s.h = h * min(4, max(0.1, 0.8*math.Pow(max(e, 1e-10), -1.0/extrapolations)))
			if math.IsNaN(e) {
				s.h = h / 10
			}
		}
	}
}

// try leaves the extrapolated state in table[0] and returns the error relative to what is allowed.
func (s *extrapolation) try(u []float64, h float64) float64 {
	for j := range extrapolations {
		x := s.table[j]
		s.euler(x, u, h, j+1)
		for k := j - 1; k >= 0; k-- { // table[k] becomes the entry j-k+1 of row j
			ratio := float64(j+1)/float64(k+1) - 1
			if j == extrapolations-1 && k == 0 {
				copy(s.last, s.table[1])
			}
			newer, older := s.table[k+1], s.table[k]
			for i := range older {
				older[i] = newer[i] + (newer[i]-older[i])/ratio
			}
		}
	}
	sum := 0.0
	for i, v := range u {
		e := (s.table[0][i] - s.last[i]) / (s.Atol + s.Rtol*max(math.Abs(v), math.Abs(s.table[0][i])))
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(u)))
}

// euler takes u to x by n steps.
func (s *extrapolation) euler(x, u []float64, h float64, n int) {
	h /= float64(n)
	for i := range s.matrix.a {
		s.matrix.a[i] = -h * s.jacobian.a[i]
	}
	s.matrix.addDiagonal(1)
	s.matrix.factor()
	copy(x, u)
	for step := range n {
		if step == 0 {
			copy(s.delta, s.rate)
		} else {
			s.f.Rate(s.delta, x)
		}
		s.matrix.solve(s.delta)
		axpy(x, h, s.delta)
	}
}

// differentiate finds the Jacobian by differences, one for each of the 2 Band() + 1 columns that a rate can tell apart.
func (s *extrapolation) differentiate(u []float64) {
	b, n := s.f.Band(), len(u)
	const small = 1e-8
	step := func(v float64) float64 { return small * max(math.Abs(v), 1e-3) }
	for colour := range 2*b + 1 {
		copy(s.moved, u)
		for j := colour; j < n; j += 2*b + 1 {
			s.moved[j] += step(u[j])
		}
		s.f.Rate(s.movedRate, s.moved)
		for j := colour; j < n; j += 2*b + 1 {
			d := s.moved[j] - u[j]
			for i := max(0, j-b); i <= min(n-1, j+b); i++ {
				*s.jacobian.at(i, j) = (s.movedRate[i] - s.rate[i]) / d
			}
		}
	}
}
