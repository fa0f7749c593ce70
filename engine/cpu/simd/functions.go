package simd

import "math"

// The portable functions work in float64 whatever the element type: float32 results are correctly rounded but for
// rare ties, float64 results are as good as package math.

func sigmoid(x float64) float64 {
	t := math.Exp(-math.Abs(x))
	if x < 0 {
		return t / (1 + t)
	}
	return 1 / (1 + t)
}

func softplus(x float64) float64 {
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

func silu(x float64) float64 {
	switch {
	case x < -760:
		return math.Copysign(0, -1)
	case x < -700: // one underflow instead of two
		h := math.Exp(x / 2)
		return x * h * h
	}
	return x * sigmoid(x)
}

func siluGrad(x float64) float64 { return gatedGrad(x, x, 1) }

// gatedGrad is d/dx x·σ(v) = σ(v)·(1 + x·v′·σ(−v)), with its limits −0 and 1.
func gatedGrad(x, v, slope float64) float64 {
	switch {
	case v < -760:
		return math.Copysign(0, -1)
	case v > 760:
		return 1
	}
	return sigmoid(v) * (1 + x*slope*sigmoid(-v))
}

// The coefficients √(8/π) and 0.044715·√(8/π) of the cubic, and what float64 loses of them.
const (
	gelu1, gelu1Low = 1.5957691216057308, -9.96930880911092e-17
	gelu3, gelu3Low = 0.07135481627260025, -6.175149918155315e-19
)

// geluCubic returns v + d = √(8/π)·(x + 0.044715·x³), d being what rounding v loses: an error of v is a relative
// error of e^v.
func geluCubic(x float64) (v, d float64) {
	square := x * x
	prod := square * gelu3
	low := math.FMA(square, gelu3, -prod) + math.FMA(x, x, -square)*gelu3 + square*gelu3Low
	sum := prod + gelu1
	back := sum - prod
	low += (gelu1 - back) + (prod - (sum - back)) + gelu1Low
	v = x * sum
	return v, math.FMA(x, sum, -v) + x*low
}

func geluTanh(x float64) float64 {
	switch {
	case x < -22:
		return math.Copysign(0, -1)
	case x > 22:
		return x
	}
	v, d := geluCubic(x)
	return x * sigmoid(v) * (1 + d*sigmoid(-v))
}

func geluTanhGrad(x float64) float64 {
	switch {
	case x < -22:
		return math.Copysign(0, -1)
	case x > 22:
		return 1
	}
	v, d := geluCubic(x)
	return gatedGrad(x, v, gelu1+3*gelu3*x*x) * (1 + d*sigmoid(-v))
}

// normal is Φ(x) = erfc(−x/√2)/2. The rounding error d of −x/√2 is put back to first order, for erfc(z) falls like
// e^(−z²): erfc(z + d) = erfc(z) − d·2/√π·e^(−z²).
func normal(x float64) float64 {
	const high = 0.70710678118654752440084436210484903928
	const low = -4.833646656726457e-17 // √½ − float64(√½)
	z := -x * high
	d := math.FMA(-x, high, -z) - x*low
	if !(math.Abs(z) < 28) {
		return math.Erfc(z) / 2
	}
	return (math.Erfc(z) - d*(2/math.SqrtPi)*math.Exp(-z*z)) / 2
}

func gelu(x float64) float64 {
	if x < -39 {
		return math.Copysign(0, -1)
	}
	return x * normal(x)
}

func geluGrad(x float64) float64 {
	switch {
	case x < -40:
		return math.Copysign(0, -1)
	case x > 40:
		return 1
	}
	return normal(x) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
}
