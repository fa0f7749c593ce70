package term

import "math"

// Expr is a resolved expression: a Number, Coordinate, Parameter, Unknown, Operator, Sum, Product, Quotient, Power or Call.
type Expr interface{ isExpr() }

// The kinds of expressions.
type (
	// Number is a constant.
	Number float64
	// Coordinate is the position along axis Index of the Scope.
	Coordinate struct {
		Name  string
		Index int
	}
	// Parameter is a number that is known when the expression is evaluated, or trained.
	Parameter struct{ Name string }
	// Unknown is ∂^D of the unknown; D lists the axes, ascending, one byte each.
	Unknown struct{ Name, D string }
	// Operator is Σ c ∂^D of an unknown, with constant coefficients.
	Operator struct {
		Name  string
		Terms []Weighted
	}
	// Sum is X + Y.
	Sum struct{ X, Y Expr }
	// Product is X·Y.
	Product struct{ X, Y Expr }
	// Quotient is X/Y.
	Quotient struct{ X, Y Expr }
	// Power is X^P.
	Power struct {
		X Expr
		P float64
	}
	// Call is F(X), F one of sin, cos, exp, log, sqrt, tanh, sigmoid, relu and step.
	Call struct {
		F string
		X Expr
	}
)

// Weighted is c·∂^D.
type Weighted struct {
	C float64
	D string
}

func (Number) isExpr()     {}
func (Coordinate) isExpr() {}
func (Parameter) isExpr()  {}
func (Unknown) isExpr()    {}
func (Operator) isExpr()   {}
func (Sum) isExpr()        {}
func (Product) isExpr()    {}
func (Quotient) isExpr()   {}
func (Power) isExpr()      {}
func (Call) isExpr()       {}

// The functions below simplify what is trivial: numbers, 0 and 1.

// Add returns x + y.
func Add(x, y Expr) Expr {
	a, isA := x.(Number)
	b, isB := y.(Number)
	switch {
	case isA && isB:
		return a + b
	case isA && a == 0:
		return y
	case isB && b == 0:
		return x
	}
	return Sum{x, y}
}

// Sub returns x − y.
func Sub(x, y Expr) Expr { return Add(x, Neg(y)) }

// Neg returns −x.
func Neg(x Expr) Expr { return Mul(Number(-1), x) }

// Mul returns x·y; a number stands in front.
func Mul(x, y Expr) Expr {
	if _, ok := y.(Number); ok {
		x, y = y, x
	}
	a, isA := x.(Number)
	if !isA {
		return Product{x, y}
	}
	if a == 0 {
		return Number(0)
	}
	switch b := y.(type) {
	case Number:
		return a * b
	case Product:
		if c, ok := b.X.(Number); ok {
			return Mul(a*c, b.Y)
		}
	}
	if a == 1 {
		return y
	}
	return Product{x, y}
}

// Div returns x/y.
func Div(x, y Expr) Expr {
	if b, ok := y.(Number); ok {
		if a, ok := x.(Number); ok {
			return a / b
		}
		return Mul(1/b, x)
	}
	if a, ok := x.(Number); ok && a == 0 {
		return a
	}
	return Quotient{x, y}
}

// Pow returns x^p.
func Pow(x Expr, p float64) Expr {
	if a, ok := x.(Number); ok {
		return Number(math.Pow(float64(a), p))
	}
	switch p {
	case 0:
		return Number(1)
	case 1:
		return x
	}
	return Power{x, p}
}

// Apply returns f(x).
func Apply(f string, x Expr) Expr {
	if a, ok := x.(Number); ok {
		return Number(functions[f](float64(a)))
	}
	return Call{f, x}
}
