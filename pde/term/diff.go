package term

import "slices"

// Diff returns ∂e/∂x along axis i of the scope.
func Diff(e Expr, i int) Expr {
	switch e := e.(type) {
	case Coordinate:
		if e.Index == i {
			return Number(1)
		}
	case Unknown:
		return Unknown{e.Name, with(e.D, i)}
	case Operator:
		terms := make([]Weighted, len(e.Terms))
		for k, w := range e.Terms {
			terms[k] = Weighted{w.C, with(w.D, i)}
		}
		return Operator{e.Name, terms}
	case Sum:
		return Add(Diff(e.X, i), Diff(e.Y, i))
	case Product:
		return Add(Mul(Diff(e.X, i), e.Y), Mul(e.X, Diff(e.Y, i)))
	case Quotient:
		return Sub(Div(Diff(e.X, i), e.Y), Div(Mul(e.X, Diff(e.Y, i)), Pow(e.Y, 2)))
	case Power:
		return Mul(Mul(Number(e.P), Pow(e.X, e.P-1)), Diff(e.X, i))
	case Call:
		return Mul(slope(e.F, e.X), Diff(e.X, i))
	}
	return Number(0)
}

// with adds axis i to a derivative.
func with(d string, i int) string {
	b := append([]byte(d), byte(i))
	slices.Sort(b)
	return string(b)
}
