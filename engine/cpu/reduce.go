package cpu

import (
	"math/bits"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// copyChunk is the number of elements a worker copies at least.
const copyChunk = 1 << 14

func copyKernel[T simd.Float](a args[T]) kernel {
	body := func(_, lo, hi int) { copy(a.out[lo:hi], a.in[0][lo:hi]) }
	return kernel{items: a.to.Size(), grain: copyChunk, body: body, in: []int{1}, out: []int{1}}
}

// sumChunk is the number of elements of a partial sum; fixed, so that results do not depend on the threads.
const sumChunk = 1 << 13

// chunk is a length up to most into which n splits: a divisor of n where there is one of at least a quarter of the power of two that
// most is rounded down to, so that chunks of one axis nest. It is a function of the sizes alone, never of the threads.
func chunk(n, most int) int {
	most = 1 << (bits.Len(uint(most)) - 1)
	for c := min(most, n); c > most/4; c-- {
		if n%c == 0 {
			return c
		}
	}
	return most
}

// sumKernel handles the three layouts that occur: everything, the leading axes, and the trailing axes of an input seen as
// [a, b, c] with b summed. Other sets of axes are summed by odometer.
func sumKernel[T simd.Float](a args[T], o op.Sum) kernel {
	d := a.dims[0]
	if d.Size() == 0 {
		return serial(func() { clear(a.out) })
	}
	lead, mid, tail, ok := blocks(d, o.Over)
	x := a.in[0]
	switch {
	case !ok:
		return sumGeneral(a, o)
	case tail == 1:
		return sumRows(a, x, lead, mid)
	}
	return sumColumns(a, x, lead, mid, tail)
}

// blocks sees the shape as [lead, mid, tail] with exactly the axes of mid in the set, if those are contiguous.
func blocks(d op.Dims, over op.Axes) (lead, mid, tail int, ok bool) {
	lead, mid, tail = 1, 1, 1
	state := 0
	for i := range d.Rank() {
		n := d.At(i)
		switch in := over.Has(i); {
		case n == 1:
		case in && state <= 1:
			state, mid = 1, mid*n
		case in:
			return 0, 0, 0, false
		case state == 0:
			lead *= n
		default:
			state, tail = 2, tail*n
		}
	}
	return lead, mid, tail, true
}

// sumRows: out[i] = Σ_j x[i, j].
func sumRows[T simd.Float](a args[T], x []T, lead, mid int) kernel {
	if mid <= sumChunk {
		body := func(_, lo, hi int) {
			for i := lo; i < hi; i++ {
				a.out[i] = a.k.Sum(x[i*mid : (i+1)*mid])
			}
		}
		return kernel{items: lead, grain: 1 + sumChunk/(mid+1), body: body, in: []int{mid}, out: []int{1}}
	}
	size := chunk(mid, sumChunk)
	chunks := (mid + size - 1) / size
	partial := make([]T, lead*chunks)
	body := func(_, lo, hi int) {
		for p := lo; p < hi; p++ {
			i, c := p/chunks, p%chunks
			row := x[i*mid : (i+1)*mid]
			partial[p] = a.k.Sum(row[c*size : min(mid, (c+1)*size)])
		}
	}
	after := func() {
		for i := range lead {
			a.out[i] = a.k.Sum(partial[i*chunks : (i+1)*chunks])
		}
	}
	return kernel{items: lead * chunks, body: body, after: after, in: []int{size}}
}

// Rows from shortRow elements on are worth vectors of their own; shorter ones are added several at a time, up to wideRow elements.
const shortRow, wideRow = 16, 256

// sumColumns: out[i, k] = Σ_j x[i, j, k], by partial sums over fixed numbers of rows j.
func sumColumns[T simd.Float](a args[T], x []T, lead, mid, tail int) kernel {
	rows := chunk(mid, max(1, sumChunk/tail))
	chunks := (mid + rows - 1) / rows
	partial := a.out
	if chunks > 1 {
		partial = make([]T, lead*chunks*tail)
	}
	group := 1
	for g := 2; tail < shortRow && g*tail <= wideRow; g++ {
		if rows%g == 0 {
			group = g
		}
	}
	wide := workspaces[T](a.pool, group*tail)
	body := func(w, lo, hi int) {
		for p := lo; p < hi; p++ {
			i, c := p/chunks, p%chunks
			from, to := i*mid+c*rows-a.base[w][0]*rows, i*mid+min(mid, (c+1)*rows)-a.base[w][0]*rows
			sum := partial[p*tail : (p+1)*tail]
			if group == 1 {
				clear(sum)
				a.k.AddColumns(sum, x[from*tail:to*tail])
				continue
			}
			acc := wide[w]
			clear(acc)
			for ; from+group <= to; from += group {
				a.k.Add(acc, acc, x[from*tail:(from+group)*tail])
			}
			copy(sum, acc)
			for g := 1; g < group; g++ {
				a.k.Add(sum, sum, acc[g*tail:(g+1)*tail])
			}
			for ; from < to; from++ {
				a.k.Add(sum, sum, x[from*tail:(from+1)*tail])
			}
		}
	}
	if chunks == 1 {
		return kernel{items: lead, grain: 1 + sumChunk/(mid*tail+1), body: body, in: []int{mid * tail}, out: []int{tail}}
	}
	after := func() {
		for i := range lead {
			acc := a.out[i*tail : (i+1)*tail]
			clear(acc)
			for c := range chunks {
				a.k.Add(acc, acc, partial[(i*chunks+c)*tail:(i*chunks+c+1)*tail])
			}
		}
	}
	return kernel{items: lead * chunks, body: body, after: after, in: []int{rows * tail}, base: a.base}
}

// sumGeneral walks every element; for sets of axes that do not form one block.
func sumGeneral[T simd.Float](a args[T], o op.Sum) kernel {
	d := a.dims[0]
	n := d.Rank()
	strides := make([]int, n)
	out := a.to.Strides()
	for i, j := 0, 0; i < n; i++ {
		if !o.Over.Has(i) {
			strides[i] = out[j]
			j++
		}
	}
	acc := make([]float64, len(a.out))
	idx := make([]int, n)
	return serial(func() {
		clear(acc)
		clear(idx)
		at := 0
		for _, x := range a.in[0] {
			acc[at] += float64(x)
			for ax := n - 1; ax >= 0; ax-- {
				idx[ax]++
				at += strides[ax]
				if idx[ax] < d.At(ax) {
					break
				}
				at -= idx[ax] * strides[ax]
				idx[ax] = 0
			}
		}
		for i, s := range acc {
			a.out[i] = T(s)
		}
	})
}
