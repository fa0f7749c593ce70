package main

import (
	"math"
)

const millsCentre = 2.5

// millsFit returns the n coefficients of the polynomial in t = (a − c)/(a + c) that interpolates
// R(a) = Φ(−a)·e^(a²/2) = erfc(a/√2)·e^(a²/2)/2 at the Chebyshev points of 0 ≤ a ≤ normalLimit.
func millsFit(n int) []float64 {
	const c = millsCentre
	lo, hi := -1.0, (normalLimit-c)/(normalLimit+c)
	node, value := make([]float64, n), make([]float64, n)
	for i := range node {
		node[i] = (lo+hi)/2 + (hi-lo)/2*math.Cos(math.Pi*(float64(i)+0.5)/float64(n))
		a := c * (1 + node[i]) / (1 - node[i])
		value[i] = math.Erfc(a/math.Sqrt2) * math.Exp(a*a/2) / 2
	}
	// Newton's divided differences, then expansion into powers of t.
	for j := 1; j < n; j++ {
		for i := n - 1; i >= j; i-- {
			value[i] = (value[i] - value[i-1]) / (node[i] - node[i-j])
		}
	}
	coef := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		for j := n - 1; j > 0; j-- {
			coef[j] = coef[j-1] - node[i]*coef[j]
		}
		coef[0] = value[i] - node[i]*coef[0]
	}
	return coef
}
