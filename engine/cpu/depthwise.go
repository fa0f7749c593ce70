package cpu

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// depthwiseRun is the number of elements that loops of depthwise kernels see at once: with their windows they stay in the first-level
// cache while the points of the kernel pass.
const depthwiseRun = 1 << 10

// depthwiseTile is the number of elements of y that the points of a kernel's gradient pass over one after another: they stay in the
// second-level cache.
const depthwiseTile = 1 << 15

// depthwise is the geometry of op.DepthwiseOp: the lines of y along its last grid axis, and where their windows begin in x.
type depthwise struct {
	channels, line, run int   // elements of a position, of a line, and of a run of positions
	starts              []int // in x, by line
	points              []int // offset in x by point of w as stored
}

func newDepthwise(x, w, y op.Dims, flip bool) depthwise {
	g := depthwise{channels: y.At(-1), line: y.At(-2) * y.At(-1)}
	g.run = g.channels * max(1, depthwiseRun/max(g.channels, 1))
	strides := x.Strides()
	g.starts = offsets(y.Cut(0, y.Rank()-2), strides)
	g.points = offsets(w.Cut(0, w.Rank()-1), strides[1:])
	if flip {
		slices.Reverse(g.points)
	}
	return g
}

// offsets is Σ_a i_a·stride_a for all indices i of a shape, in row-major order.
func offsets(d op.Dims, strides []int) []int {
	list := []int{0}
	for a := range d.Rank() {
		var next []int
		for _, o := range list {
			for i := range d.At(a) {
				next = append(next, o+i*strides[a])
			}
		}
		list = next
	}
	return list
}

// depthwiseKernel: y[b, i.., c] = Σ_j x[b, (i + j).., c]·w[j.., c]. Items are lines of y. A run of positions collects its points one
// after another from x and from a row of w repeated for every position, which each worker makes once per run of the program.
// 2·|k| FLOPs an element.
func depthwiseKernel[T simd.Float](a args[T], o op.DepthwiseOp) kernel {
	g := newDepthwise(a.dims[0], a.dims[1], a.to, o.Flip)
	work := workspaces[T](a.pool, len(g.points)*g.run)
	body := func(w, lo, hi int) {
		rows := work[w]
		for j := range g.points {
			repeat(rows[j*g.run:(j+1)*g.run], a.in[1][j*g.channels:(j+1)*g.channels])
		}
		for l := lo; l < hi; l++ {
			for from := 0; from < g.line; from += g.run {
				n := min(g.run, g.line-from)
				y := a.out[l*g.line+from : l*g.line+from+n]
				x := a.in[0][g.starts[l]+from:]
				for j, p := range g.points {
					if j == 0 {
						a.k.Mul(y, x[p:p+n], rows[:n])
						continue
					}
					a.k.MulAdd(y, x[p:p+n], rows[j*g.run:j*g.run+n])
				}
			}
		}
	}
	return kernel{items: len(g.starts), grain: 1 + depthwiseTile/max(g.line*len(g.points), 1), body: body}
}

// repeat fills dst with copies of row.
func repeat[T simd.Float](dst, row []T) {
	for n := copy(dst, row); n < len(dst) && n > 0; n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

// depthwiseWeightKernel: w[j.., c] = Σ_{b, i} x[b, (i + j).., c]·y[b, i.., c]. Items are points of the kernel; a worker takes its
// points over one tile of lines after another, each with a row of sums for a run of positions, which are added at the end.
// 2·|k| FLOPs an element.
func depthwiseWeightKernel[T simd.Float](a args[T], o op.DepthwiseWeightOp) kernel {
	g := newDepthwise(a.dims[0], a.to, a.dims[1], o.Flip)
	work := workspaces[T](a.pool, len(g.points)*g.run)
	tile := max(1, depthwiseTile/max(g.line, 1))
	body := func(w, lo, hi int) {
		sums := work[w]
		clear(sums[lo*g.run : hi*g.run])
		for first := 0; first < len(g.starts); first += tile {
			for j := lo; j < hi; j++ {
				for l := first; l < min(first+tile, len(g.starts)); l++ {
					for from := 0; from < g.line; from += g.run {
						n := min(g.run, g.line-from)
						x := g.starts[l] + from + g.points[j]
						a.k.MulAdd(sums[j*g.run:j*g.run+n], a.in[0][x:x+n], a.in[1][l*g.line+from:l*g.line+from+n])
					}
				}
			}
		}
		for j := lo; j < hi; j++ {
			out := a.out[j*g.channels : (j+1)*g.channels]
			clear(out)
			a.k.AddColumns(out, sums[j*g.run:(j+1)*g.run])
		}
	}
	return kernel{items: len(g.points), grain: (len(g.points) + a.pool.workers - 1) / a.pool.workers, body: body}
}
