package main

import (
	"math"
	"math/big"
)

// prec holds R at a = 40, the difference of two numbers near e^800, to 64 bits and more.
const prec = 1600

func num(x float64) *big.Float       { return new(big.Float).SetPrec(prec).SetFloat64(x) }
func add(x, y *big.Float) *big.Float { return num(0).Add(x, y) }
func sub(x, y *big.Float) *big.Float { return num(0).Sub(x, y) }
func mul(x, y *big.Float) *big.Float { return num(0).Mul(x, y) }
func quo(x, y *big.Float) *big.Float { return num(0).Quo(x, y) }

// millsRational is the fit of R(a) = Φ(−a)·e^(a²/2) on 0 ≤ a ≤ limit by a polynomial in t = (a − centre)/(a + centre).
func millsRational(centre, limit float64, terms int) []float64 {
	return interpolate(terms, -1, (limit-centre)/(limit+centre), func(t *big.Float) *big.Float {
		return ratio(quo(mul(num(centre), add(num(1), t)), sub(num(1), t)))
	})
}

// millsPieces is the fit of R(u − 1) on the sixteen intervals that quarter the octaves of 1 ≤ u < 16, by polynomials in
// the distance from the left end. The coefficients of one power lie in the order of the low four of the leading bits of u
// as a float32: two of the exponent, which is 127 for u = 1, and two of the fraction.
func millsPieces(terms int) [][]float64 {
	c := make([][]float64, terms)
	for i := range c {
		c[i] = make([]float64, 16)
	}
	for octave := range 4 {
		for quarter := range 4 {
			width := math.Ldexp(0.25, octave)
			left := num(math.Ldexp(1, octave) + float64(quarter)*width - 1)
			f := interpolate(terms, 0, width, func(t *big.Float) *big.Float { return ratio(add(left, t)) })
			for i, v := range f {
				c[i][(127+octave)%4*4+quarter] = v
			}
		}
	}
	return c
}

// interpolate returns the powers of t of the polynomial that interpolates f at the Chebyshev points of lo … hi.
func interpolate(n int, lo, hi float64, f func(t *big.Float) *big.Float) []float64 {
	node, value := make([]*big.Float, n), make([]*big.Float, n)
	for i := range node {
		point := (lo+hi)/2 + (hi-lo)/2*math.Cos(math.Pi*(float64(i)+0.5)/float64(n))
		node[i] = num(math.Round(point*0x1p20) * 0x1p-20) // the same on machines whose cosines differ
		value[i] = f(node[i])
	}
	// Newton's divided differences, then expansion into powers of t.
	for j := 1; j < n; j++ {
		for i := n - 1; i >= j; i-- {
			value[i] = quo(sub(value[i], value[i-1]), sub(node[i], node[i-j]))
		}
	}
	power := make([]*big.Float, n)
	for i := range power {
		power[i] = num(0)
	}
	for i := n - 1; i >= 0; i-- {
		for j := n - 1; j > 0; j-- {
			power[j] = sub(power[j-1], mul(node[i], power[j]))
		}
		power[0] = sub(value[i], mul(node[i], power[0]))
	}
	c := make([]float64, n)
	for i := range c {
		c[i], _ = power[i].Float64()
	}
	return c
}

// ratio is R(a) = e^(a²/2)/2 − 1/√2π·Σ_j a^(2j+1)/(2j + 1)!!, both by power series.
func ratio(a *big.Float) *big.Float {
	rootTwoPi := num(0).Sqrt(mul(num(2), pi()))
	square := mul(a, a)
	exp, expTerm := num(0), num(0.5)
	sum, sumTerm := num(0), quo(a, rootTwoPi)
	for j := 1.0; expTerm.Sign() > 0 && expTerm.MantExp(nil) > -200 || j < 100; j++ {
		exp, sum = add(exp, expTerm), add(sum, sumTerm)
		expTerm = quo(mul(expTerm, square), num(2*j))
		sumTerm = quo(mul(sumTerm, square), num(2*j+1))
	}
	return sub(exp, sum)
}

// pi is 16·atan(1/5) − 4·atan(1/239).
func pi() *big.Float {
	atanInverse := func(n float64) *big.Float {
		sum, term := num(0), quo(num(1), num(n))
		for k := 0; term.MantExp(nil) > -prec; k++ {
			sum = add(sum, quo(term, num(float64(2*k+1))))
			term = quo(term, num(-n*n))
		}
		return sum
	}
	return sub(mul(num(16), atanInverse(5)), mul(num(4), atanInverse(239)))
}
