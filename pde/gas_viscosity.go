package pde

import "math"

// Diffusivity implements [Viscous]: (4η/3 + ζ)/min ρ.
func (p Gas) Diffusivity(u []float64, g *Box) float64 {
	mu := 4*p.Eta/3 + p.Zeta
	if mu == 0 {
		return 0
	}
	least := math.Inf(1)
	for _, rho := range u[:g.Size()] {
		least = math.Min(least, rho)
	}
	return mu / least
}

// Diffuse implements [Viscous]. The stress at a face takes the normal derivatives from its two cells and the others from the mean of theirs;
// second order, conservative.
func (p Gas) Diffuse(dst, u []float64, g *Box) {
	if p.Eta == 0 && p.Zeta == 0 {
		return
	}
	size, axes := g.Size(), len(g.Points)
	velocity := func(b, i int) float64 { return u[(1+b)*size+i] / u[i] }
	for a := range axes {
		n, stride := g.Points[a], g.stride(a)
		dx := g.Width(a)
		for i := range size {
			// the face above cell i; the one below the first cell of a line comes with it
			j := i / stride % n
			p.stress(dst, u, g, i, j, a, 1, dx, velocity)
			if j == 0 && g.ends(a)[0] != Around {
				p.stress(dst, u, g, i, j, a, -1, dx, velocity)
			}
		}
	}
}

// stress adds the viscous flux through the face by = ±1 of cell i along axis a to the cells on its sides.
func (p Gas) stress(dst, u []float64, g *Box, i, j, a, by int, dx float64, velocity func(b, i int) float64) {
	size, axes := g.Size(), len(g.Points)
	other, image := g.across(i, j, by, a)
	var grad [3][3]float64 // ∂_b u_c at the face
	var mean [3]float64
	for c := range axes {
		here, there := velocity(c, i), velocity(c, other)
		if image && c == a {
			there = -there
		}
		mean[c] = (here + there) / 2
		grad[a][c] = float64(by) * (there - here) / dx
		for b := range axes {
			if b != a {
				slope := g.slope(i, b, c, velocity)
				beyond := g.slope(other, b, c, velocity)
				if image && c == a {
					beyond = -beyond
				}
				grad[b][c] = (slope + beyond) / 2
			}
		}
	}
	div := 0.0
	for c := range axes {
		div += grad[c][c]
	}
	work := 0.0
	add := func(channel int, flux float64) {
		flux *= float64(by) / dx
		dst[channel*size+i] += flux
		if other != i {
			dst[channel*size+other] -= flux
		}
	}
	for c := range axes {
		sigma := p.Eta * (grad[a][c] + grad[c][a])
		if c == a {
			sigma += (p.Zeta - 2*p.Eta/3) * div
		}
		work += mean[c] * sigma
		add(1+c, sigma)
	}
	add(1+axes, work)
}

// across is the cell on the other side of a face, or the cell itself beyond an end: as it is, or as its image in a mirror.
func (g *Box) across(i, j, by, axis int) (other int, image bool) {
	n, stride := g.Points[axis], g.stride(axis)
	if k := j + by; k >= 0 && k < n {
		return i + by*stride, false
	}
	end := g.ends(axis)[(by+1)/2]
	if end == Around {
		return i - by*(n-1)*stride, false
	}
	return i, end == Mirror
}

// slope is the central difference ∂_b u_c in a cell.
func (g *Box) slope(i, b, c int, velocity func(c, i int) float64) float64 {
	j := i / g.stride(b) % g.Points[b]
	up, upImage := g.across(i, j, 1, b)
	down, downImage := g.across(i, j, -1, b)
	vu, vd := velocity(c, up), velocity(c, down)
	if upImage && c == b {
		vu = -vu
	}
	if downImage && c == b {
		vd = -vd
	}
	return (vu - vd) / (2 * g.Width(b))
}
