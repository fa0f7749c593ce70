package term

import (
	"maps"
	"math"
	"slices"
)

// functions are the primitives of Call; slope has their derivatives.
var functions = map[string]func(float64) float64{
	"sin":     math.Sin,
	"cos":     math.Cos,
	"exp":     math.Exp,
	"log":     math.Log,
	"sqrt":    math.Sqrt,
	"tanh":    math.Tanh,
	"sigmoid": func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
	"relu":    func(x float64) float64 { return math.Max(x, 0) },
	"step": func(x float64) float64 {
		if x > 0 {
			return 1
		}
		return 0
	},
}

// slope is f'(x).
func slope(f string, x Expr) Expr {
	switch f {
	case "sin":
		return Apply("cos", x)
	case "cos":
		return Neg(Apply("sin", x))
	case "relu":
		return Apply("step", x)
	case "step":
		return Number(0)
	case "log":
		return Pow(x, -1)
	case "sqrt":
		return Mul(Number(0.5), Pow(x, -0.5))
	case "tanh":
		return Sub(Number(1), Pow(Apply("tanh", x), 2))
	case "sigmoid":
		s := Apply("sigmoid", x)
		return Mul(s, Sub(Number(1), s))
	}
	return Apply(f, x) // exp
}

// derived are functions that are written by the primitives.
var derived = map[string]func(x Expr) Expr{
	"tan":  func(x Expr) Expr { return Div(Apply("sin", x), Apply("cos", x)) },
	"sinh": func(x Expr) Expr { return Mul(Number(0.5), Sub(Apply("exp", x), Apply("exp", Neg(x)))) },
	"cosh": func(x Expr) Expr { return Mul(Number(0.5), Add(Apply("exp", x), Apply("exp", Neg(x)))) },
	"sech": func(x Expr) Expr {
		e := Apply("exp", Neg(Apply("sqrt", Pow(x, 2)))) // 2e/(1 + e²) with e = exp(−|x|) does not overflow
		return Div(Mul(Number(2), e), Add(Number(1), Pow(e, 2)))
	},
	"abs": func(x Expr) Expr { return Apply("sqrt", Pow(x, 2)) },
}

// Functions lists the functions of one argument.
func Functions() []string {
	return slices.Concat(slices.Sorted(maps.Keys(functions)), slices.Sorted(maps.Keys(derived)))
}
