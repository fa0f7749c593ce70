package onnx

import (
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// unary writes a function of one element.
func (s *site) unary(f op.UnaryFunc, x string) (string, bool) {
	switch f := f.(type) {
	case op.AffineFunc:
		y := x
		if f.A != 1 {
			y = s.apply("Mul", y, s.number(f.A))
		}
		if f.B != 0 {
			y = s.apply("Add", y, s.number(f.B))
		}
		return y, true
	case op.PowFunc:
		return s.apply("Pow", x, s.number(f.P)), true
	case op.ExpFunc:
		return s.apply("Exp", x), true
	case op.LogFunc:
		return s.apply("Log", x), true
	case op.SqrtFunc:
		return s.apply("Sqrt", x), true
	case op.SinFunc:
		return s.apply("Sin", x), true
	case op.CosFunc:
		return s.apply("Cos", x), true
	case op.TanhFunc:
		return s.apply("Tanh", x), true
	case op.SigmoidFunc:
		return s.apply("Sigmoid", x), true
	case op.SiLUFunc:
		return s.apply("Mul", x, s.apply("Sigmoid", x)), true
	case op.ReLUFunc:
		return s.apply("Relu", x), true
	case op.SoftplusFunc:
		return s.apply("Softplus", x), true
	case op.GELUFunc: // x/2·(1 + erf(x/√2))
		return s.half(x, s.apply("Erf", s.apply("Mul", x, s.number(1/math.Sqrt2)))), true
	case op.GELUTanhFunc: // x/2·(1 + tanh(√(2/π)(x + 0.044715 x³)))
		cube := s.apply("Mul", x, s.apply("Mul", x, s.apply("Mul", x, s.number(0.044715))))
		return s.half(x, s.apply("Tanh", s.apply("Mul", s.apply("Add", x, cube), s.number(math.Sqrt(2/math.Pi))))), true
	}
	return "", false
}

// half writes x/2·(1 + y).
func (s *site) half(x, y string) string {
	return s.apply("Mul", s.apply("Mul", x, s.number(0.5)), s.apply("Add", y, s.number(1)))
}

// binary writes a function of two elements.
func (s *site) binary(f op.BinaryFunc) (string, bool) {
	switch f.(type) {
	case op.AddFunc:
		return s.apply("Add", s.names...), true
	case op.SubFunc:
		return s.apply("Sub", s.names...), true
	case op.MulFunc:
		return s.apply("Mul", s.names...), true
	case op.DivFunc:
		return s.apply("Div", s.names...), true
	}
	return "", false
}

// implicit replaces an operand that is stretched to the shape d by what was stretched, where the other operand has that shape by itself:
// ONNX stretches by the same rule.
func implicit(d op.Dims, in []op.Value) []op.Value {
	for i, v := range in {
		o, from, err := v.Def()
		if _, stretched := o.(op.Broadcast); err == nil && stretched && in[1-i].Dims() == d {
			out := []op.Value{in[0], in[1]}
			out[i] = from[0]
			return out
		}
	}
	return in
}
