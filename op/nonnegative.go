package op

import (
	"fmt"
	"math"
)

// NonnegativeOp: z = argmin ‖A·z − b‖² subject to z ≥ 0, for each of S samples. Shapes: A [S, M, N] with M ≥ N and independent columns, b
// [S, M] → [S, N]. A sample that holds NaN, or whose columns depend on each other, gives NaN.
//
// Gradient, with F the unknowns above zero, which are those of least squares: v_F = (A_FᵀA_F)⁻¹·dz_F and 0 elsewhere,
// dA = (b − A·z)·vᵀ − A·v·zᵀ, db = A·v. Source: Lawson and Hanson, Solving least squares problems (1974), ch. 23.
type NonnegativeOp struct{}

// NonnegativeLeastSquares returns argmin ‖A·z − b‖ over z ≥ 0.
func NonnegativeLeastSquares(a, b Value) Value { return Apply(NonnegativeOp{}, a, b) }

// Shape implements Op.
func (NonnegativeOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("nonnegative", in, 2); err != nil {
		return Dims{}, err
	}
	a, b := in[0], in[1]
	if a.n != 3 || a.len[1] < a.len[2] || a.Cut(0, 2) != b {
		return Dims{}, fmt.Errorf("nonnegative: shapes %v and %v: want [S, M, N] with M ≥ N and [S, M]", a, b)
	}
	return Of(a.len[0], a.len[2]), nil
}

// Eval implements Op.
func (NonnegativeOp) Eval(out Array, in ...Array) {
	m, n := in[0].Dims.len[1], in[0].Dims.len[2]
	for s := range out.Dims.len[0] {
		activeSet(out.Data[s*n:(s+1)*n], in[0].Data[s*m*n:(s+1)*m*n], in[1].Data[s*m:(s+1)*m], m, n)
	}
}

// activeSet frees the bounded unknown that the objective falls steepest in, and bounds those that least squares would make negative,
// until no bounded one wants to be free.
func activeSet(z, a, b []float64, m, n int) {
	clear(z)
	free := make([]bool, n)
	for range 3*n + 1 {
		best, most := -1, 0.0
		for k := range n {
			slope, size := 0.0, 0.0
			for i := range m {
				res := b[i]
				for l := range n {
					res -= a[i*n+l] * z[l]
				}
				slope += a[i*n+k] * res
				size += math.Abs(a[i*n+k]) * (math.Abs(b[i]) + math.Abs(res))
			}
			if math.IsNaN(slope) {
				best = -1
				z[0] = math.NaN()
				break
			}
			if !free[k] && slope > math.Max(most, 0x1p-45*size) {
				best, most = k, slope
			}
		}
		if best < 0 {
			break
		}
		free[best] = true
		for {
			x := leastSquaresOf(a, b, free, m, n)
			step, last := 1.0, -1
			for k := range n {
				if free[k] && !(x[k] > 0) {
					if t := z[k] / (z[k] - x[k]); t < step || last < 0 {
						step, last = t, k
					}
				}
			}
			for k := range n {
				if z[k] += step * (x[k] - z[k]); last >= 0 && (k == last || free[k] && !(z[k] > 0)) {
					z[k], free[k] = 0, false
				}
			}
			if last < 0 {
				copy(z, x)
				break
			}
		}
	}
	for _, x := range z {
		if math.IsNaN(x) {
			for k := range z {
				z[k] = math.NaN()
			}
			return
		}
	}
}

// leastSquaresOf solves for the free unknowns; the others are zero.
func leastSquaresOf(a, b []float64, free []bool, m, n int) []float64 {
	q, r := freeFactors(a, free, m, n)
	f := r.Dims.len[1]
	x, y := NewArray(Of(f, 1)), NewArray(Of(f, 1))
	for i := range m {
		for k := range f {
			y.Data[k] += q[i*f+k] * b[i]
		}
	}
	TriangularSolveOp{Upper: true}.Eval(x, r, y)
	return spread(x.Data, free, n)
}

// freeFactors returns Q and R of the free columns.
func freeFactors(a []float64, free []bool, m, n int) (q []float64, r Array) {
	var columns []float64
	f := 0
	for i := range m {
		for k := range n {
			if free[k] {
				columns = append(columns, a[i*n+k])
			}
		}
	}
	if m > 0 {
		f = len(columns) / m
	}
	qr := NewArray(Of(m+f, f))
	QROp{}.Eval(qr, Array{Of(m, f), columns})
	return qr.Data[:m*f], Array{Of(f, f), qr.Data[m*f:]}
}

func spread(x []float64, free []bool, n int) []float64 {
	z := make([]float64, n)
	at := 0
	for k := range n {
		if free[k] {
			z[k] = x[at]
			at++
		}
	}
	return z
}

// Grad implements Op.
func (NonnegativeOp) Grad(in []Value, z, dz Value) []Value {
	a, b := in[0], in[1]
	d := a.Dims()
	v := Apply(NonnegativeAdjointOp{}, a, z, dz)
	column := func(x Value, n int) Value { return ReshapeTo(x, Of(d.len[0], n, 1)) }
	z1, v1 := column(z, d.len[2]), column(v, d.len[2])
	av := MatMul(a, v1, false, false)
	rest := Sub(column(b, d.len[1]), MatMul(a, z1, false, false))
	return []Value{Sub(MatMul(rest, v1, false, true), MatMul(av, z1, false, true)), ReshapeTo(av, b.Dims())}
}

// NonnegativeAdjointOp: v_F = (A_FᵀA_F)⁻¹·dz_F for F = {k: z_k > 0}, and 0 elsewhere. Shapes: A [S, M, N], z and dz [S, N] → [S, N]. It has
// no gradient rule.
type NonnegativeAdjointOp struct{}

// Shape implements Op.
func (NonnegativeAdjointOp) Shape(in ...Dims) (Dims, error) {
	if err := arity("nonnegativeadjoint", in, 3); err != nil {
		return Dims{}, err
	}
	a := in[0]
	if a.n != 3 || a.len[1] < a.len[2] || in[1] != Of(a.len[0], a.len[2]) || in[2] != in[1] {
		return Dims{}, fmt.Errorf("nonnegativeadjoint: shapes %v: want [S, M, N] and twice [S, N]", in)
	}
	return in[1], nil
}

// Eval implements Op.
func (NonnegativeAdjointOp) Eval(out Array, in ...Array) {
	m, n := in[0].Dims.len[1], in[0].Dims.len[2]
	for s := range out.Dims.len[0] {
		free := make([]bool, n)
		var dz []float64
		for k := range n {
			if free[k] = in[1].Data[s*n+k] > 0; free[k] {
				dz = append(dz, in[2].Data[s*n+k])
			}
		}
		_, r := freeFactors(in[0].Data[s*m*n:(s+1)*m*n], free, m, n)
		x, y := NewArray(Of(len(dz), 1)), NewArray(Of(len(dz), 1))
		TriangularSolveOp{Upper: true, Trans: true}.Eval(y, r, Array{Of(len(dz), 1), dz})
		TriangularSolveOp{Upper: true}.Eval(x, r, y)
		copy(out.Data[s*n:], spread(x.Data, free, n))
	}
}

// Grad implements Op: there is no rule.
func (NonnegativeAdjointOp) Grad([]Value, Value, Value) []Value { return make([]Value, 3) }
