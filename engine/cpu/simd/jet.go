package simd

import (
	"fmt"
	"math"
)

// JetFactors is the largest number of factors of a JetTerm.
const JetFactors = 5

// JetTerm is C·f⁽ᵏ⁾(z)·Π_{i<k} Factors[i], k being its Degree; with a negative one it is zero. Consecutive terms are added up to the first that
// has an Out, which receives the sum; the next begin another. The last one has an Out.
type JetTerm[T Float] struct {
	Degree  int
	C       T
	Factors [JetFactors][]T
	Out     []T
}

// tanhJet is Kernels.TanhJet.
func tanhJet[T Float](terms []JetTerm[T], z, b []T, at, order int) {
	checkJet(terms, len(z), len(b), at, order)
	for i, x := range z {
		if b != nil {
			x += b[i]
		}
		y := T(math.Tanh(float64(x)))
		q := y * y
		d := 1 - q
		sumJet(terms, at+i, [...]T{y, d, -2 * y * d, (6*q - 2) * d, (16 - 24*q) * y * d, (16 - 120*q + 120*q*q) * d})
	}
}

// sineJet is Kernels.SineJet.
func sineJet[T Float](terms []JetTerm[T], s, c []T, at, order int) {
	checkLengths(len(s), len(c))
	checkJet(terms, len(s), 0, at, order)
	for i, x := range s {
		sumJet(terms, at+i, [...]T{x, c[i], -x, -c[i], x, c[i]})
	}
}

// sumJet makes element i of every result.
func sumJet[T Float](terms []JetTerm[T], i int, f [JetFactors + 1]T) {
	var sum T
	for j := range terms {
		t := &terms[j]
		if t.Degree >= 0 {
			p := t.C
			for _, x := range t.Factors[:t.Degree] {
				p *= x[i]
			}
			sum += p * f[t.Degree]
		}
		if t.Out != nil {
			t.Out[i], sum = sum, 0
		}
	}
}

// checkJet panics unless the terms have n elements from at on, and derivatives up to order are all that they read.
func checkJet[T Float](terms []JetTerm[T], n, b, at, order int) {
	if b != 0 && b != n {
		panic(fmt.Sprintf("simd: %d and %d elements of one argument", n, b))
	}
	for j := range terms {
		t := &terms[j]
		if t.Degree > min(order, JetFactors) {
			panic(fmt.Sprintf("simd: a term of degree %d among derivatives up to order %d", t.Degree, order))
		}
		for _, x := range t.Factors[:max(t.Degree, 0)] {
			if len(x) < at+n {
				panic(fmt.Sprintf("simd: elements %d to %d of a factor of %d", at, at+n, len(x)))
			}
		}
		if t.Out != nil && len(t.Out) < at+n || t.Out == nil && j == len(terms)-1 {
			panic(fmt.Sprintf("simd: elements %d to %d of a result of %d", at, at+n, len(t.Out)))
		}
	}
}
