package pde

import "math"

const ghosts = 2

// pencilWidth is how many lines side by side are treated together where they do not run along the last axis: as many as lie in a cache line.
const pencilWidth = 8

// volumeRates are the rates -Σ_a (F_a(j+1/2) - F_a(j-1/2))/Δx_a of a [FiniteVolume].
//
// It works on pencils: width lines side by side along an axis, place j of line w at j·width + w, so that every loop runs over
// all of them and neighbours along the axis are width apart.
type volumeRates struct {
	FiniteVolume
	channels                  int
	viscous                   Viscous
	work                      []float64
	u, slope, low, high, flux [][]float64 // of a pencil, ghost cells included
	lines                     [5][8][]float64
	speeds                    [3]float64
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
			for o := 0; o < stride; o += pencilWidth {
				width := min(pencilWidth, stride-o)
				s.gather(u, axis, outer+o, width)
				s.faces(axis, n, width)
				s.scatter(dst, outer+o, n, stride, width, inv)
			}
		}
	}
	if s.viscous != nil {
		s.viscous.Diffuse(dst, u, &s.Box, s.work)
	}
}

// gather copies a pencil and fills its ghost cells.
func (s *volumeRates) gather(u []float64, axis, first, width int) {
	size := s.Box.Size()
	normal := s.Law.Normal(axis)
	for c := range s.channels {
		sign := 1.0
		if c == normal {
			sign = -1
		}
		s.Box.gather(s.u[c], u[c*size:(c+1)*size], axis, first, width, ghosts, sign)
	}
}

// gather copies a pencil of an array with ghost cells on both sides; sign is that of the value in a mirror.
func (g *Box) gather(line, u []float64, axis, first, width, ghosts int, sign float64) {
	n, stride := g.Points[axis], g.stride(axis)
	inner := line[ghosts*width : (ghosts+n)*width]
	if stride == 1 {
		copy(inner, u[first:])
	} else {
		at := first
		for j := 0; j < len(inner); j += width {
			copy(inner[j:j+width], u[at:at+width])
			at += stride
		}
	}
	ends := g.ends(axis)
	for k := range ghosts {
		low, high := line[(ghosts-1-k)*width:][:width], line[(ghosts+n+k)*width:][:width]
		cell := func(j int) []float64 { return inner[j*width:][:width] }
		switch ends[0] {
		case Around:
			copy(low, cell(n-1-k%n))
			copy(high, cell(k%n))
			continue
		case Open:
			copy(low, cell(0))
		case Mirror:
			scaled(low, cell(min(k, n-1)), sign)
		}
		if ends[1] == Open {
			copy(high, cell(n-1))
		} else {
			scaled(high, cell(max(0, n-1-k)), sign)
		}
	}
}

// faces computes the n+1 fluxes of the lines of a pencil: flux j lies below cell j.
func (s *volumeRates) faces(axis, n, width int) {
	if s.Limiter == Constant {
		for c := range s.slope {
			clear(s.slope[c][:(n+2*ghosts)*width])
		}
	} else {
		for c, u := range s.u {
			s.Limiter.slopes(s.slope[c][width:(n+3)*width], u[:(n+4)*width], width)
		}
		s.Law.Limit(s.part(0, s.slope, width, (n+2)*width), s.part(1, s.u, width, (n+2)*width))
	}
	for c, u := range s.u {
		below, above := u[width:][:(n+1)*width], u[2*width:][:(n+1)*width]
		slope, next := s.slope[c][width:][:len(below)], s.slope[c][2*width:][:len(below)]
		low, high := s.low[c][:len(below)], s.high[c][:len(below)]
		for f, v := range below {
			low[f] = v + slope[f]/2
			high[f] = above[f] - next[f]/2
		}
	}
	faces := (n + 1) * width
	s.Law.Fluxes(s.part(2, s.flux, 0, faces), s.part(3, s.low, 0, faces), s.part(4, s.high, 0, faces), axis)
}

// part is places at … at+n-1 of each channel, without allocation.
func (s *volumeRates) part(store int, v [][]float64, at, n int) [][]float64 {
	list := &s.lines[store]
	for c := range v {
		list[c] = v[c][at : at+n]
	}
	return list[:len(v)]
}

// slopes limits the differences of u, which has width more places on both sides than dst.
func (l Limiter) slopes(dst, u []float64, width int) {
	below, here, above := u[:len(dst)], u[width:][:len(dst)], u[2*width:][:len(dst)]
	switch l {
	case Unlimited:
		for i := range dst {
			dst[i] = (above[i] - below[i]) / 2
		}
	case Minmod:
		for i, v := range here {
			a, b := v-below[i], above[i]-v
			dst[i] = 0
			if a*b > 0 {
				dst[i] = math.Copysign(math.Min(math.Abs(a), math.Abs(b)), a)
			}
		}
	default:
		for i, v := range here {
			a, b := v-below[i], above[i]-v
			dst[i] = 0
			if p := a * b; p > 0 {
				dst[i] = 2 * p / (a + b)
			}
		}
	}
}

func (s *volumeRates) scatter(dst []float64, first, n, stride, width int, inv float64) {
	size := s.Box.Size()
	for c := range s.channels {
		flux := s.flux[c][:(n+1)*width]
		s.Box.scatter(dst[c*size:(c+1)*size], flux, first, n, stride, width, -inv)
	}
}

// scatter adds factor times the differences of the fluxes through the faces of a pencil to the cells.
func (g *Box) scatter(dst, flux []float64, first, n, stride, width int, factor float64) {
	if stride == 1 {
		dst = dst[first:][:n]
		above := flux[1:][:n]
		for j, f := range flux[:n] {
			dst[j] += (above[j] - f) * factor
		}
		return
	}
	for j := range n {
		below, above, to := flux[j*width:][:width], flux[(j+1)*width:][:width], dst[first+j*stride:][:width]
		for w, f := range below {
			to[w] += (above[w] - f) * factor
		}
	}
}

// fastest is Σ_a speed_a/Δx_a of the waves, and 2 D Σ_a 1/Δx_a² of the viscous part: the inverse of the time for CFL 1 is their sum.
func (s *volumeRates) fastest(u []float64) (waves, viscous float64) {
	size := s.Box.Size()
	for c := range s.channels {
		s.lines[0][c] = u[c*size : (c+1)*size]
	}
	speeds := s.speeds[:len(s.Box.Points)]
	s.Law.Fastest(speeds, s.lines[0][:s.channels])
	squares := 0.0
	for axis, speed := range speeds {
		dx := s.Box.Width(axis)
		waves += speed / dx
		squares += 1 / (dx * dx)
	}
	if s.viscous != nil {
		viscous = 2 * s.viscous.Diffusivity(u, &s.Box) * squares
	}
	return waves, viscous
}
