package op

import "fmt"

// Apply writes the formula as graph: x are the variables' values, all of one shape.
func (f *Formula) Apply(x ...Value) Value {
	if len(x) == 0 || !x[0].Valid() {
		return Value{}
	}
	v := make([]Value, len(f.Code))
	for i, in := range f.Code {
		switch in.Fn {
		case "number":
			v[i] = BroadcastTo(x[0].g.Scalar(x[0].Dtype(), in.C), x[0].Dims())
		case "x":
			v[i] = x[in.A]
		case "+":
			v[i] = Add(v[in.A], v[in.B])
		case "*":
			v[i] = Mul(v[in.A], v[in.B])
		case "/":
			v[i] = Div(v[in.A], v[in.B])
		case "scale":
			v[i] = Scale(v[in.A], in.C)
		case "shift":
			v[i] = Affine(v[in.A], 1, in.C)
		case "^":
			v[i] = Pow(v[in.A], in.C)
		default:
			fn, ok := map[string]func(Value) Value{"sin": Sin, "cos": Cos, "exp": Exp, "log": Log, "sqrt": Sqrt, "tanh": Tanh, "sigmoid": Sigmoid, "relu": ReLU,
				"step": func(x Value) Value { return Apply(Unary{StepFunc{}}, x) }}[in.Fn]
			if !ok {
				return x[0].fail(fmt.Errorf("op: formula: no function %q in a graph", in.Fn))
			}
			v[i] = fn(v[in.A])
		}
	}
	return v[f.Value]
}
