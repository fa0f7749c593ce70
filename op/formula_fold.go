package op

import (
	"math"
)

// put adds an instruction, or finds it where it is.
func (f *Formula) put(in FormulaInstr) int {
	for i, old := range f.Code {
		if old == in {
			return i
		}
	}
	f.Code = append(f.Code, in)
	return len(f.Code) - 1
}

func (f *Formula) number(c float64) int { return f.put(FormulaInstr{Fn: "number", C: c}) }

// constant returns the number that value i is.
func (f *Formula) constant(i int) (float64, bool) { return f.Code[i].C, f.Code[i].Fn == "number" }

// is reports whether value i is the number c.
func (f *Formula) is(i int, c float64) bool { return f.Code[i].Fn == "number" && f.Code[i].C == c }

func (f *Formula) add(x, y int) int {
	a, isA := f.constant(x)
	b, isB := f.constant(y)
	switch {
	case isA && isB:
		return f.number(a + b)
	case isA:
		return f.shift(y, a)
	case isB:
		return f.shift(x, b)
	}
	return f.put(FormulaInstr{Fn: "+", A: x, B: y})
}

func (f *Formula) sub(x, y int) int { return f.add(x, f.scale(y, -1)) }

func (f *Formula) shift(x int, c float64) int {
	if c == 0 {
		return x
	}
	return f.put(FormulaInstr{Fn: "shift", A: x, C: c})
}

func (f *Formula) scale(x int, c float64) int {
	a, isA := f.constant(x)
	switch {
	case isA:
		return f.number(a * c)
	case c == 0:
		return f.number(0)
	case c == 1:
		return x
	case f.Code[x].Fn == "scale":
		return f.scale(f.Code[x].A, c*f.Code[x].C)
	}
	return f.put(FormulaInstr{Fn: "scale", A: x, C: c})
}

func (f *Formula) mul(x, y int) int {
	if a, ok := f.constant(x); ok {
		return f.scale(y, a)
	}
	if b, ok := f.constant(y); ok {
		return f.scale(x, b)
	}
	return f.put(FormulaInstr{Fn: "*", A: x, B: y})
}

func (f *Formula) div(x, y int) int {
	if b, ok := f.constant(y); ok {
		return f.scale(x, 1/b)
	}
	if f.is(x, 0) {
		return x
	}
	return f.put(FormulaInstr{Fn: "/", A: x, B: y})
}

func (f *Formula) pow(x int, p float64) int {
	a, isA := f.constant(x)
	switch {
	case isA:
		return f.number(math.Pow(a, p))
	case p == 0:
		return f.number(1)
	case p == 1:
		return x
	case p == 2:
		return f.mul(x, x)
	}
	return f.put(FormulaInstr{Fn: "^", A: x, C: p})
}

func (f *Formula) call(fn string, x int) int {
	if a, ok := f.constant(x); ok {
		return f.number(formulaFunctions[fn](a))
	}
	return f.put(FormulaInstr{Fn: fn, A: x})
}
