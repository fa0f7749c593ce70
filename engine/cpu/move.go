package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// sliceKernel copies runs of one axis.
func sliceKernel[T simd.Float](a args[T], o op.SliceOp) kernel {
	d := a.dims[0]
	t := d.Span(o.Axis+1, d.Rank())
	from, run := d.At(o.Axis)*t, o.Len*t
	body := func(_, lo, hi int) {
		if run == 1 { // a column
			x := a.in[0][o.Start:]
			for b := lo; b < hi; b++ {
				a.out[b] = x[b*from]
			}
			return
		}
		for b := lo; b < hi; b++ {
			copy(a.out[b*run:(b+1)*run], a.in[0][b*from+o.Start*t:])
		}
	}
	return kernel{items: d.Span(0, o.Axis), grain: 1 + copyChunk/(run+1), body: body, in: []int{from}, out: []int{run}}
}

// concatKernel copies each input's runs to their place.
func concatKernel[T simd.Float](a args[T], o op.ConcatOp) kernel {
	row := a.to.Span(o.Axis, a.to.Rank())
	runs := make([]int, len(a.in))
	for i, d := range a.dims {
		runs[i] = d.Span(o.Axis, d.Rank())
	}
	body := func(_, lo, hi int) {
		for b := lo; b < hi; b++ {
			at := b * row
			for i, n := range runs {
				copy(a.out[at:at+n], a.in[i][b*n:(b+1)*n])
				at += n
			}
		}
	}
	return kernel{items: a.to.Span(0, o.Axis), grain: 1 + copyChunk/(row+1), body: body, in: runs, out: []int{row}}
}

// padKernel copies or, for the adjoint, adds runs from where the padded positions come from.
func padKernel[T simd.Float](a args[T], o op.PadOp) kernel {
	small, big := a.dims[0], a.to
	if o.Adjoint {
		small, big = big, small
	}
	n, m := small.At(o.Axis), big.At(o.Axis)
	t := big.Span(o.Axis+1, big.Rank())
	source := make([]int, m)
	for i := range source {
		source[i] = o.Source(i, n)
	}
	body := func(_, lo, hi int) {
		for b := lo; b < hi; b++ {
			if o.Adjoint {
				clear(a.out[b*n*t : (b+1)*n*t])
			}
			for i, j := range source {
				wide := (b*m + i) * t
				switch {
				case j < 0 && o.Adjoint:
				case j < 0:
					clear(a.out[wide : wide+t])
				case o.Adjoint:
					sum := a.out[(b*n+j)*t : (b*n+j+1)*t]
					a.k.Add(sum, sum, a.in[0][wide:wide+t])
				default:
					copy(a.out[wide:wide+t], a.in[0][(b*n+j)*t:])
				}
			}
		}
	}
	return kernel{items: big.Span(0, o.Axis), grain: 1 + copyChunk/(m*t+1), body: body, in: []int{a.dims[0].Span(o.Axis, a.dims[0].Rank())}, out: []int{a.to.Span(o.Axis, a.to.Rank())}}
}

// transposeKernel permutes axes. Axes that stay neighbours are joined first; then the innermost output axis is either a copied
// run, or the row and column of small transposes.
func transposeKernel[T simd.Float](a args[T], o op.TransposeOp) kernel {
	dims, strides := joined(a.dims[0], o.Perm)
	rank := len(dims)
	last := dims[rank-1]
	outer := a.to.Size() / last
	body := func(_, lo, hi int) {
		for r := lo; r < hi; r++ {
			at, rest := 0, r
			for i := rank - 2; i >= 0; i-- {
				at += rest % dims[i] * strides[i]
				rest /= dims[i]
			}
			dst := a.out[r*last : (r+1)*last]
			if strides[rank-1] == 1 {
				copy(dst, a.in[0][at:at+last])
				continue
			}
			for j := range dst {
				dst[j] = a.in[0][at+j*strides[rank-1]]
			}
		}
	}
	if rank >= 2 && strides[rank-2] == 1 { // [.., i, j] ← [.., j, i]: blocks of a matrix transpose
		rows, step := dims[rank-2], strides[rank-1]
		matrices := func(_, lo, hi int) {
			for r := lo; r < hi; r++ {
				at, rest := 0, r
				for i := rank - 3; i >= 0; i-- {
					at += rest % dims[i] * strides[i]
					rest /= dims[i]
				}
				a.k.Transpose(a.out[r*rows*last:(r+1)*rows*last], last, a.in[0][at:], step, last, rows)
			}
		}
		return kernel{items: outer / rows, grain: 1 + copyChunk/(rows*last), body: matrices}
	}
	return kernel{items: outer, grain: 1 + copyChunk/last, body: body}
}

// joined returns the output's axes and their strides in the input, with neighbours that the permutation keeps together joined.
func joined(in, perm op.Dims) (dims, strides []int) {
	s := in.Strides()
	for i := range perm.Rank() {
		n, st := in.At(perm.At(i)), s[perm.At(i)]
		if n == 1 {
			continue
		}
		if k := len(dims) - 1; k >= 0 && strides[k] == n*st {
			dims[k], strides[k] = dims[k]*n, st
			continue
		}
		dims, strides = append(dims, n), append(strides, st)
	}
	if len(dims) == 0 {
		return []int{1}, []int{1}
	}
	return dims, strides
}
