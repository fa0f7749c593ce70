package op

import "math"

// Quantile returns Φ⁻¹(u), the standard normal number below which a share u of all lie, for 2⁻⁵³ ≤ u ≤ 1 − 2⁻⁵³, to about 1e-16
// relative. Three rational functions: of q = u − ½ for |q| ≤ 0.425, else of √(−ln min(u, 1−u)). It uses only IEEE +, −, ×, ÷ and
// √, every product rounded by itself, so that any device can give the same bits.
// Source: Wichura 1988, Algorithm AS 241, Applied Statistics 37(3), function PPND16.
func Quantile(u float64) float64 {
	q := u - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return q * (horner(r, &quantileA) / horner(r, &quantileB))
	}
	r := math.Sqrt(-logTail(math.Min(u, 1-u)))
	var z float64
	if r <= 5 {
		z = horner(r-1.6, &quantileC) / horner(r-1.6, &quantileD)
	} else {
		z = horner(r-5, &quantileE) / horner(r-5, &quantileF)
	}
	return math.Copysign(z, q)
}

// Coefficients of PPND16, ascending.
var (
	quantileA = [8]float64{3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
		4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3}
	quantileB = [8]float64{1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
		2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3}
	quantileC = [8]float64{1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
		1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4}
	quantileD = [8]float64{1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}
	quantileE = [8]float64{6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7}
	quantileF = [8]float64{1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}
)

// horner returns Σ c_k xᵏ.
func horner(x float64, c *[8]float64) float64 {
	s := float64(c[7]*x) + c[6]
	s = float64(s*x) + c[5]
	s = float64(s*x) + c[4]
	s = float64(s*x) + c[3]
	s = float64(s*x) + c[2]
	s = float64(s*x) + c[1]
	return float64(s*x) + c[0]
}

// logTail returns ln x for a normal x > 0: with x = m·2ᵉ, ½ ≤ m² < 2, it is e·ln 2 + 2 artanh((m−1)/(m+1)), the latter by its
// power series to degree 23, whose remainder is below 1e-19.
func logTail(x float64) float64 {
	const ln2High, ln2Low = 0x1.62e42fep-1, 0x1.f473de6af278ece6p-30 // the first has 28 bits: its product with e is exact
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	s := (m - 1) / (m + 1)
	square, sum := float64(s*s), artanhSeries[11]
	for k := 10; k >= 0; k-- {
		sum = float64(sum*square) + artanhSeries[k]
	}
	series := float64(float64(2*s) * sum)
	return float64(ln2High*float64(e)) + (series + float64(ln2Low*float64(e)))
}

// artanhSeries holds 1/(2k+1).
var artanhSeries = [12]float64{1, 1. / 3, 1. / 5, 1. / 7, 1. / 9, 1. / 11, 1. / 13, 1. / 15, 1. / 17, 1. / 19, 1. / 21, 1. / 23}
