package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// loader reads one operand of a chain at consecutive positions of the iteration space.
type loader[T simd.Float] struct {
	data    []T
	direct  bool  // the operand has the iteration space's own layout
	inner   int   // length of the innermost run
	step    int   // element stride within a run, 0 or more
	dims    []int // outer axes
	strides []int
}

// newLoader joins neighbouring axes that are walked with one stride.
func newLoader[T simd.Float](data []T, d op.Dims, strides []int) loader[T] {
	dims := d.Slice()
	var jd, js []int
	for i, n := range dims {
		if n == 1 {
			continue
		}
		if k := len(jd) - 1; k >= 0 && js[k] == strides[i]*n {
			jd[k], js[k] = jd[k]*n, strides[i]
			continue
		}
		jd, js = append(jd, n), append(js, strides[i])
	}
	if len(jd) == 0 {
		jd, js = []int{1}, []int{1}
	}
	k := len(jd) - 1
	return loader[T]{data: data, direct: k == 0 && js[0] == 1, inner: jd[k], step: js[k], dims: jd[:k], strides: js[:k]}
}

// period is the number of elements after which the same numbers are read again; 0: there is none, or it is long.
func (l *loader[T]) period() int {
	for _, s := range l.strides {
		if s != 0 {
			return 0
		}
	}
	switch {
	case l.step == 0 && len(l.dims) == 0:
		return 1
	case l.direct || l.inner > chainBlock/4:
		return 0
	}
	return l.inner
}

// scalar is where the operand's one number is; nil if there are several.
func (l *loader[T]) scalar() *T {
	if l.step != 0 || len(l.dims) > 0 {
		return nil
	}
	if len(l.data) == 0 { // no memory yet
		return new(T)
	}
	return &l.data[0]
}

// block writes m values from position at on into tmp.
func (l *loader[T]) block(k *simd.Kernels[T], tmp []T, at, m int) []T {
	row, col := at/l.inner, at%l.inner
	if t := l.period(); t > 1 && l.step == 1 && m > 2*t { // one period, and then what is there already
		copy(tmp, l.data[col:t])
		copy(tmp[t-col:], l.data[:col])
		for n := t; n < m; n *= 2 {
			copy(tmp[n:m], tmp[:n])
		}
		return tmp[:m:m]
	}
	start := 0
	if l.step == 0 && len(l.dims) == 1 && l.strides[0] == 1 { // whole rows of one number each
		head := min((l.inner-col)%l.inner, m)
		for j := range tmp[:head] {
			tmp[j] = l.data[row]
		}
		if head > 0 {
			row, col = row+1, 0
		}
		rows := (m - head) / l.inner
		k.Spread(tmp[head:head+rows*l.inner], l.data[row:row+rows], l.inner)
		row, start = row+rows, head+rows*l.inner
	}
	for i := start; i < m; {
		base, r := 0, row
		for a := len(l.dims) - 1; a >= 0; a-- {
			base += r % l.dims[a] * l.strides[a]
			r /= l.dims[a]
		}
		run := min(l.inner-col, m-i)
		dst := tmp[i : i+run]
		switch l.step {
		case 0:
			x := l.data[base]
			for j := range dst {
				dst[j] = x
			}
		case 1:
			copy(dst, l.data[base+col:])
		default:
			for j := range dst {
				dst[j] = l.data[base+(col+j)*l.step]
			}
		}
		i, col, row = i+run, 0, row+1
	}
	return tmp[:m:m]
}
