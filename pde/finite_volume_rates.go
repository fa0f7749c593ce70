package pde

import "math"

const ghosts = 2

// volumeRates are the rates -Σ_a (F_a(j+1/2) - F_a(j-1/2))/Δx_a of a [FiniteVolume].
type volumeRates struct {
	FiniteVolume
	channels                   int
	viscous                    Viscous
	u, slope, low, high, flux  [][]float64 // of one line, ghost cells included
	lineU, lineS, lineL, lineH [8][]float64
	lineF                      [8][]float64
}

// Size implements [Rates].
func (s *volumeRates) Size() int { return s.channels * s.Box.Size() }

// Rate implements [Rates].
func (s *volumeRates) Rate(dst, u []float64) {
	clear(dst)
	for axis, n := range s.Box.Points {
		stride := s.Box.stride(axis)
		inv := 1 / s.Box.Width(axis)
		for outer := 0; outer < s.Box.Size(); outer += stride * n {
			for o := range stride {
				s.gather(u, axis, outer+o)
				s.faces(axis, n)
				s.scatter(dst, outer+o, n, stride, inv)
			}
		}
	}
	if s.viscous != nil {
		s.viscous.Diffuse(dst, u, &s.Box)
	}
}

// gather copies a line and fills its ghost cells.
func (s *volumeRates) gather(u []float64, axis, first int) {
	n, stride, size := s.Box.Points[axis], s.Box.stride(axis), s.Box.Size()
	ends := s.Box.ends(axis)
	normal := s.Law.Normal(axis)
	for c := range s.channels {
		line := s.u[c][:n+2*ghosts]
		at := c*size + first
		for j := range n {
			line[ghosts+j] = u[at]
			at += stride
		}
		sign := 1.0
		if c == normal {
			sign = -1
		}
		for g := range ghosts {
			low, high := ghosts-1-g, ghosts+n+g
			switch ends[0] {
			case Around:
				line[low], line[high] = line[ghosts+(n-1-g%n)], line[ghosts+g%n]
				continue
			case Open:
				line[low] = line[ghosts]
			case Mirror:
				line[low] = sign * line[ghosts+min(g, n-1)]
			}
			if ends[1] == Open {
				line[high] = line[ghosts+n-1]
			} else {
				line[high] = sign * line[ghosts+max(0, n-1-g)]
			}
		}
	}
}

// faces computes the n+1 fluxes of a line: flux j lies below cell j.
func (s *volumeRates) faces(axis, n int) {
	u, slope := part(&s.lineU, s.u, 0, n+2*ghosts), part(&s.lineS, s.slope, 0, n+2*ghosts)
	if s.Limiter == Constant {
		for c := range slope {
			clear(slope[c])
		}
	} else {
		for c := range slope {
			s.slopes(slope[c], u[c])
		}
		s.Law.Limit(part(&s.lineL, slope, 1, n+2), part(&s.lineH, u, 1, n+2))
	}
	for c := range u {
		low, high := s.low[c][:n+1], s.high[c][:n+1]
		for f := range low {
			low[f] = u[c][f+1] + slope[c][f+1]/2
			high[f] = u[c][f+2] - slope[c][f+2]/2
		}
	}
	s.Law.Fluxes(part(&s.lineF, s.flux, 0, n+1), part(&s.lineL, s.low, 0, n+1), part(&s.lineH, s.high, 0, n+1), axis)
}

// part is places at … at+n-1 of each channel, without allocation.
func part(store *[8][]float64, v [][]float64, at, n int) [][]float64 {
	for c := range v {
		store[c] = v[c][at : at+n]
	}
	return store[:len(v)]
}

// slopes limits the differences in all cells but the outermost.
func (s *volumeRates) slopes(dst, u []float64) {
	for i := 1; i < len(u)-1; i++ {
		a, b := u[i]-u[i-1], u[i+1]-u[i]
		switch {
		case s.Limiter == Unlimited:
			dst[i] = (a + b) / 2
		case !(a*b > 0):
			dst[i] = 0
		case s.Limiter == Minmod:
			dst[i] = math.Copysign(math.Min(math.Abs(a), math.Abs(b)), a)
		default:
			dst[i] = 2 * a * b / (a + b)
		}
	}
}

func (s *volumeRates) scatter(dst []float64, first, n, stride int, inv float64) {
	size := s.Box.Size()
	for c := range s.channels {
		flux := s.flux[c][:n+1]
		at := c*size + first
		for j := range n {
			dst[at] -= (flux[j+1] - flux[j]) * inv
			at += stride
		}
	}
}

// fastest is Σ_a speed_a/Δx_a, and the diffusion number's bound where that is greater: the inverse of the time for CFL 1.
func (s *volumeRates) fastest(u []float64) float64 {
	sum, squares := 0.0, 0.0
	size := s.Box.Size()
	for c := range s.channels {
		s.lineU[c] = u[c*size : (c+1)*size]
	}
	for axis := range s.Box.Points {
		dx := s.Box.Width(axis)
		sum += s.Law.Speed(s.lineU[:s.channels], axis) / dx
		squares += 1 / (dx * dx)
	}
	if s.viscous != nil {
		sum += 2 * s.viscous.Diffusivity(u, &s.Box) * squares
	}
	return sum
}
