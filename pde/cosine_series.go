package pde

import "math"

// CosineSeries is the function f(x,y) = Σ_{k,l<n} C[k n + l] cos(πkx) cos(πly) on the unit square; its normal derivative
// is zero on the wall.
type CosineSeries struct {
	C     []float64 // [n, n]
	Modes int       // n
}

// Cells writes f at the m×m cell centres ((i+1/2)/m, (j+1/2)/m), dst [m, m]. With m = n this is the inverse DCT-II.
func (f CosineSeries) Cells(dst []float64, m int) {
	f.sample(dst, m, func(k, i int) float64 { return cosPi(k*(2*i+1), 2*m) })
}

// Nodes writes f at the m×m nodes (i/(m-1), j/(m-1)), wall included, dst [m, m], m ≥ 2.
func (f CosineSeries) Nodes(dst []float64, m int) {
	f.sample(dst, m, func(k, i int) float64 { return cosPi(k*i, m-1) })
}

// sample is B C Bᵀ with B[i,k] = basis(k, i): 2 m n (m + n) operations, any m, nothing aliased.
func (f CosineSeries) sample(dst []float64, m int, basis func(k, i int) float64) {
	n := f.Modes
	b := make([]float64, n*m) // [k, i]
	for k := range n {
		for i := range m {
			b[k*m+i] = basis(k, i)
		}
	}
	rows := make([]float64, n*m) // C Bᵀ, [k, j]
	for k := range n {
		row := rows[k*m : (k+1)*m]
		for l := range n {
			axpy(row, f.C[k*n+l], b[l*m:(l+1)*m])
		}
	}
	clear(dst[:m*m])
	for i := range m {
		for k := range n {
			axpy(dst[i*m:(i+1)*m], b[k*m+i], rows[k*m:(k+1)*m])
		}
	}
}

// cosPi is cos(π p/q) with the angle reduced in whole numbers.
func cosPi(p, q int) float64 {
	return math.Cos(math.Pi * float64(p%(2*q)) / float64(q))
}
