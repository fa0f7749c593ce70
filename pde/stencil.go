package pde

// stencil is a symmetric positive definite five-point matrix on an nx×ny array of unknowns, p = i ny + j:
//
//	(A u)_p = diag_p u_p - right_p u_(p+ny) - right_(p-ny) u_(p-ny) - up_p u_(p+1) - up_(p-1) u_(p-1)
//
// right and up couple an unknown to the next one in i and in j; they are zero where there is none.
// Every array of the solver, u included, carries ny zeros before and after its nx·ny values, so that no neighbour needs a test.
type stencil struct {
	nx, ny          int
	diag, right, up []float64
}

func newStencil(nx, ny int) *stencil {
	a := &stencil{nx: nx, ny: ny}
	a.diag, a.right, a.up = a.vector(), a.vector(), a.vector()
	return a
}

// vector is a padded array of zeros.
func (a *stencil) vector() []float64 { return make([]float64, (a.nx+2)*a.ny) }

// inner is the array without its padding, moved by a number of places.
func (a *stencil) inner(v []float64, by int) []float64 {
	return v[a.ny+by:][:a.nx*a.ny]
}

// apply is dst = A u.
func (a *stencil) apply(dst, u []float64) {
	ny := a.ny
	out, diag := a.inner(dst, 0), a.inner(a.diag, 0)
	right, left, up, down := a.inner(a.right, 0), a.inner(a.right, -ny), a.inner(a.up, 0), a.inner(a.up, -1)
	u0, ur, ul, uu, ud := a.inner(u, 0), a.inner(u, ny), a.inner(u, -ny), a.inner(u, 1), a.inner(u, -1)
	for p := range out {
		out[p] = diag[p]*u0[p] - right[p]*ur[p] - left[p]*ul[p] - up[p]*uu[p] - down[p]*ud[p]
	}
}
