package op

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Formula is a scalar function of variables x0, x1, … as straight-line code: instruction i makes value i of earlier ones. It is what the
// residual of an equation is compiled to; see ParseFormula.
type Formula struct {
	Code  []FormulaInstr
	Value int // the instruction that makes the function's value
}

// FormulaInstr is one instruction: Fn of values A and B and the constant C.
type FormulaInstr struct {
	Fn   string // number (C), x (variable A), + * / (A, B), scale (C·A), shift (A + C), ^ (A to the power C), or a function of A
	A, B int
	C    float64
}

// formulaFunctions are the functions of one value. step is 1 above 0 and 0 elsewhere.
var formulaFunctions = map[string]func(float64) float64{
	"sin": math.Sin, "cos": math.Cos, "exp": math.Exp, "log": math.Log, "sqrt": math.Sqrt, "tanh": math.Tanh,
	"sigmoid": func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
	"relu":    func(x float64) float64 { return math.Max(x, 0) },
	"step": func(x float64) float64 {
		if x > 0 {
			return 1
		}
		return 0
	},
}

// ParseFormula reads a function in postfix notation, words separated by spaces: variables x0 … x(variables−1), numbers, + - * /, ^ with
// the power behind it (^-0.5), and sin, cos, exp, log, sqrt, tanh, sigmoid, relu, step. "x1 x0 x2 * +" is x1 + x0·x2.
func ParseFormula(text string, variables int) (*Formula, error) {
	f := &Formula{}
	var stack []int
	fail := func(word, why string) (*Formula, error) {
		return nil, fmt.Errorf("op: formula %q: %q %s", text, word, why)
	}
	for _, word := range strings.Fields(text) {
		n := len(stack)
		if strings.Contains("+-*/", word) {
			if n < 2 {
				return fail(word, "wants two operands")
			}
			x, y := stack[n-2], stack[n-1]
			stack = append(stack[:n-2], map[string]func(x, y int) int{"+": f.add, "-": f.sub, "*": f.mul, "/": f.div}[word](x, y))
			continue
		}
		number, err := strconv.ParseFloat(strings.TrimPrefix(word, "^"), 64)
		_, function := formulaFunctions[word]
		switch {
		case (word[0] == '^' || function) && n < 1:
			return fail(word, "wants an operand")
		case function:
			stack[n-1] = f.call(word, stack[n-1])
		case word[0] == 'x':
			v, err := strconv.Atoi(word[1:])
			if err != nil || v < 0 || v >= variables {
				return fail(word, fmt.Sprintf("is none of the %d variables", variables))
			}
			stack = append(stack, f.put(FormulaInstr{Fn: "x", A: v}))
		case err != nil || math.IsNaN(number) || math.IsInf(number, 0):
			return fail(word, "is no finite number, variable or function")
		case word[0] == '^':
			stack[n-1] = f.pow(stack[n-1], number)
		default:
			stack = append(stack, f.number(number))
		}
	}
	if len(stack) != 1 {
		return nil, fmt.Errorf("op: formula %q leaves %d values, not one", text, len(stack))
	}
	f.Value = stack[0]
	return f, nil
}

// Derivative adds the code of ∂(value i)/∂x_v and returns the instruction that makes it, −1 where it is zero throughout.
func (f *Formula) Derivative(i, v int) int {
	if d := f.slope(i, v); !f.is(d, 0) {
		return d
	}
	return -1
}

func (f *Formula) slope(i, v int) int {
	in := f.Code[i]
	switch in.Fn {
	case "number", "step":
		return f.number(0)
	case "x":
		if in.A == v {
			return f.number(1)
		}
		return f.number(0)
	}
	a := f.slope(in.A, v)
	switch in.Fn {
	case "+":
		return f.add(a, f.slope(in.B, v))
	case "*":
		return f.add(f.mul(a, in.B), f.mul(in.A, f.slope(in.B, v)))
	case "/": // (a − (A/B)·b)/B
		return f.div(f.sub(a, f.mul(i, f.slope(in.B, v))), in.B)
	case "shift":
		return a
	case "scale":
		return f.scale(a, in.C)
	}
	if f.is(a, 0) {
		return a
	}
	var s int
	switch in.Fn {
	case "^":
		if in.C == math.Trunc(in.C) {
			s = f.scale(f.pow(in.A, in.C-1), in.C)
		} else {
			s = f.scale(f.div(i, in.A), in.C) // p·x^p/x, with the power that is there
		}
	case "sin":
		s = f.call("cos", in.A)
	case "cos":
		s = f.scale(f.call("sin", in.A), -1)
	case "exp":
		s = i
	case "log":
		s = f.div(f.number(1), in.A)
	case "sqrt":
		s = f.div(f.number(0.5), i)
	case "tanh":
		s = f.shift(f.scale(f.mul(i, i), -1), 1)
	case "sigmoid":
		s = f.mul(i, f.shift(f.scale(i, -1), 1))
	case "relu":
		s = f.call("step", in.A)
	}
	return f.mul(s, a)
}

// Run evaluates every instruction at n points: x holds the variables' values, reg room for n values of each instruction.
func (f *Formula) Run(reg, x [][]float64, n int) {
	for i, in := range f.Code {
		y := reg[i][:n]
		if in.Fn == "number" {
			for k := range y {
				y[k] = in.C
			}
			continue
		}
		if in.Fn == "x" {
			copy(y, x[in.A][:n])
			continue
		}
		a, b := reg[in.A][:n], reg[in.B][:n]
		switch in.Fn {
		case "+":
			for k := range y {
				y[k] = a[k] + b[k]
			}
		case "*":
			for k := range y {
				y[k] = a[k] * b[k]
			}
		case "/":
			for k := range y {
				y[k] = a[k] / b[k]
			}
		case "scale":
			for k := range y {
				y[k] = in.C * a[k]
			}
		case "shift":
			for k := range y {
				y[k] = a[k] + in.C
			}
		case "^":
			for k := range y {
				y[k] = math.Pow(a[k], in.C)
			}
		default:
			fn := formulaFunctions[in.Fn]
			for k := range y {
				y[k] = fn(a[k])
			}
		}
	}
}
