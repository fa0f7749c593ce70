package onnx

import "github.com/kolmogo/kolmogo/op"

// matmul writes op(A)·op(B).
func (s *site) matmul(o op.MatMulOp) string {
	r := s.out.Dims().Rank()
	return s.apply("MatMul", s.turned(s.names[0], r, o.TransA), s.turned(s.names[1], r, o.TransB))
}

// turned swaps the last two axes of x, of the given rank, where asked.
func (s *site) turned(x string, rank int, swap bool) string {
	if !swap {
		return x
	}
	perm := make([]int, rank)
	for i := range perm {
		perm[i] = i
	}
	perm[rank-2], perm[rank-1] = rank-1, rank-2
	return s.permute(x, perm...)
}

// cmatmul writes a complex product by four real ones.
func (s *site) cmatmul(o op.CMatMulOp) string {
	r := s.out.Dims().Rank()
	parts := func(i int, adjoint bool) (re, im string) {
		x := s.turned(s.names[i], r, adjoint)
		re, im = s.slice(x, r-3, 0, 1), s.slice(x, r-3, 1, 2)
		if adjoint {
			im = s.apply("Neg", im)
		}
		return re, im
	}
	ar, ai := parts(0, o.AdjA)
	br, bi := parts(1, o.AdjB)
	re := s.apply("Sub", s.apply("MatMul", ar, br), s.apply("MatMul", ai, bi))
	im := s.apply("Add", s.apply("MatMul", ar, bi), s.apply("MatMul", ai, br))
	return s.concat(r-3, re, im)
}

// realDFT writes [B.., N, C] → [Bins, 2, B.., C] as the product with a matrix [2·Bins, N].
func (s *site) realDFT(o op.RealDFTOp, x string) string {
	d := s.in[0].Dims()
	n, c, rows := d.At(-2), d.At(-1), d.Span(0, d.Rank()-2)
	y := s.apply("MatMul", s.matrix(o.Matrix(n), 2*o.Bins, n), s.reshape(x, rows, n, c))
	return s.reshape(s.permute(y, 1, 0, 2), s.out.Dims().Slice()...)
}

// realSynthesis writes [Bins, 2, B.., C] → [B.., N, C] as the product with the transposed matrix.
func (s *site) realSynthesis(o op.RealSynthesisOp, x string) string {
	d := s.in[0].Dims()
	bins, c, rows := d.At(0), d.At(-1), d.Span(2, d.Rank()-1)
	m := transposed(op.RealDFTOp{Bins: bins, Scale: o.Scale, Twice: o.Twice}.Matrix(o.N), 2*bins, o.N)
	y := s.apply("MatMul", s.matrix(m, o.N, 2*bins), s.permute(s.reshape(x, 2*bins, rows, c), 1, 0, 2))
	return s.reshape(y, s.out.Dims().Slice()...)
}

// dft writes [k.., 2, B.., N, C] → [Count, k.., 2, B.., C] as the product with ((cos, sin), (−sin, cos)).
func (s *site) dft(o op.DFTOp, x string) string {
	d := s.in[0].Dims()
	n, c, lead, rows := d.At(-2), d.At(-1), d.Span(0, o.Lead), d.Span(o.Lead+1, d.Rank()-2)
	x = s.reshape(s.permute(s.reshape(x, lead, 2, rows, n, c), 0, 2, 1, 3, 4), lead*rows, 2*n, c)
	y := s.apply("MatMul", s.matrix(rotation(o, n), 2*o.Count, 2*n), x)
	y = s.permute(s.reshape(y, lead, rows, 2, o.Count, c), 3, 0, 2, 1, 4)
	return s.reshape(y, s.out.Dims().Slice()...)
}

// synthesis writes [count, k.., 2, B.., C] → [k.., 2, B.., N, C] as the product with the transposed matrix.
func (s *site) synthesis(o op.SynthesisOp, x string) string {
	d := s.in[0].Dims()
	count, c, lead, rows := d.At(0), d.At(-1), d.Span(1, o.Lead+1), d.Span(o.Lead+2, d.Rank()-1)
	m := rotation(op.DFTOp{Lead: o.Lead, First: o.First, Count: count, Scale: o.Scale}, o.N)
	x = s.reshape(s.permute(s.reshape(x, count, lead, 2, rows, c), 1, 3, 2, 0, 4), lead*rows, 2*count, c)
	y := s.apply("MatMul", s.matrix(transposed(m, 2*count, 2*o.N), 2*o.N, 2*count), x)
	y = s.permute(s.reshape(y, lead, rows, 2, o.N, c), 0, 2, 1, 3, 4)
	return s.reshape(y, s.out.Dims().Slice()...)
}

// rotation is the matrix [2·Count, 2·n] of a complex transform on real parts followed by imaginary ones.
func rotation(o op.DFTOp, n int) []float64 {
	cos, sin := o.Matrices(n)
	m := make([]float64, 4*o.Count*n)
	for k := range o.Count {
		for j := range n {
			c, s := cos[k*n+j], sin[k*n+j]
			m[k*2*n+j], m[k*2*n+n+j] = c, s
			m[(o.Count+k)*2*n+j], m[(o.Count+k)*2*n+n+j] = -s, c
		}
	}
	return m
}

// transposed is the transpose of a matrix [rows, columns].
func transposed(m []float64, rows, columns int) []float64 {
	t := make([]float64, len(m))
	for i := range rows {
		for j := range columns {
			t[j*rows+i] = m[i*columns+j]
		}
	}
	return t
}
