package op

import "fmt"

// Sum: out = Σ over the axes of a set, which disappear from the shape. Adjoint: a broadcast.
type Sum struct{ Over Axes }

// SumOver returns the sum of x over the given axes, which disappear.
func SumOver(x Value, axes Axes) Value {
	if axes == 0 {
		return x
	}
	return Apply(Sum{axes}, x)
}

// SumAll returns the scalar Σ x.
func SumAll(x Value) Value { return SumOver(x, 1<<x.Dims().n-1) }

// MeanOver returns the mean of x over the given axes, which disappear.
func MeanOver(x Value, axes Axes) Value {
	n := 1
	for i := range x.Dims().n {
		if axes.Has(i) {
			n *= x.Dims().len[i]
		}
	}
	return Scale(SumOver(x, axes), 1/float64(n))
}

// MeanAll returns the scalar mean of x.
func MeanAll(x Value) Value { return MeanOver(x, 1<<x.Dims().n-1) }

// Shape implements Op.
func (o Sum) Shape(in ...Dims) (Dims, error) {
	if err := arity("sum", in, 1); err != nil {
		return Dims{}, err
	}
	if int(o.Over)>>in[0].n != 0 {
		return Dims{}, fmt.Errorf("sum: axes %08b are not all in shape %v", o.Over, in[0])
	}
	var d Dims
	for i := range in[0].n {
		if !o.Over.Has(i) {
			d = d.Append(in[0].len[i])
		}
	}
	return d, nil
}

// Eval implements Op.
func (o Sum) Eval(out Array, in ...Array) {
	clear(out.Data)
	strides := o.keep(out.Dims.Strides(), in[0].Dims.n)
	for i, idx := range indices(in[0].Dims) {
		out.Data[dot(idx, strides)] += in[0].Data[i]
	}
}

// keep spreads per-axis values of the output over the input's axes, with zero on the summed ones.
func (o Sum) keep(v []int, rank int) []int {
	s := make([]int, rank)
	for i, j := 0, 0; i < rank; i++ {
		if !o.Over.Has(i) {
			s[i] = v[j]
			j++
		}
	}
	return s
}

// Grad implements Op.
func (o Sum) Grad(in []Value, _, dOut Value) []Value {
	x := in[0].Dims()
	ones := x
	for i := range x.n {
		if o.Over.Has(i) {
			ones.len[i] = 1
		}
	}
	return []Value{BroadcastTo(ReshapeTo(dOut, ones), x)}
}

// LinearIn implements Linear.
func (Sum) LinearIn(int) bool { return true }
