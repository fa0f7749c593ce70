package onnx

import "github.com/kolmogo/kolmogo/op"

// site is the place of one op: its inputs, their names in the model, and its value.
type site struct {
	*lowering
	in    []op.Value
	names []string
	out   op.Value
}

// write adds the nodes that compute an op and returns the name of its value; false where ONNX has no operators for it.
func (s *site) write(o op.Op) (string, bool) {
	x := s.names[0]
	switch o := o.(type) {
	case op.Unary:
		return s.unary(o.Fn, x)
	case op.Binary:
		return s.binary(o.Fn)
	case op.JetOp:
		return s.jet(o)
	case op.DetachOp:
		return x, true
	case op.CastOp:
		return s.do("Cast", x, Attribute{Name: "to", Int: int64(elementType(o.To))}), true
	case op.Reshape:
		return s.reshape(x, o.To.Slice()...), true
	case op.Broadcast:
		return s.apply("Expand", x, s.integers(o.To.Slice()...)), true
	case op.TransposeOp:
		return s.permute(x, o.Perm.Slice()...), true
	case op.ConcatOp:
		return s.concat(o.Axis, s.names...), true
	case op.SliceOp:
		return s.slice(x, o.Axis, o.Start, o.Start+o.Len), true
	case op.PadOp:
		return s.pad(o, x), !o.Adjoint
	case op.GatherOp:
		return s.apply("Gather", x, s.do("Cast", s.names[1], Attribute{Name: "to", Int: Int64})), true
	case op.Sum:
		return s.sum(o, x), true
	case op.SoftmaxOp:
		return s.do("Softmax", x, Attribute{Name: "axis", Int: -1}), true
	case op.NormalizeOp:
		return s.normalize(o, x), true
	case op.MatMulOp:
		return s.matmul(o), true
	case op.CMatMulOp:
		return s.cmatmul(o), true
	case op.RealDFTOp:
		return s.realDFT(o, x), true
	case op.RealSynthesisOp:
		return s.realSynthesis(o, x), true
	case op.DFTOp:
		return s.dft(o, x), true
	case op.SynthesisOp:
		return s.synthesis(o, x), true
	case op.ConvOp:
		return s.conv(o), true
	case op.ConvTransposeOp:
		return s.convTranspose(o), true
	case op.DepthwiseOp:
		return s.depthwise(), !o.Flip && s.out.Dims().At(-1) > 0
	}
	return "", false
}

// do adds an operator on x.
func (s *site) do(operator, x string, attributes ...Attribute) string {
	return s.node(operator, []string{x}, "", attributes...)
}

// apply adds an operator without attributes.
func (s *site) apply(operator string, in ...string) string { return s.node(operator, in, "") }

// matrix is a constant of the site's type; number is one without axes.
func (s *site) matrix(data []float64, dims ...int) string {
	return s.constant(elementType(s.in[0].Dtype()), dims, data)
}

func (s *site) number(c float64) string { return s.matrix([]float64{c}) }

// The operators that place elements elsewhere.
func (s *site) reshape(x string, dims ...int) string {
	return s.apply("Reshape", x, s.integers(dims...))
}

func (s *site) permute(x string, perm ...int) string {
	return s.do("Transpose", x, Attribute{Name: "perm", Ints: int64s(perm)})
}

func (s *site) concat(axis int, xs ...string) string {
	return s.node("Concat", xs, "", Attribute{Name: "axis", Int: int64(axis)})
}

func (s *site) slice(x string, axis, from, to int) string {
	return s.apply("Slice", x, s.integers(from), s.integers(to), s.integers(axis))
}

// pad takes positions of the axis by their numbers, where position N of the axis, if needed, is a zero.
func (s *site) pad(o op.PadOp, x string) string {
	d := s.in[0].Dims()
	n := d.At(o.Axis)
	index := make([]int, n+o.Before+o.After)
	for i := range index {
		if index[i] = o.Source(i, n); index[i] < 0 {
			index[i] = n
		}
	}
	if o.Mode == op.PadZero {
		edge := d.With(o.Axis, 1)
		x = s.concat(o.Axis, x, s.matrix(make([]float64, edge.Size()), edge.Slice()...))
	}
	return s.node("Gather", []string{x, s.integers(index...)}, "", Attribute{Name: "axis", Int: int64(o.Axis)})
}

func (s *site) sum(o op.Sum, x string) string {
	return s.node("ReduceSum", []string{x, s.integers(members(o.Over, s.in[0].Dims())...)}, "", Attribute{Name: "keepdims", Int: 0})
}

// normalize writes (x − μ)/√(σ² + ε).
func (s *site) normalize(o op.NormalizeOp, x string) string {
	mean := func(x string) string {
		return s.do("ReduceMean", x, Attribute{Name: "axes", Ints: int64s(members(o.Over, s.in[0].Dims()))}, Attribute{Name: "keepdims", Int: 1})
	}
	d := s.apply("Sub", x, mean(x))
	return s.apply("Div", d, s.apply("Sqrt", s.apply("Add", mean(s.apply("Mul", d, d)), s.number(o.Epsilon))))
}

// members lists the axes of a set.
func members(set op.Axes, d op.Dims) []int {
	var list []int
	for i := range d.Rank() {
		if set.Has(i) {
			list = append(list, i)
		}
	}
	return list
}

func int64s(list []int) []int64 {
	out := make([]int64, len(list))
	for i, v := range list {
		out[i] = int64(v)
	}
	return out
}
