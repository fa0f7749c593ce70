package pde

import "math"

// Gas is a perfect gas on one to three axes: density ρ, momenta ρu_a, energy E = p/(γ-1) + ρ|u|²/2, channels in this order.
//
//	ρ_t + ∇·(ρu) = 0,  (ρu)_t + ∇·(ρu u) + ∇p = ∇·σ,  E_t + ∇·(u(E+p)) = ∇·(u·σ)
//	σ = η(∇u + ∇uᵀ - (2/3)∇·u) + ζ ∇·u
//
// Without viscosity these are the Euler equations. Fluxes are HLLC with the wave speeds of Einfeldt and Batten et al., for which density
// and pressure stay positive. There is no conduction of heat, as in PDEBench.
// Source: Toro 2009, chapter 10; Batten et al. 1997.
type Gas struct {
	Gamma     float64 // γ
	Eta, Zeta float64 // shear and bulk viscosity
}

// Channels implements [Law].
func (p Gas) Channels(axes int) int { return axes + 2 }

// Normal implements [Law].
func (p Gas) Normal(axis int) int { return 1 + axis }

// pressure is p.
func (p Gas) pressure(u [][]float64, i int) float64 {
	last := len(u) - 1
	kinetic := 0.0
	for _, m := range u[1:last] {
		kinetic += m[i] * m[i]
	}
	return (p.Gamma - 1) * (u[last][i] - kinetic/(2*u[0][i]))
}

// Speed implements [Law].
func (p Gas) Speed(u [][]float64, axis int) float64 {
	fastest := 0.0
	for i, rho := range u[0] {
		pressure := p.pressure(u, i)
		if !(rho > 0 && pressure > 0) {
			return math.NaN()
		}
		fastest = math.Max(fastest, math.Abs(u[1+axis][i])/rho+math.Sqrt(p.Gamma*pressure/rho))
	}
	return fastest
}

// Limit implements [Law]: the slopes of a cell are shortened together until both face states have at least a hundred-thousandth of the
// cell's density and pressure. Pressure is a concave function of the state, so that halving comes to an end.
func (p Gas) Limit(slope, u [][]float64) {
	const least = 1e-5
	last := len(u) - 1
	for i, rho := range u[0] {
		floor := least * p.pressure(u, i)
		for range 60 {
			if d := math.Abs(slope[0][i]) / 2; d < (1-least)*rho && p.face(slope, u, i, last, 0.5) > floor && p.face(slope, u, i, last, -0.5) > floor {
				break
			}
			for c := range slope {
				slope[c][i] /= 2
			}
		}
	}
}

// face is the pressure of u + s slope.
func (p Gas) face(slope, u [][]float64, i, last int, s float64) float64 {
	rho, energy, kinetic := u[0][i]+s*slope[0][i], u[last][i]+s*slope[last][i], 0.0
	for c := 1; c < last; c++ {
		m := u[c][i] + s*slope[c][i]
		kinetic += m * m
	}
	return (p.Gamma - 1) * (energy - kinetic/(2*rho))
}

// Fluxes implements [Law].
func (p Gas) Fluxes(dst, low, high [][]float64, axis int) {
	last := len(dst) - 1
	normal := 1 + axis
	for i := range dst[0] {
		rl, rr := low[0][i], high[0][i]
		ul, ur := low[normal][i]/rl, high[normal][i]/rr
		pl, pr := p.pressure(low, i), p.pressure(high, i)
		al, ar := math.Sqrt(p.Gamma*pl/rl), math.Sqrt(p.Gamma*pr/rr)
		// speeds by Roe's averages
		wl, wr := math.Sqrt(rl), math.Sqrt(rr)
		mean := (wl*ul + wr*ur) / (wl + wr)
		d := ur - ul
		a2 := (wl*al*al+wr*ar*ar)/(wl+wr) + wl*wr/(2*(wl+wr)*(wl+wr))*(p.Gamma-1)*d*d
		a := math.Sqrt(math.Max(a2, 0))
		sl, sr := math.Min(ul-al, mean-a), math.Max(ur+ar, mean+a)
		switch {
		case sl >= 0:
			physical(dst, low, i, normal, ul, pl)
		case sr <= 0:
			physical(dst, high, i, normal, ur, pr)
		default:
			contact := (pr - pl + rl*ul*(sl-ul) - rr*ur*(sr-ur)) / (rl*(sl-ul) - rr*(sr-ur))
			if contact >= 0 {
				physical(dst, low, i, normal, ul, pl)
				star(dst, low, i, last, normal, ul, pl, sl, contact)
			} else {
				physical(dst, high, i, normal, ur, pr)
				star(dst, high, i, last, normal, ur, pr, sr, contact)
			}
		}
	}
}

// physical is the flux of a state.
func physical(dst, u [][]float64, i, normal int, velocity, pressure float64) {
	for c := range dst {
		dst[c][i] = velocity * u[c][i]
	}
	dst[normal][i] += pressure
	dst[len(dst)-1][i] += velocity * pressure
}

// star adds s (u* - u), u* the state between the outer wave of speed s and the contact.
func star(dst, u [][]float64, i, last, normal int, velocity, pressure, s, contact float64) {
	rho := u[0][i]
	factor := (s - velocity) / (s - contact)
	for c := range dst {
		v := factor * u[c][i]
		switch c {
		case normal:
			v = factor * rho * contact
		case last:
			v = factor * (u[c][i] + (contact-velocity)*(rho*contact+pressure/(s-velocity)))
		}
		dst[c][i] += s * (v - u[c][i])
	}
}
