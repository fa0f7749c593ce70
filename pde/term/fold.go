package term

import (
	"fmt"
	"iter"
	"math"
)

// Algebra is what an expression is evaluated in: numbers, columns of a graph, jets.
type Algebra[T any] interface {
	Number(x float64) T
	Coordinate(index int) T
	Parameter(name string) T
	Unknown(name, d string) T
	Operator(o Operator) T
	Add(x, y T) T
	Mul(x, y T) T
	Div(x, y T) T
	Scale(c float64, x T) T
	Shift(x T, c float64) T
	Pow(x T, p float64) T
	Call(f string, x T) T
}

// Fold evaluates e in an algebra.
func Fold[T any](e Expr, a Algebra[T]) T {
	switch e := e.(type) {
	case Number:
		return a.Number(float64(e))
	case Coordinate:
		return a.Coordinate(e.Index)
	case Parameter:
		return a.Parameter(e.Name)
	case Unknown:
		return a.Unknown(e.Name, e.D)
	case Operator:
		return a.Operator(e)
	case Sum:
		if c, ok := e.X.(Number); ok {
			return a.Shift(Fold(e.Y, a), float64(c))
		}
		if c, ok := e.Y.(Number); ok {
			return a.Shift(Fold(e.X, a), float64(c))
		}
		return a.Add(Fold(e.X, a), Fold(e.Y, a))
	case Product:
		if c, ok := e.X.(Number); ok {
			return a.Scale(float64(c), Fold(e.Y, a))
		}
		return a.Mul(Fold(e.X, a), Fold(e.Y, a))
	case Quotient:
		return a.Div(Fold(e.X, a), Fold(e.Y, a))
	case Power:
		return a.Pow(Fold(e.X, a), e.P)
	case Call:
		return a.Call(e.F, Fold(e.X, a))
	}
	panic(fmt.Sprintf("term: no kind of expression: %T", e))
}

// Walk yields e and everything in it.
func Walk(e Expr) iter.Seq[Expr] {
	return func(yield func(Expr) bool) { walk(e, yield) }
}

func walk(e Expr, yield func(Expr) bool) bool {
	if !yield(e) {
		return false
	}
	switch e := e.(type) {
	case Sum:
		return walk(e.X, yield) && walk(e.Y, yield)
	case Product:
		return walk(e.X, yield) && walk(e.Y, yield)
	case Quotient:
		return walk(e.X, yield) && walk(e.Y, yield)
	case Power:
		return walk(e.X, yield)
	case Call:
		return walk(e.X, yield)
	}
	return true
}

// Values evaluates expressions in numbers, at one point.
type Values struct {
	At         []float64 // the coordinates
	Parameters map[string]float64
	// Field returns ∂^D of an unknown at the point; nil where expressions have none.
	Field func(name, d string) float64
}

// Eval returns e at the point; NaN where e has an unknown and v has no Field, or a parameter without a value.
func Eval(e Expr, v Values) float64 { return Fold(e, Algebra[float64](v)) }

// Number implements Algebra.
func (v Values) Number(x float64) float64 { return x }

// Coordinate implements Algebra.
func (v Values) Coordinate(i int) float64 { return v.At[i] }

// Parameter implements Algebra.
func (v Values) Parameter(name string) float64 {
	if x, ok := v.Parameters[name]; ok {
		return x
	}
	return math.NaN()
}

// Unknown implements Algebra.
func (v Values) Unknown(name, d string) float64 {
	if v.Field == nil {
		return math.NaN()
	}
	return v.Field(name, d)
}

// Operator implements Algebra.
func (v Values) Operator(o Operator) float64 {
	s := 0.0
	for _, w := range o.Terms {
		s += w.C * v.Unknown(o.Name, w.D)
	}
	return s
}

// Add implements Algebra.
func (v Values) Add(x, y float64) float64 { return x + y }

// Mul implements Algebra.
func (v Values) Mul(x, y float64) float64 { return x * y }

// Div implements Algebra.
func (v Values) Div(x, y float64) float64 { return x / y }

// Scale implements Algebra.
func (v Values) Scale(c, x float64) float64 { return c * x }

// Shift implements Algebra.
func (v Values) Shift(x, c float64) float64 { return x + c }

// Pow implements Algebra.
func (v Values) Pow(x, p float64) float64 { return math.Pow(x, p) }

// Call implements Algebra.
func (v Values) Call(f string, x float64) float64 { return functions[f](x) }
