package pde

import "math"

// LinearTransport is the law u_t + c·∇u = 0; fluxes are upwind.
type LinearTransport struct{ Speeds []float64 } // c

// Channels implements [Law].
func (p LinearTransport) Channels(int) int { return 1 }

// Normal implements [Law].
func (p LinearTransport) Normal(int) int { return -1 }

// Limit implements [Law].
func (p LinearTransport) Limit(_, _ [][]float64) {}

// Fastest implements [Law].
func (p LinearTransport) Fastest(dst []float64, _ [][]float64) {
	for axis := range dst {
		dst[axis] = math.Abs(p.Speeds[axis])
	}
}

// Fluxes implements [Law].
func (p LinearTransport) Fluxes(dst, low, high [][]float64, axis int) {
	c := p.Speeds[axis]
	from := low[0]
	if c < 0 {
		from = high[0]
	}
	scaled(dst[0], from, c)
}

// BurgersLaw is u_t + Σ_a ∂_a(u²/2) = ν ∇²u, ν = 0 for shocks without width; fluxes are Godunov's.
type BurgersLaw struct{ Nu float64 } // ν

// Channels implements [Law].
func (p BurgersLaw) Channels(int) int { return 1 }

// Normal implements [Law]: a mirror turns the velocity.
func (p BurgersLaw) Normal(int) int { return 0 }

// Limit implements [Law].
func (p BurgersLaw) Limit(_, _ [][]float64) {}

// Fastest implements [Law].
func (p BurgersLaw) Fastest(dst []float64, u [][]float64) {
	s := 0.0
	for _, v := range u[0] {
		if v = math.Abs(v); !(v <= s) { // NaN stays
			s = v
		}
	}
	for axis := range dst {
		dst[axis] = s
	}
}

// Fluxes implements [Law]: the greater of the fluxes of max(low, 0) and min(high, 0).
func (p BurgersLaw) Fluxes(dst, low, high [][]float64, _ int) {
	to, above := dst[0][:len(low[0])], high[0][:len(low[0])]
	for i, l := range low[0] {
		a, b := max(l, 0), min(above[i], 0)
		to[i] = max(a*a, b*b) / 2
	}
}

// Diffusivity implements [Viscous].
func (p BurgersLaw) Diffusivity([]float64, *Box) float64 { return p.Nu }

// Work implements [Viscous].
func (p BurgersLaw) Work(g *Box) int { return 2 * g.pencil() }

// Diffuse implements [Viscous].
func (p BurgersLaw) Diffuse(dst, u []float64, g *Box, work []float64) {
	if p.Nu == 0 {
		return
	}
	line, flux := work[:g.pencil()], work[g.pencil():]
	for axis, n := range g.Points {
		c := p.Nu / (g.Width(axis) * g.Width(axis))
		stride := g.stride(axis)
		g.pencils(axis, func(first, width int) {
			g.gather(line, u, axis, first, width, 1, -1)
			differences(flux[:(n+1)*width], line, width)
			g.scatter(dst, flux, first, n, stride, width, c)
		})
	}
}

// differences are those of neighbours along a pencil.
func differences(dst, line []float64, width int) {
	below, above := line[:len(dst)], line[width:][:len(dst)]
	for i := range dst {
		dst[i] = above[i] - below[i]
	}
}

// pencil is the number of places of the longest pencil with a ghost cell on each side.
func (g *Box) pencil() int {
	longest := 0
	for _, n := range g.Points {
		longest = max(longest, n)
	}
	return (longest + 2) * min(pencilWidth, g.stride(0))
}

// pencils calls f for all pencils along an axis.
func (g *Box) pencils(axis int, f func(first, width int)) {
	stride := g.stride(axis)
	for outer := 0; outer < g.Size(); outer += stride * g.Points[axis] {
		for o := 0; o < stride; o += pencilWidth {
			f(outer+o, min(pencilWidth, stride-o))
		}
	}
}
