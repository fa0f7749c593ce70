package cpu

import (
	"math"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// qrKernel: A = Q·R by Householder's reflections, on the columns of A as rows. Items are matrices.
func qrKernel[T simd.Float](a args[T]) kernel {
	m, n := a.dims[0].At(-2), a.dims[0].At(-1)
	columns, q, v2 := workspaces[T](a.pool, m*n), workspaces[T](a.pool, m*n), workspaces[T](a.pool, n)
	body := func(w, lo, hi int) {
		for b := lo; b < hi; b++ {
			out := a.out[b*(m+n)*n : (b+1)*(m+n)*n]
			a.k.Transpose(columns[w], m, a.in[0][b*m*n:(b+1)*m*n], n, m, n)
			if !householder(a.k, columns[w], q[w], v2[w], out[m*n:], m, n) {
				fillNaN(out)
				continue
			}
			a.k.Transpose(out, n, q[w], m, n, m)
		}
	}
	return kernel{items: a.to.Size() / ((m + n) * n), body: body, in: []int{m * n}, out: []int{(m + n) * n}}
}

// householder factorises the matrix whose columns are the rows of x, n of m elements: Qᵀ to q, R to r. x is overwritten, twice holds n
// elements. It reports whether the columns are independent.
func householder[T simd.Float](k *simd.Kernels[T], x, q, twice, r []T, m, n int) bool {
	epsilon := 0x1p-52
	if T(1)+T(0x1p-30) == 1 {
		epsilon = 0x1p-23
	}
	clear(r)
	clear(q)
	for j := range n {
		col := x[j*m : (j+1)*m]
		v := col[j:]
		norm := math.Sqrt(float64(k.Dot(v, v)))
		for i := range j {
			r[i*n+j] = col[i]
		}
		whole := math.Hypot(norm, math.Sqrt(float64(k.Dot(col[:j], col[:j]))))
		if !(norm > float64(m)*epsilon*whole) || math.IsInf(norm, 0) {
			return false
		}
		if v[0] > 0 {
			norm = -norm
		}
		r[j*n+j] = T(norm)
		v[0] -= T(norm)
		twice[j] = 2 / k.Dot(v, v)
		for c := j + 1; c < n; c++ {
			reflect(k, x[c*m+j:(c+1)*m], v, twice[j])
		}
	}
	for j := n - 1; j >= 0; j-- {
		q[j*m+j] = 1
		for c := j; c < n; c++ {
			reflect(k, q[c*m+j:(c+1)*m], x[j*m+j:(j+1)*m], twice[j])
		}
	}
	for j := range n {
		if r[j*n+j] < 0 {
			k.Scale(q[j*m:(j+1)*m], q[j*m:(j+1)*m], -1)
			k.Scale(r[j*n+j:(j+1)*n], r[j*n+j:(j+1)*n], -1)
		}
	}
	return true
}

// reflect: y ← y − v·(twice·vᵀy).
func reflect[T simd.Float](k *simd.Kernels[T], y, v []T, twice T) {
	k.Axpy(y, -twice*k.Dot(v, y), v)
}
