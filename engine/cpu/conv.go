package cpu

import (
	"unsafe"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// convKernel: y[b, i.., o] = Σ_{j.., c} x[b, (s·i + d·j).., c]·w[j.., c, o] as a product of matrices that are never copied, an
// implicit GEMM: for each tap (see convGrid) the overlapping windows of a line of x [m, width] by a part of the kernel
// [width, O]. Items are tiles of positions by panels of the output channels. 2·|w|·positions FLOPs.
func convKernel[T simd.Float](a args[T], o op.ConvOp) kernel {
	g := newConvGrid(o.Stride, o.Dilation, a.dims[0], a.dims[1], a.to)
	taps, width := g.taps()
	tiles := tileLines(g.lines(), g.m[2], convTile)
	cols, panels := panelsOf[T](g.out)
	step := g.stride[2] * g.in
	work := workspaces[T](a.pool, simd.GemmWork(tiles.part, cols, width))
	body := func(w, lo, hi int) {
		for item := lo; item < hi; item++ {
			t, q := tiles.at(item/panels), item%panels*cols
			n := min(cols, g.out-q)
			for j, offset := range taps {
				part := tail(a.in[1], j*width*g.out+q)
				for l := t.line; l < t.lineEnd; l++ {
					windows := tail(a.in[0], g.start(l)+offset+t.from*step)
					y := a.out[(l*g.m[2]+t.from)*g.out+q:]
					a.k.Gemm(t.end-t.from, n, width, windows, step, false, part, g.out, false, y, g.out, j > 0, work[w])
				}
			}
		}
	}
	return kernel{items: tiles.count() * panels, body: body}
}

// convGrid is the geometry of the trilinear form of op.ConvOp on three grid axes, the first of length 1 where there are fewer:
// x [B, n.., C], w [k.., C, O], y [B, m.., O]. A line is the last grid axis of x or y.
type convGrid struct {
	batch, in, out            int // B, C, O
	n, m, k, stride, dilation [3]int
}

func newConvGrid(stride, dilation, x, w, y op.Dims) convGrid {
	ones := [3]int{1, 1, 1}
	g := convGrid{x.At(0), x.At(-1), y.At(-1), ones, ones, ones, ones, ones}
	grid := stride.Rank()
	for a := range grid {
		i := 3 - grid + a
		g.n[i], g.m[i], g.k[i] = x.At(a+1), y.At(a+1), w.At(a)
		g.stride[i], g.dilation[i] = stride.At(a), dilation.At(a)
	}
	if g.k == ones && g.stride == ones { // each position by itself: they are one line
		g.n = [3]int{1, 1, g.batch * g.n[0] * g.n[1] * g.n[2]}
		g.m, g.batch = g.n, 1
	}
	return g
}

// lines is the number of lines of y.
func (g *convGrid) lines() int { return g.batch * g.m[0] * g.m[1] }

// start is the element of x at which the windows of line l of y start.
func (g *convGrid) start(l int) int {
	i1, i0, b := l%g.m[1], l/g.m[1]%g.m[0], l/(g.m[0]*g.m[1])
	return ((b*g.n[0]+g.stride[0]*i0)*g.n[1] + g.stride[1]*i1) * g.n[2] * g.in
}

// taps splits the kernel into matrices W_t [width, O], consecutive in w, such that a line of y is the sum of products
//
//	y[i, o] = Σ_t Σ_q x[start + offset_t + i·s·C + q]·W_t[q, o]
//
// with rows of x that overlap where s·C < width. Without dilation of the last axis its points are neighbours in x and width is
// k·C, one tap for each point of the kernel's outer axes; with dilation each point is a tap and width is C.
func (g *convGrid) taps() (offsets []int, width int) {
	last, width := 1, g.k[2]*g.in
	if g.dilation[2] > 1 {
		last, width = g.k[2], g.in
	}
	for j0 := range g.k[0] {
		for j1 := range g.k[1] {
			for j2 := range last {
				offsets = append(offsets, ((g.dilation[0]*j0*g.n[1]+g.dilation[1]*j1)*g.n[2]+g.dilation[2]*j2)*g.in)
			}
		}
	}
	return offsets, width
}

// convTile is the number of positions whose products stay together: their windows stay in the second-level cache.
const convTile = 128

// tiling cuts lines of equal length into tiles: parts of a long line, or groups of short lines.
type tiling struct{ lines, length, group, part int }

// tile is positions from … end−1 of lines line … lineEnd−1.
type tile struct{ line, lineEnd, from, end int }

// tileLines makes tiles of about size positions.
func tileLines(lines, length, size int) tiling {
	if length < 2*size {
		return tiling{lines, length, max(1, size/2/max(length, 1)), length}
	}
	parts := length / size
	return tiling{lines, length, 1, (length + parts - 1) / parts}
}

func (t tiling) count() int {
	if t.length == 0 {
		return 0
	}
	return (t.lines + t.group - 1) / t.group * ((t.length + t.part - 1) / t.part)
}

func (t tiling) at(i int) tile {
	parts := (t.length + t.part - 1) / t.part
	line, from := i/parts*t.group, i%parts*t.part
	return tile{line, min(line+t.group, t.lines), from, min(from+t.part, t.length)}
}

// panelsOf cuts columns of a matrix into panels of 128 bytes, as wide as the widest micro-kernel.
func panelsOf[T simd.Float](columns int) (width, panels int) {
	width = 128 / bytesOf[T]()
	return width, (columns + width - 1) / width
}

// bytesOf is the size of an element.
func bytesOf[T simd.Float]() int {
	var x T
	return int(unsafe.Sizeof(x))
}
