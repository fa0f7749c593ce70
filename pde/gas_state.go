package pde

import "math"

// SoundSpeed is √(γp/ρ).
func SoundSpeed(gamma, density, pressure float64) float64 {
	return math.Sqrt(gamma * pressure / density)
}

// Conserved replaces density, velocities and pressure by density, momenta and energy.
func (p Gas) Conserved(u []float64, axes int) {
	n := len(u) / (axes + 2)
	for i := range n {
		rho, kinetic := u[i], 0.0
		for a := range axes {
			v := u[(1+a)*n+i]
			kinetic += rho * v * v / 2
			u[(1+a)*n+i] = rho * v
		}
		u[(1+axes)*n+i] = u[(1+axes)*n+i]/(p.Gamma-1) + kinetic
	}
}

// Primitive is the inverse of Conserved.
func (p Gas) Primitive(u []float64, axes int) {
	n := len(u) / (axes + 2)
	for i := range n {
		rho, kinetic := u[i], 0.0
		for a := range axes {
			m := u[(1+a)*n+i]
			kinetic += m * m / (2 * rho)
			u[(1+a)*n+i] = m / rho
		}
		u[(1+axes)*n+i] = (p.Gamma - 1) * (u[(1+axes)*n+i] - kinetic)
	}
}
