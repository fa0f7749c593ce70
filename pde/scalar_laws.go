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

// Speed implements [Law].
func (p LinearTransport) Speed(_ [][]float64, axis int) float64 { return math.Abs(p.Speeds[axis]) }

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

// Speed implements [Law].
func (p BurgersLaw) Speed(u [][]float64, _ int) float64 {
	s := 0.0
	for _, v := range u[0] {
		s = math.Max(s, math.Abs(v))
	}
	return s
}

// Fluxes implements [Law]: the greater of the fluxes of max(low, 0) and min(high, 0).
func (p BurgersLaw) Fluxes(dst, low, high [][]float64, _ int) {
	for i, l := range low[0] {
		a, b := math.Max(l, 0), math.Min(high[0][i], 0)
		dst[0][i] = math.Max(a*a, b*b) / 2
	}
}

// Diffusivity implements [Viscous].
func (p BurgersLaw) Diffusivity([]float64, *Box) float64 { return p.Nu }

// Diffuse implements [Viscous].
func (p BurgersLaw) Diffuse(dst, u []float64, g *Box) {
	if p.Nu == 0 {
		return
	}
	for axis := range g.Points {
		g.secondDifference(dst, u, axis, p.Nu, -1)
	}
}

// secondDifference adds c ∂_axis²u by central differences; sign is that of u in a mirror.
func (g *Box) secondDifference(dst, u []float64, axis int, c, sign float64) {
	dx := g.Width(axis)
	n, stride := g.Points[axis], g.stride(axis)
	c /= dx * dx
	for i := range u {
		j := i / stride % n
		dst[i] += c * (g.neighbour(u, i, j, -1, axis, sign) + g.neighbour(u, i, j, 1, axis, sign) - 2*u[i])
	}
}

// neighbour is the value by steps (one back or forth) from cell i, the j-th of its line; sign is that of the value in a mirror.
func (g *Box) neighbour(u []float64, i, j, by, axis int, sign float64) float64 {
	n, stride := g.Points[axis], g.stride(axis)
	if k := j + by; k >= 0 && k < n {
		return u[i+by*stride]
	}
	end := g.ends(axis)[0]
	if by > 0 {
		end = g.ends(axis)[1]
	}
	switch end {
	case Around:
		return u[i-by*(n-1)*stride]
	case Mirror:
		return sign * u[i]
	}
	return u[i]
}
