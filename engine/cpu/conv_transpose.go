package cpu

import (
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// convTransposeKernel: x[b, p.., c] = Σ over i, j with s·i + d·j = p, and o, of y[b, i.., o]·w[j.., c, o]. A part of a line of x
// collects, for each point j of the kernel, the product of the rows of y that meet it, [rows, O], with w_jᵀ [O, C], at a row
// distance of s·C. Items are tiles of positions of x by panels of its channels; each worker transposes the kernel once per run.
// 2·|w|·positions of y FLOPs.
func convTransposeKernel[T simd.Float](a args[T], o op.ConvTransposeOp) kernel {
	g := newConvGrid(o.Stride, o.Dilation, a.to, a.dims[1], a.dims[0])
	tiles := tileLines(g.batch*g.n[0]*g.n[1], g.n[2], convTile)
	cols, panels := panelsOf[T](g.in)
	size := g.in * g.out
	gemm := simd.GemmWork(tiles.part, cols, g.out)
	work := workspaces[T](a.pool, gemm+g.k[0]*g.k[1]*g.k[2]*size)
	body := func(w, lo, hi int) {
		scratch, kernels := work[w][:gemm], work[w][gemm:]
		for j := 0; j < len(kernels); j += size {
			a.k.Transpose(kernels[j:], g.in, a.in[1][j:], g.out, g.in, g.out)
		}
		for item := lo; item < hi; item++ {
			t, q := tiles.at(item/panels), item%panels*cols
			n := min(cols, g.in-q)
			for p := t.line*g.n[2] + t.from; p < (t.lineEnd-1)*g.n[2]+t.end; p++ {
				clear(a.out[p*g.in+q : p*g.in+q+n])
			}
			for j := 0; j < len(kernels); j += size {
				point := g.point(j / size)
				for l := t.line; l < t.lineEnd; l++ {
					source, ok := g.source(l, point)
					from, end := g.meet(t, point)
					if !ok || from >= end {
						continue
					}
					y := a.in[0][(source*g.m[2]+from)*g.out:]
					x := a.out[(l*g.n[2]+from*g.stride[2]+point[2]*g.dilation[2])*g.in+q:]
					a.k.Gemm(end-from, n, g.out, y, g.out, false, kernels[j+q:], g.in, false, x, g.stride[2]*g.in, true, scratch)
				}
			}
		}
	}
	return kernel{items: tiles.count() * panels, body: body}
}

// point is the index of point j of the kernel.
func (g *convGrid) point(j int) [3]int {
	return [3]int{j / (g.k[2] * g.k[1]), j / g.k[2] % g.k[1], j % g.k[2]}
}

// source is the line of y that reaches line l of x with a point of the kernel, if there is one.
func (g *convGrid) source(l int, point [3]int) (line int, ok bool) {
	p := [2]int{l / g.n[1] % g.n[0], l % g.n[1]}
	line = l / (g.n[0] * g.n[1])
	for a := range p {
		reach := p[a] - g.dilation[a]*point[a]
		i := reach / g.stride[a]
		if reach < 0 || i*g.stride[a] != reach || i >= g.m[a] {
			return 0, false
		}
		line = line*g.m[a] + i
	}
	return line, true
}

// meet gives the positions i of y that reach a tile of x with a point of the kernel: from ≤ s·i + d·j < end.
func (g *convGrid) meet(t tile, point [3]int) (from, end int) {
	s, shift := g.stride[2], g.dilation[2]*point[2]
	from = (max(t.from-shift, 0) + s - 1) / s
	end = min((max(t.end-shift, 0)+s-1)/s, g.m[2])
	return from, end
}
