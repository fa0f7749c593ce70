package pde

// Burgers is u_t + (1/2)(u²)_x = ν u_xx on one periodic axis, in conservative form.
//
// A shock of jump 2A has the width 4ν/A; the spectrum falls off from k = A/(2ν) on. Modes and steps needed for ν = 0.01
// on [0, 1] are measured in TestBurgersResolution.
func Burgers(nu float64) Equation {
	return Equation{Linear: []Symbol{Diffusion(nu)}, Term: ConservativeConvection{Scale: 1}}
}

// BurgersNonConservative is u_t + u u_x = ν u_xx: the same equation, its product u u_x taken at the points.
func BurgersNonConservative(nu float64) Equation {
	return Equation{Linear: []Symbol{Diffusion(nu)}, Term: Convection{Scale: 1}}
}
