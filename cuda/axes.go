//go:build gpu

package cuda

import "github.com/kolmogo/kolmogo/op"

// axes mirrors struct Axes of axes.h.
type axes struct {
	Rank   int32
	Len    [op.MaxRank]uint32
	_      int32
	Stride [op.MaxRank]int64
}

// newAxes joins neighbouring axes that an index crosses with one stride and drops those of length one.
func newAxes(lens, strides []int) axes {
	out := join(lens, strides)
	return out[0]
}

// join is newAxes for several operands over one index space: axes are joined where all operands allow it.
func join(lens []int, strides ...[]int) []axes {
	out := make([]axes, len(strides))
	rank := 0
	for d, n := range lens {
		if n == 1 {
			continue
		}
		mergeable := rank > 0
		for k, s := range strides {
			mergeable = mergeable && out[k].Stride[rank-1] == int64(s[d]*n)
		}
		if !mergeable {
			rank++
			for k := range out {
				out[k].Len[rank-1] = 1
			}
		}
		for k, s := range strides {
			out[k].Len[rank-1] *= uint32(n)
			out[k].Stride[rank-1] = int64(s[d])
		}
	}
	for k := range out {
		out[k].Rank = int32(rank)
	}
	return out
}

// size is the number of positions.
func (a axes) size() int {
	n := 1
	for d := range a.Rank {
		n *= int(a.Len[d])
	}
	return n
}

// parted splits the axes of a row-major shape into those of a set and the others, each with its strides in the shape.
func parted(d op.Dims, set op.Axes) (in, out axes) {
	strides := d.Strides()
	var lens, steps [2][]int
	for i := range d.Rank() {
		k := 0
		if set.Has(i) {
			k = 1
		}
		lens[k], steps[k] = append(lens[k], d.At(i)), append(steps[k], strides[i])
	}
	return newAxes(lens[1], steps[1]), newAxes(lens[0], steps[0])
}
