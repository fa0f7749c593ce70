package simd

import "math"

// AdamNumbers are the factors of one update: m ← Beta1·m + Rest1·d, v ← Beta2·v + Rest2·d²,
// p ← (p − Decay·p) − Rate·(m·Correct1/(√(v·Correct2) + Epsilon)).
type AdamNumbers[T Float] struct {
	Beta1, Rest1, Beta2, Rest2, Correct1, Correct2, Epsilon, Rate, Decay T
}

// adam is Kernels.Adam; the conversions keep the compiler from fusing a product with a sum.
func adam[T Float](p2, m2, v2, p, m, v, d []T, c AdamNumbers[T]) {
	checkLengths(len(p), len(p2), len(m2), len(v2), len(m), len(v), len(d))
	for i, g := range d {
		mean := T(T(c.Beta1*m[i])+0) + T(T(c.Rest1*g)+0)
		square := T(T(c.Beta2*v[i])+0) + T(T(c.Rest2*T(g*g))+0)
		root := T(math.Sqrt(float64(T(square * c.Correct2))))
		q := p[i] - T(c.Decay*p[i])
		p2[i] = q - T(c.Rate*(T(mean*c.Correct1)/(root+c.Epsilon)))
		m2[i], v2[i] = mean, square
	}
}
