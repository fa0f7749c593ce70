package pde

// stencil is a symmetric positive definite five-point matrix on an nx×ny array of unknowns, index p = i ny + j:
//
//	(A u)_p = diag_p u_p - right_p u_(i+1,j) - right_(i-1,j) u_(i-1,j) - up_p u_(i,j+1) - up_(i,j-1) u_(i,j-1)
//
// right and up are the couplings to the next unknown in i and in j, zero where there is none.
type stencil struct {
	nx, ny          int
	diag, right, up []float64
}

func newStencil(nx, ny int) *stencil {
	n := nx * ny
	return &stencil{nx: nx, ny: ny, diag: make([]float64, n), right: make([]float64, n), up: make([]float64, n)}
}

// apply is dst = A u.
func (a *stencil) apply(dst, u []float64) {
	ny := a.ny
	for i := range a.nx {
		for p := i * ny; p < (i+1)*ny; p++ {
			s := a.diag[p] * u[p]
			if i > 0 {
				s -= a.right[p-ny] * u[p-ny]
			}
			if i < a.nx-1 {
				s -= a.right[p] * u[p+ny]
			}
			if p > i*ny {
				s -= a.up[p-1] * u[p-1]
			}
			if p < (i+1)*ny-1 {
				s -= a.up[p] * u[p+1]
			}
			dst[p] = s
		}
	}
}
