package pde

import "math/cmplx"

// Coefficients are the weights of exponential time differencing at z = h λ, all of them entire functions of z:
//
//	E  = e^z        E2 = e^(z/2)     H  = (e^(z/2)-1)/z
//	φ1 = (e^z-1)/z  φ2 = (φ1-1)/z    φ3 = (φ2-1/2)/z
//	F1 = φ1-3φ2+4φ3 = (-4-z+e^z(4-3z+z²))/z³
//	F2 = φ2-2φ3     = (2+z+e^z(z-2))/z³
//	F3 = 4φ3-φ2     = (-4-3z-z²+e^z(4-z))/z³
//
// Source: Cox & Matthews 2002, equations (26)–(29).
type Coefficients struct {
	E, E2, Phi1, Phi2, Phi3, H, F1, F2, F3 complex128
}

// NewCoefficients evaluates the weights at any complex z to about 1e-14 relative. Nothing of the imaginary part is discarded:
// a dispersive symbol needs it, and loses all orders but the first without it.
//
// The closed forms cancel like |z|⁻³ near zero, so for |z| < 3/2 the φ come from their Taylor series φ_j = Σ_n z^n/(n+j)!
// and F from the φ; further out the closed forms are used, divided by z once at a time so that no power of z overflows.
func NewCoefficients(z complex128) Coefficients {
	c := Coefficients{E: cmplx.Exp(z), E2: cmplx.Exp(z / 2)}
	c.H = phi1(z/2) / 2
	c.Phi1 = phi1(z)
	if cmplx.Abs(z) < seriesRadius {
		c.Phi2, c.Phi3 = phiSeries(z, 2), phiSeries(z, 3)
		c.F1 = c.Phi1 - 3*c.Phi2 + 4*c.Phi3
		c.F2 = c.Phi2 - 2*c.Phi3
		c.F3 = 4*c.Phi3 - c.Phi2
		return c
	}
	c.Phi2 = (c.Phi1 - 1) / z
	c.Phi3 = (c.Phi2 - 0.5) / z
	c.F1 = ((-4/z - 1) + c.E*(4/z-3+z)) / z / z
	c.F2 = ((2/z + 1) + c.E*(1-2/z)) / z / z
	c.F3 = ((-4/z - 3 - z) + c.E*(4/z-1)) / z / z
	return c
}

const seriesRadius = 1.5

func phi1(z complex128) complex128 {
	if cmplx.Abs(z) < seriesRadius {
		return phiSeries(z, 1)
	}
	return (cmplx.Exp(z) - 1) / z
}

// phiSeries is Σ_{n≥0} z^n/(n+j)! by Horner's rule; 24 terms leave 1.5^24/24! < 1e-19.
func phiSeries(z complex128, j int) complex128 {
	const terms = 24
	s := complex128(1)
	for n := terms; n >= 1; n-- {
		s = 1 + s*z/complex(float64(n+j), 0)
	}
	for n := 2; n <= j; n++ {
		s /= complex(float64(n), 0)
	}
	return s
}
