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

// Fastest implements [Law].
func (p Gas) Fastest(dst []float64, u [][]float64) {
	last := len(u) - 1
	clear(dst)
	energy := u[last][:len(u[0])]
	for i, rho := range u[0] {
		inv, kinetic := 1/rho, 0.0
		for _, m := range u[1:last] {
			kinetic += m[i] * m[i]
		}
		pressure := (p.Gamma - 1) * (energy[i] - 0.5*kinetic*inv)
		if !(rho > 0 && pressure > 0) {
			fill(dst, math.NaN())
			return
		}
		sound := math.Sqrt(p.Gamma * pressure * inv)
		for axis, fastest := range dst {
			if v := math.Abs(u[1+axis][i])*inv + sound; v > fastest {
				dst[axis] = v
			}
		}
	}
}

// least is the share of the cell's density and pressure that the states at its faces keep.
const least = 1e-5

// Limit implements [Law]: the slopes of a cell are shortened together until both face states have at least a hundred-thousandth of the
// cell's density and pressure. With e = 2ρE - |ρu|², which is 2ρp/(γ-1), no division is needed to see that they do.
func (p Gas) Limit(slope, u [][]float64) {
	last := len(u) - 1
	energy, d0, de := u[last], slope[0], slope[last]
	for i, rho := range u[0] {
		half, halfEnergy := d0[i]/2, de[i]/2
		high, low := rho+half, rho-half
		e, eHigh, eLow := 2*rho*energy[i], 2*high*(energy[i]+halfEnergy), 2*low*(energy[i]-halfEnergy)
		for c := 1; c < last; c++ {
			m, d := u[c][i], slope[c][i]/2
			e, eHigh, eLow = e-m*m, eHigh-(m+d)*(m+d), eLow-(m-d)*(m-d)
		}
		if !(math.Abs(half) < (1-least)*rho && eHigh*rho > least*e*high && eLow*rho > least*e*low) {
			p.shorten(slope, u, i)
		}
	}
}

// shorten halves the slopes of a cell until its faces are admissible. Pressure is a concave function of the state, so that this comes
// to an end.
func (p Gas) shorten(slope, u [][]float64, i int) {
	last := len(u) - 1
	rho := u[0][i]
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

// face is the pressure of u + s slope.
func (p Gas) face(slope, u [][]float64, i, last int, s float64) float64 {
	rho, energy, kinetic := u[0][i]+s*slope[0][i], u[last][i]+s*slope[last][i], 0.0
	for c := 1; c < last; c++ {
		m := u[c][i] + s*slope[c][i]
		kinetic += m * m
	}
	return (p.Gamma - 1) * (energy - kinetic/(2*rho))
}
