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
		least = min(least, rho)
	}
	return mu / least
}

// viscosity is where the viscous part of a gas works.
type viscosity struct {
	velocity, slope [3][]float64    // u_c and Σ_b≠c ∂_b u_b in all cells
	cross           [3][3][]float64 // ∂_b u_c, b ≠ c, in all cells
	line, beside    [3][]float64    // of a pencil along the axis a: u_c and ∂_c u_a
	div             []float64       // of a pencil: Σ_b≠a ∂_b u_b
	flux            [4][]float64    // of a pencil: of the momenta and of the energy
}

// Work implements [Viscous].
func (p Gas) Work(g *Box) int {
	axes := len(g.Points)
	if axes == 1 {
		return g.Size() + 3*g.pencil()
	}
	return (axes+axes+axes*(axes-1))*g.Size() + (3*axes+2)*g.pencil()
}

// viscosity divides the memory.
func (g *Box) viscosity(work []float64) (v viscosity) {
	axes := len(g.Points)
	take := func(n int) (piece []float64) {
		piece, work = work[:n], work[n:]
		return piece
	}
	size, pencil := g.Size(), g.pencil()
	for c := range axes {
		v.velocity[c], v.line[c], v.flux[c] = take(size), take(pencil), take(pencil)
		if axes > 1 {
			v.slope[c], v.beside[c] = take(size), take(pencil)
		}
		for b := range axes {
			if b != c {
				v.cross[b][c] = take(size)
			}
		}
	}
	v.flux[axes] = take(pencil)
	if axes > 1 {
		v.div = take(pencil)
	}
	return v
}

// Diffuse implements [Viscous]. The stress at a face takes the normal derivatives from its two cells and the others from the mean of theirs,
// central differences; second order, conservative.
func (p Gas) Diffuse(dst, u []float64, g *Box, work []float64) {
	if p.Eta == 0 && p.Zeta == 0 {
		return
	}
	size, axes := g.Size(), len(g.Points)
	v := g.viscosity(work)
	rho := u[:size]
	for c := range axes {
		to, m := v.velocity[c], u[(1+c)*size:(2+c)*size]
		for i, r := range rho {
			to[i] = m[i] / r
		}
	}
	if axes > 1 {
		v.gradients(g)
	}
	for a, n := range g.Points {
		dx, stride := g.Width(a), g.stride(a)
		for outer := 0; outer < size; outer += stride * n {
			for o := 0; o < stride; o += pencilWidth {
				width := min(pencilWidth, stride-o)
				v.gather(g, a, outer+o, width)
				p.stress(&v, axes, a, (n+1)*width, width, 1/dx)
				for c := range axes + 1 {
					g.scatter(dst[(1+c)*size:(2+c)*size], v.flux[c][:(n+1)*width], outer+o, n, stride, width, 1/dx)
				}
			}
		}
	}
}

// gradients fills slope and cross.
func (v *viscosity) gradients(g *Box) {
	for c := range g.Points {
		clear(v.slope[c])
	}
	for b := range g.Points {
		for c := range g.Points {
			if b != c {
				clear(v.cross[b][c])
				g.derivative(v.cross[b][c], v.velocity[c], v.line[0], v.flux[0], b, 1)
				continue
			}
			for other := range g.Points {
				if other != b {
					g.derivative(v.slope[other], v.velocity[b], v.line[0], v.flux[0], b, -1)
				}
			}
		}
	}
}

// derivative adds ∂_axis u by central differences: of the means at the faces; sign is that of u in a mirror.
func (g *Box) derivative(dst, u, line, face []float64, axis int, sign float64) {
	n, stride := g.Points[axis], g.stride(axis)
	inv := 1 / g.Width(axis)
	for outer := 0; outer < g.Size(); outer += stride * n {
		for o := 0; o < stride; o += pencilWidth {
			width := min(pencilWidth, stride-o)
			g.gather(line, u, axis, outer+o, width, 1, sign)
			means := face[:(n+1)*width]
			above := line[width:][:len(means)]
			for i, w := range line[:len(means)] {
				means[i] = (w + above[i]) / 2
			}
			g.scatter(dst, means, outer+o, n, stride, width, inv)
		}
	}
}

// gather copies what the stresses of a pencil along a read.
func (v *viscosity) gather(g *Box, a, first, width int) {
	for c := range g.Points {
		sign := 1.0
		if c == a {
			sign = -1
		}
		g.gather(v.line[c], v.velocity[c], a, first, width, 1, sign)
		if c != a {
			g.gather(v.beside[c], v.cross[c][a], a, first, width, 1, -1)
		}
	}
	if v.div != nil {
		g.gather(v.div, v.slope[a], a, first, width, 1, 1)
	}
}

// stress writes the viscous fluxes through the faces of a pencil along a.
func (p Gas) stress(v *viscosity, axes, a, faces, width int, inv float64) {
	work := v.flux[axes][:faces]
	clear(work)
	for c := range axes {
		sigma := v.flux[c][:faces]
		here, there := v.line[c][:faces], v.line[c][width:][:faces]
		switch {
		case c != a:
			near, far := v.beside[c][:faces], v.beside[c][width:][:faces]
			for f, u := range here {
				sigma[f] = p.Eta * ((there[f]-u)*inv + (near[f]+far[f])/2)
				work[f] += (u + there[f]) / 2 * sigma[f]
			}
		case axes == 1:
			mu := 4*p.Eta/3 + p.Zeta
			for f, u := range here {
				sigma[f] = mu * (there[f] - u) * inv
				work[f] += (u + there[f]) / 2 * sigma[f]
			}
		default:
			mu, lambda := 4*p.Eta/3+p.Zeta, p.Zeta-2*p.Eta/3
			near, far := v.div[:faces], v.div[width:][:faces]
			for f, u := range here {
				sigma[f] = mu*(there[f]-u)*inv + lambda*(near[f]+far[f])/2
				work[f] += (u + there[f]) / 2 * sigma[f]
			}
		}
	}
}
