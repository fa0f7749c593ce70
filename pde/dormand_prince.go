package pde

import "math"

// DormandPrince integrates u' = F(u) by the explicit pair of orders 5 and 4, the step chosen so that the error estimate of each is within
// Atol + Rtol |u|, in the root mean square. Stable for step times |eigenvalue| up to 3.3.
// Source: Dormand & Prince 1980; step control of Hairer, Nørsett & Wanner 1993, II.4.
type DormandPrince struct {
	Rtol, Atol float64 // 0 means 1e-6 and 1e-9
	Dt         float64 // time that one Step covers
}

// Stepper allocates the memory. A step that the control cannot finish leaves NaN.
func (m DormandPrince) Stepper(f Rates) Stepper {
	if m.Rtol == 0 {
		m.Rtol = 1e-6
	}
	if m.Atol == 0 {
		m.Atol = 1e-9
	}
	s := &dormandPrince{DormandPrince: m, f: f, next: make([]float64, f.Size())}
	for i := range s.k {
		s.k[i] = make([]float64, f.Size())
	}
	return s
}

type dormandPrince struct {
	DormandPrince
	f    Rates
	k    [7][]float64
	next []float64
	h    float64 // of the step to try first
}

var dormandPrinceWeights = [6][]float64{
	{1.0 / 5},
	{3.0 / 40, 9.0 / 40},
	{44.0 / 45, -56.0 / 15, 32.0 / 9},
	{19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
	{9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
	{35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
}

// the difference of the two solutions
var dormandPrinceError = [7]float64{71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40}

// Step advances u by Dt. The first inner step is a guess from the rates alone; the last of a Step is what is left of it.
func (s *dormandPrince) Step(u []float64) {
	s.f.Rate(s.k[0], u)
	s.h = s.first(u)
	const least = 1e-13 // of Dt: shorter inner steps are given up
	for t := 0.0; t < s.Dt; {
		h := min(s.h, s.Dt-t)
		if !(h >= least*s.Dt) && t+h < s.Dt || math.IsNaN(h) {
			fill(u, math.NaN())
			return
		}
		for i, row := range dormandPrinceWeights {
			copy(s.next, u)
			for j, w := range row {
				axpy(s.next, h*w, s.k[j])
			}
			s.f.Rate(s.k[i+1], s.next)
		}
		e := s.estimate(u, h)
		if e <= 1 {
			copy(u, s.next)
			s.k[0], s.k[6] = s.k[6], s.k[0]
			if s.Dt-t == h {
				return
			}
			t += h
		}
		s.h = h * min(5, max(0.2, 0.9*math.Pow(e, -0.2)))
		if math.IsNaN(e) {
			s.h = h / 5
		}
	}
}

// first is a step over which the rates change u by a hundredth of its size.
func (s *dormandPrince) first(u []float64) float64 {
	var size, rate float64
	for i, v := range u {
		scale := s.Atol + s.Rtol*math.Abs(v)
		size += v / scale * (v / scale)
		rate += s.k[0][i] / scale * (s.k[0][i] / scale)
	}
	if !(rate > 0) {
		return s.Dt
	}
	return min(s.Dt, max(0.01*math.Sqrt(size/rate), 1e-6*s.Dt))
}

// estimate is the error of the step relative to what is allowed.
func (s *dormandPrince) estimate(u []float64, h float64) float64 {
	sum := 0.0
	for i, v := range u {
		e := 0.0
		for j, w := range dormandPrinceError {
			e += w * s.k[j][i]
		}
		e *= h / (s.Atol + s.Rtol*max(math.Abs(v), math.Abs(s.next[i])))
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(u)))
}

func fill(u []float64, v float64) {
	for i := range u {
		u[i] = v
	}
}
