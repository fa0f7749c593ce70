package pde

import "math"

// TaylorGreen is the exact vortex array of the plane Navier–Stokes equations on the torus [0, 2π)²,
//
//	u = cos kx sin ky e^(-2νk²t), v = -sin kx cos ky e^(-2νk²t), p = -(cos 2kx + cos 2ky)/4 e^(-4νk²t)
//
// Source: Taylor & Green 1937.
type TaylorGreen struct {
	Nu float64 // ν
	K  float64 // whole wavenumber k
}

// At is the velocity, the pressure and the vorticity v_x - u_y = -2k cos kx cos ky e^(-2νk²t).
func (f TaylorGreen) At(t, x, y float64) (u, v, p, w float64) {
	k := f.K
	decay := math.Exp(-2 * f.Nu * k * k * t)
	sx, cx := math.Sincos(k * x)
	sy, cy := math.Sincos(k * y)
	return cx * sy * decay, -sx * cy * decay, -(math.Cos(2*k*x) + math.Cos(2*k*y)) / 4 * decay * decay, -2 * k * cx * cy * decay
}
