package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// convWeightKernel: w[j.., c, o] = Σ_{b, i..} x[b, (s·i + d·j).., c]·y[b, i.., o]. For each tap (see convGrid) the transpose of the
// windows [positions, width] by the rows of y [positions, O], summed over tiles of positions. Items are chunks of positions by taps
// by blocks of the windows' columns by panels of the output channels; chunks but the first go to partial sums, added in order at
// the end. The windows of short lines are copied together first. 2·|w|·positions FLOPs, (chunks − 1)·|w| elements of memory.
func convWeightKernel[T simd.Float](a args[T], o op.ConvWeightOp) kernel {
	g := newConvGrid(o.Stride, o.Dilation, a.dims[0], a.to, a.dims[1])
	taps, width := g.taps()
	tiles := tileLines(g.lines(), g.m[2], convTile)
	if tiles.count() == 0 {
		return serial(func() { clear(a.out) })
	}
	cols, panels := panelsOf[T](g.out)
	blocks := (width + convBlock - 1) / convBlock
	rows := (width + blocks - 1) / blocks
	step, size := g.stride[2]*g.in, len(taps)*width*g.out
	chunks := convChunks(g.lines()*g.m[2], size, tiles.count())
	partial := make([]T, (chunks-1)*size)
	gemm := simd.GemmWork(rows, cols, tiles.group*tiles.part)
	work := workspaces[T](a.pool, gemm+tiles.group*tiles.part*rows)

	// sum adds the products of a chunk to rows r … of a tap's matrix, columns q … end−1.
	sum := func(scratch []T, chunk, tap, r, q, end int) {
		m := min(rows, width-r)
		dst := a.out
		if chunk > 0 {
			dst = partial[(chunk-1)*size:]
		}
		dst = dst[(tap*width+r)*g.out:]
		first := chunk * tiles.count() / chunks
		for i := first; i < (chunk+1)*tiles.count()/chunks; i++ {
			t := tiles.at(i)
			x, ld := tail(a.in[0], g.start(t.line)+taps[tap]+t.from*step+r), step
			if tiles.group > 1 {
				x, ld = scratch[gemm:], m
				gather(x, a.in[0], &g, t, taps[tap]+r, m)
			}
			y := a.in[1][(t.line*g.m[2]+t.from)*g.out:]
			k := (t.lineEnd-t.line-1)*g.m[2] + t.end - t.from
			for q := q; q < end; q += cols {
				a.k.Gemm(m, min(cols, end-q), k, x, ld, true, y[q:], g.out, false, dst[q:], g.out, i > first, scratch[:gemm])
			}
		}
	}
	body := func(w, lo, hi int) {
		for item := lo; item < hi; { // the panels of a block together: they meet the same windows
			block, p := item/panels, item%panels
			n := min(panels-p, hi-item, convPanels)
			sum(work[w], block/blocks/len(taps), block/blocks%len(taps), block%blocks*rows, p*cols, min((p+n)*cols, g.out))
			item += n
		}
	}
	after := func() {
		for c := 0; c < len(partial); c += size {
			a.k.Add(a.out, a.out, partial[c:c+size])
		}
	}
	return kernel{items: chunks * len(taps) * blocks * panels, body: body, after: after}
}

// A block of a weight's gradient, convBlock rows by convPanels panels, stays in the second-level cache beside a tile of windows.
const (
	convBlock  = 256
	convPanels = 8
)

// convChunks is the number of partial sums over positions: so few that adding them, and keeping them, costs little.
func convChunks(positions, size, tiles int) int {
	const least, most = 512, 1 << 19 // positions of a chunk, elements of all
	return max(1, min(positions/least, most/max(size, 1), tiles))
}

// gather copies the windows of a tile of whole lines for one tap: dst [positions, width].
func gather[T simd.Float](dst, x []T, g *convGrid, t tile, offset, width int) {
	for l := t.line; l < t.lineEnd; l++ {
		row := g.start(l) + offset
		for range g.m[2] {
			copy(dst[:width], x[row:row+width])
			dst, row = dst[width:], row+g.stride[2]*g.in
		}
	}
}
