package pde

// Burgers is u_t + (1/2)(u²)_x = ν u_xx on one periodic axis, in conservative form.
//
// A shock of jump 2A is about 4ν/A wide; its spectrum falls off from k = A/(2ν) on and the time step needed goes like ν/A².
// Measured for ν = 0.01 on [0, 1] up to t = 1 with the paper's random field at order 4 (TestBurgersResolution): the strongest of
// 200 fields (max |u0| = 2.3, slopes up to 149) wants 512 points (256, 384, 512: 1.3e-4, 1e-6, 7e-8 in space), and the error in time is
// 1.3e-4, 1.4e-5, 1.1e-6 for 400, 800, 1600 steps;
// an ordinary one (max |u0| = 0.8) is at 5e-8 with 256 points and 400 steps. For ν = 0.1, 256 points and 400 steps give 3e-8.
func Burgers(nu float64) Equation {
	return Equation{Linear: []Symbol{Diffusion(nu)}, Term: ConservativeConvection{Scale: 1}}
}

// BurgersNonConservative is u_t + u u_x = ν u_xx: the same equation, its product u u_x taken at the points.
func BurgersNonConservative(nu float64) Equation {
	return Equation{Linear: []Symbol{Diffusion(nu)}, Term: Convection{Scale: 1}}
}
