package pde

import "slices"

// Burgers is u_t + (1/2)(u²)_x = ν u_xx on one periodic axis, in conservative form.
//
// A shock of jump 2A is about 4ν/A wide; its spectrum falls off from k = A/(2ν) on and the time step needed goes like ν/A².
// Measured for ν = 0.01 on [0, 1] up to t = 1 with the paper's random field at order 4 (TestBurgersResolution): the strongest of
// 200 fields (max |u0| = 2.3, slopes up to 149) wants 512 points (256, 384, 512: 1.3e-4, 1e-6, 7e-8 in space), and the error in time is
// 1.3e-4, 1.4e-5, 1.1e-6 for 400, 800, 1600 steps;
// an ordinary one (max |u0| = 0.8) is at 5e-8 with 256 points and 400 steps. For ν = 0.1, 256 points and 400 steps give 3e-8.
func Burgers(nu float64) Equation {
	return Equation{Linear: []Symbol{Diffusion(nu)}, Term: ConservativeConvection(1), Axes: 1}
}

// BurgersNonConservative is u_t + u u_x = ν u_xx: the same equation, its product u u_x taken at the points.
func BurgersNonConservative(nu float64) Equation {
	return Equation{Linear: []Symbol{Diffusion(nu)}, Term: Convection(1, 1), Axes: 1}
}

// VectorBurgers is ∂_t u_i + (u·∇)u_i = ν ∇²u_i for a velocity of one channel per axis.
func VectorBurgers(axes int, nu float64) Equation {
	return Equation{Linear: slices.Repeat([]Symbol{Diffusion(nu)}, axes), Term: Convection(axes, 1), Axes: axes}
}

// VectorBurgersConservative is ∂_t u_i + (1/2) Σ_j ∂_j(u_i u_j) = ν ∇²u_i. On one axis it is [Burgers]; on more it is another equation than
// [VectorBurgers], whose product it halves where ∇·u = 0.
func VectorBurgersConservative(axes int, nu float64) Equation {
	return Equation{Linear: slices.Repeat([]Symbol{Diffusion(nu)}, axes), Term: VectorConservativeConvection(axes, 1), Axes: axes}
}
