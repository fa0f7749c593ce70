package onnx

import (
	"fmt"
	"slices"
)

// matMul multiplies matrices; their leading axes stretch to one shape.
func matMul(_ Node, in []Array) (Array, error) {
	a, b := in[0], in[1]
	ra, rb := len(a.Dims), len(b.Dims)
	if ra < 2 || rb < 2 || a.Dims[ra-1] != b.Dims[rb-2] {
		return Array{}, fmt.Errorf("%w: shapes %v and %v", errShape, a.Dims, b.Dims)
	}
	lead, err := stretched(a.Dims[:ra-2], b.Dims[:rb-2])
	if err != nil {
		return Array{}, err
	}
	m, k, n := a.Dims[ra-2], a.Dims[ra-1], b.Dims[rb-1]
	out, err := newArray(slices.Concat(lead, []int{m, n})...)
	if err != nil {
		return Array{}, err
	}
	sa, sb := stretching(a.Dims[:ra-2], lead), stretching(b.Dims[:rb-2], lead)
	scan(lead, func(p int, index []int) {
		x, y, z := a.Data[dot(index, sa)*m*k:], b.Data[dot(index, sb)*k*n:], out.Data[p*m*n:]
		for i := range m {
			for l := range k {
				for j := range n {
					z[i*n+j] += x[i*k+l] * y[l*n+j]
				}
			}
		}
	})
	return out, nil
}

// window is what a convolution and its transpose share: x [B, C, n..] and y [B, O, m..] where element i of a kernel [O, C/group, k..]
// at position p of y meets s·p + d·i of x.
type window struct {
	stride, dilation []int
	group            int
	kernel           Array
}

func windowOf(n Node, in []Array) (window, error) {
	x, w := in[0].Dims, in[1].Dims
	grid := len(x) - 2
	v := window{n.ints("strides", grid), n.ints("dilations", grid), n.integer("group", 1), in[1]}
	if grid < 1 || len(w) != len(x) || len(v.stride) != grid || len(v.dilation) != grid || v.group < 1 || slices.Min(v.stride) < 1 || slices.Min(v.dilation) < 1 {
		return v, fmt.Errorf("%w: shapes %v and %v, strides %v, dilations %v", errShape, x, w, v.stride, v.dilation)
	}
	return v, nil
}

// meet calls f with the elements of x, kernel and y that belong together, for shapes x [B, C, n..] and y [B, O, m..].
func (v window) meet(x, y []int, f func(x, w, y int)) {
	sx, sw := strides(x), strides(v.kernel.Dims)
	perGroup, outs := v.kernel.Dims[1], y[1]/v.group
	scan(y, func(iy int, p []int) {
		scan(v.kernel.Dims[1:], func(_ int, i []int) {
			ix := p[0]*sx[0] + (p[1]/outs*perGroup+i[0])*sx[1]
			for a, s := range v.stride {
				ix += (s*p[a+2] + v.dilation[a]*i[a+1]) * sx[a+2]
			}
			f(ix, p[1]*sw[0]+dot(i, sw[1:]), iy)
		})
	})
}

func conv(n Node, in []Array) (Array, error) {
	v, err := windowOf(n, in)
	if err != nil {
		return Array{}, err
	}
	x, w := in[0], in[1]
	dims := []int{x.Dims[0], w.Dims[0]}
	for a, k := range w.Dims[2:] {
		room := x.Dims[a+2] - v.dilation[a]*(k-1) - 1
		if room < 0 || k < 1 {
			return Array{}, fmt.Errorf("%w: kernel %v on %v", errShape, w.Dims, x.Dims)
		}
		dims = append(dims, room/v.stride[a]+1)
	}
	if x.Dims[1] != w.Dims[1]*v.group || w.Dims[0]%v.group != 0 {
		return Array{}, fmt.Errorf("%w: kernel %v in %d groups on %v", errShape, w.Dims, v.group, x.Dims)
	}
	y, err := newArray(dims...)
	if err != nil {
		return Array{}, err
	}
	v.meet(x.Dims, dims, func(i, j, o int) { y.Data[o] += x.Data[i] * w.Data[j] })
	return y, nil
}

// convTranspose spreads y [B, O, m..] by a kernel [O, C, k..], with output_padding positions behind, which nothing reaches.
func convTranspose(n Node, in []Array) (Array, error) {
	v, err := windowOf(n, in)
	if err != nil {
		return Array{}, err
	}
	y, w := in[0], in[1]
	behind := n.ints("output_padding", 0)
	if v.group != 1 || y.Dims[1] != w.Dims[0] || len(behind) != len(v.stride) {
		return Array{}, fmt.Errorf("%w: kernel %v on %v", errShape, w.Dims, y.Dims)
	}
	dims := []int{y.Dims[0], w.Dims[1]}
	for a, k := range w.Dims[2:] {
		dims = append(dims, v.stride[a]*(y.Dims[a+2]-1)+v.dilation[a]*(k-1)+1+behind[a])
		if behind[a] < 0 || k < 1 || y.Dims[a+2] < 1 {
			return Array{}, fmt.Errorf("%w: kernel %v on %v", errShape, w.Dims, y.Dims)
		}
	}
	x, err := newArray(dims...)
	if err != nil {
		return Array{}, err
	}
	v.meet(dims, y.Dims, func(i, j, o int) { x.Data[i] += y.Data[o] * w.Data[j] })
	return x, nil
}
