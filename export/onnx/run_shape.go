package onnx

import (
	"fmt"
	"math"
	"slices"
)

func expand(_ Node, in []Array) (Array, error) {
	ones, err := newArray(in[1].integers()...)
	if err != nil {
		return Array{}, err
	}
	return pairwise(add)(Node{}, []Array{in[0], ones})
}

func reshape(_ Node, in []Array) (Array, error) {
	dims := in[1].integers()
	if n, err := sizeOf(dims); err != nil || n != len(in[0].Data) {
		return Array{}, fmt.Errorf("%w: shape %v to %v", errShape, in[0].Dims, dims)
	}
	return Array{dims, in[0].Data}, nil
}

func transpose(n Node, in []Array) (Array, error) {
	perm, x := n.ints("perm", 0), in[0]
	if sorted := slices.Sorted(slices.Values(perm)); len(perm) != len(x.Dims) || len(perm) > 0 && (sorted[0] != 0 || len(slices.Compact(sorted)) != len(perm) || slices.Max(perm) >= len(perm)) {
		return Array{}, fmt.Errorf("%w: perm %v of shape %v", errShape, perm, x.Dims)
	}
	from := strides(x.Dims)
	dims, walk := make([]int, len(perm)), make([]int, len(perm))
	for i, p := range perm {
		dims[i], walk[i] = x.Dims[p], from[p]
	}
	out, err := newArray(dims...)
	scan(dims, func(i int, index []int) { out.Data[i] = x.Data[dot(index, walk)] })
	return out, err
}

// blocks are the lengths before, of, and after an axis.
func blocks(dims []int, axis int) (before, length, after int) {
	before, after = 1, 1
	for i, n := range dims {
		switch {
		case i < axis:
			before *= n
		case i > axis:
			after *= n
		}
	}
	return before, dims[axis], after
}

// taken is x at the given positions of an axis, in their order.
func taken(x Array, axis int, positions []int) (Array, error) {
	dims := slices.Clone(x.Dims)
	dims[axis] = len(positions)
	out, err := newArray(dims...)
	if err != nil {
		return Array{}, err
	}
	before, n, after := blocks(x.Dims, axis)
	for b := range before {
		for i, p := range positions {
			if p < 0 {
				p += n
			}
			if p < 0 || p >= n {
				return Array{}, fmt.Errorf("%w: position %d of axis %d of shape %v", errShape, p, axis, x.Dims)
			}
			copy(out.Data[(b*len(positions)+i)*after:][:after], x.Data[(b*n+p)*after:])
		}
	}
	return out, nil
}

func slice(_ Node, in []Array) (Array, error) {
	from, to, axes := in[1].integers(), in[2].integers(), in[3].integers()
	if len(from) != 1 || len(to) != 1 || len(axes) != 1 {
		return Array{}, fmt.Errorf("%w: one axis at a time", errShape)
	}
	axis, err := axisOf(axes[0], in[0].Dims)
	if err != nil {
		return Array{}, err
	}
	var positions []int
	for i := max(from[0], 0); i < min(to[0], in[0].Dims[axis]); i++ {
		positions = append(positions, i)
	}
	return taken(in[0], axis, positions)
}

// gather puts the axes of the indices in the place of the axis.
func gather(n Node, in []Array) (Array, error) {
	axis, err := axisOf(n.integer("axis", 0), in[0].Dims)
	if err != nil {
		return Array{}, err
	}
	out, err := taken(in[0], axis, in[1].integers())
	if err != nil {
		return Array{}, err
	}
	out.Dims = slices.Concat(out.Dims[:axis], in[1].Dims, out.Dims[axis+1:])
	return out, nil
}

func concat(n Node, in []Array) (Array, error) {
	if len(in) == 0 {
		return Array{}, errShape
	}
	axis, err := axisOf(n.integer("axis", 0), in[0].Dims)
	if err != nil {
		return Array{}, err
	}
	dims := slices.Clone(in[0].Dims)
	dims[axis] = 0
	for _, x := range in {
		same := slices.Clone(x.Dims)
		if len(same) == len(dims) {
			same[axis] = dims[axis]
		}
		if !slices.Equal(same, dims) {
			return Array{}, fmt.Errorf("%w: shapes %v and %v", errShape, in[0].Dims, x.Dims)
		}
		dims[axis] += x.Dims[axis]
	}
	out, err := newArray(dims...)
	if err != nil {
		return Array{}, err
	}
	before, _, _ := blocks(dims, axis)
	at := 0
	for b := range before {
		for _, x := range in {
			_, n, after := blocks(x.Dims, axis)
			at += copy(out.Data[at:], x.Data[b*n*after:][:n*after])
		}
	}
	return out, nil
}

func reduceSum(n Node, in []Array) (Array, error) {
	return reduce(in[0], in[1].integers(), n.integer("keepdims", 1) != 0)
}

func reduceMean(n Node, in []Array) (Array, error) {
	out, err := reduce(in[0], n.ints("axes", 0), n.integer("keepdims", 1) != 0)
	for i := range out.Data {
		out.Data[i] *= float64(len(out.Data)) / float64(len(in[0].Data))
	}
	return out, err
}

// reduce sums over axes, which keep the length one where asked.
func reduce(x Array, axes []int, keep bool) (Array, error) {
	gone := make([]bool, len(x.Dims))
	for _, a := range axes {
		a, err := axisOf(a, x.Dims)
		if err != nil {
			return Array{}, err
		}
		gone[a] = true
	}
	kept, dims := slices.Clone(x.Dims), []int{}
	for i := range kept {
		if gone[i] {
			kept[i] = 1
		}
		if !gone[i] || keep {
			dims = append(dims, kept[i])
		}
	}
	out, err := newArray(dims...)
	if err != nil {
		return Array{}, err
	}
	walk := stretching(kept, x.Dims)
	scan(x.Dims, func(i int, index []int) { out.Data[dot(index, walk)] += x.Data[i] })
	return out, nil
}

func softmax(n Node, in []Array) (Array, error) {
	x := in[0]
	axis, err := axisOf(n.integer("axis", -1), x.Dims)
	if err != nil {
		return Array{}, err
	}
	out, err := newArray(x.Dims...)
	if err != nil {
		return Array{}, err
	}
	before, length, after := blocks(x.Dims, axis)
	for b := range before {
		for a := range after {
			at := func(i int) int { return (b*length+i)*after + a }
			top, sum := math.Inf(-1), 0.0
			for i := range length {
				top = math.Max(top, x.Data[at(i)])
			}
			for i := range length {
				out.Data[at(i)] = math.Exp(x.Data[at(i)] - top)
				sum += out.Data[at(i)]
			}
			for i := range length {
				out.Data[at(i)] /= sum
			}
		}
	}
	return out, nil
}
