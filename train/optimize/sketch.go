package optimize

import (
	"errors"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// sketch is a randomised approximation U·diag(λ)·Uᵀ of a symmetric positive semi-definite matrix A of which only products are known:
// with an orthonormal random Ω, Y = AΩ + νΩ and C·Cᵀ = ΩᵀY, the singular values and left vectors of Y·C⁻ᵀ are √(λ + ν) and U.
type sketch struct {
	u      *mat.Dense // [n, rank]
	values []float64  // falling
}

func newSketch(times func([]float64) ([]float64, error), n, rank int, rnd *rand.Rand) (*sketch, error) {
	omega := mat.NewDense(n, rank, nil)
	for i := range n {
		for j := range rank {
			omega.Set(i, j, rnd.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(omega)
	var q mat.Dense
	qr.QTo(&q)
	basis := mat.DenseCopyOf(q.Slice(0, n, 0, rank))
	y := mat.NewDense(n, rank, nil)
	for j := range rank {
		column, err := times(mat.Col(nil, j, basis))
		if err != nil {
			return nil, err
		}
		y.SetCol(j, column)
	}
	nu := math.Sqrt(float64(n)) * 0x1p-40 * mat.Norm(y, 2)
	for range 12 {
		if s, ok := approximate(basis, y, nu); ok {
			return s, nil
		}
		nu *= 10 // the matrix is indefinite, or the products are rough
	}
	return nil, errors.New("optimize: newton_cg: the Hessian's products are not finite or far from positive: start with another method")
}

// approximate fails where the shift is too small for ΩᵀY to have a factor.
func approximate(omega, y *mat.Dense, nu float64) (*sketch, bool) {
	n, rank := y.Dims()
	var shifted, square mat.Dense
	shifted.Scale(nu, omega)
	shifted.Add(&shifted, y)
	square.Mul(omega.T(), &shifted)
	symmetric := mat.NewSymDense(rank, nil)
	for i := range rank {
		for j := i; j < rank; j++ {
			symmetric.SetSym(i, j, (square.At(i, j)+square.At(j, i))/2)
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(symmetric) {
		return nil, false
	}
	var l mat.TriDense
	chol.LTo(&l)
	var b mat.Dense
	if err := b.Solve(&l, shifted.T()); err != nil {
		return nil, false
	}
	var svd mat.SVD
	if !svd.Factorize(b.T(), mat.SVDThin) {
		return nil, false
	}
	s := &sketch{u: mat.NewDense(n, rank, nil)}
	var u mat.Dense
	svd.UTo(&u)
	s.u.Copy(&u)
	for _, v := range svd.Values(nil) {
		s.values = append(s.values, max(v*v-nu, 0))
	}
	return s, true
}

// precondition is (λ_last + μ)·U·diag(1/(λ + μ))·Uᵀr + (r − U·Uᵀr), near (A + μI)⁻¹ up to a factor.
func (s *sketch) precondition(r []float64, mu float64) []float64 {
	n, rank := s.u.Dims()
	c := mat.NewVecDense(rank, nil)
	c.MulVec(s.u.T(), mat.NewVecDense(n, r))
	least := s.values[rank-1]
	for i, v := range s.values {
		c.SetVec(i, c.AtVec(i)*((least+mu)/(v+mu)-1))
	}
	z := mat.NewVecDense(n, nil)
	z.MulVec(s.u, c)
	out := z.RawVector().Data
	for i, v := range r {
		out[i] += v
	}
	return out
}
