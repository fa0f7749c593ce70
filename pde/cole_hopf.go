package pde

import "math"

// ColeHopf is the exact solution of u_t + u u_x = ν u_xx on the line from u(0,x) = U + A sin(k x).
//
// In the frame that moves with U, v = -2ν φ_x/φ with φ_t = ν φ_xx, so that v is the mean of v0 = A sin(k η) over η with the weight
//
//	w(η) = exp( A cos(k η)/(2ν k) - (y-η)²/(4ν t) ),  y = x - U t
//
// and differentiation under the integral gives v_x = E[v0'] - Var[v0]/(2ν).
// Source: Hopf 1950; Cole 1951.
type ColeHopf struct {
	Nu float64 // viscosity ν > 0
	A  float64 // amplitude
	U  float64 // mean flow
	K  float64 // wavenumber k > 0; 0 means 1
}

// At returns u and u_x at time t ≥ 0, to about 1e-13 of |A|.
//
// The integrals are sums over equidistant η, which converge faster than any power of the spacing. The weight is at most
// e^(|A|/(ν k)) larger at its peak than at η = y, which bounds the window; the largest exponent is subtracted.
func (c ColeHopf) At(t, x float64) (u, ux float64) {
	k := c.K
	if k == 0 {
		k = 1
	}
	y := x - c.U*t
	if t == 0 {
		return c.U + c.A*math.Sin(k*y), c.A * k * math.Cos(k*y)
	}
	potential := math.Abs(c.A) / (c.Nu * k)
	const negligible = 45 // e^-45 = 3e-20
	window := math.Sqrt(4 * c.Nu * t * (potential + negligible))
	width := 1 / math.Sqrt(1/(2*c.Nu*t)+math.Abs(c.A)*k/(2*c.Nu)+k*k)
	const perWidth = 8
	n := int(math.Ceil(window / width * perWidth))
	step := window / float64(n)
	exponent := func(eta float64) float64 {
		d := y - eta
		return c.A*math.Cos(k*eta)/(2*c.Nu*k) - d*d/(4*c.Nu*t)
	}
	largest := math.Inf(-1)
	for j := -n; j <= n; j++ {
		largest = math.Max(largest, exponent(y+float64(j)*step))
	}
	var sum, mean, square, slope float64
	for j := -n; j <= n; j++ {
		eta := y + float64(j)*step
		w := math.Exp(exponent(eta) - largest)
		sin, cos := math.Sincos(k * eta)
		v := c.A * sin
		sum += w
		mean += w * v
		square += w * v * v
		slope += w * c.A * k * cos
	}
	mean /= sum
	return c.U + mean, slope/sum - (square/sum-mean*mean)/(2*c.Nu)
}
