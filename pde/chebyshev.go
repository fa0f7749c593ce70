package pde

import "math"

// chebyshev is a polynomial grid on [0, 1]: the nodes x_i = (1 − cos(π i/N))/2, i = 0 .. N, or without its ends, i = 1 .. N−1.
type chebyshev struct {
	x, w []float64 // nodes, and the weights of barycentric interpolation
}

func newChebyshev(order int, ends bool) chebyshev {
	var c chebyshev
	for i := range order + 1 {
		if ends || i > 0 && i < order {
			c.x = append(c.x, (1-math.Cos(math.Pi*float64(i)/float64(order)))/2)
		}
	}
	for i, x := range c.x {
		w := 1.0
		for j, y := range c.x {
			if i != j {
				w /= 4 * (x - y) // 4 keeps the products near one
			}
		}
		c.w = append(c.w, w)
	}
	return c
}

// derivative is the matrix D_ij = ℓ_j'(x_i) of the interpolating polynomials. Source: Berrut & Trefethen 2004, section 9.3.
func (c chebyshev) derivative() [][]float64 {
	d := make([][]float64, len(c.x))
	for i := range d {
		d[i] = make([]float64, len(c.x))
		for j := range d {
			if i != j {
				d[i][j] = c.w[j] / c.w[i] / (c.x[i] - c.x[j])
				d[i][i] -= d[i][j]
			}
		}
	}
	return d
}

// basis writes the values ℓ_j(x).
func (c chebyshev) basis(dst []float64, x float64) {
	sum := 0.0
	for j, y := range c.x {
		if x == y {
			clear(dst)
			dst[j] = 1
			return
		}
		dst[j] = c.w[j] / (x - y)
		sum += dst[j]
	}
	for j := range dst {
		dst[j] /= sum
	}
}
