package term

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxOrder is the highest order of a derivative of an unknown.
const MaxOrder = 4

// Scope says what names mean. No name may mean two things.
type Scope struct {
	Coordinates []string
	Time        string // the coordinate that is no axis of space; empty: "t"
	Unknowns    []string
	Parameters  []string
	// Opaque are those of the parameters that depend on the point in an unknown way: they cannot be differentiated.
	Opaque []string
	// Definitions are names for expressions, which may use each other and be differentiated.
	Definitions map[string]string
}

// Parse reads an expression or equation and resolves its names.
func (s Scope) Parse(src string) (Expr, error) {
	return s.parse(src, nil)
}

// parse resolves src; open are the definitions that are being resolved.
func (s Scope) parse(src string, open []string) (Expr, error) {
	x, err := parse(src)
	if err != nil {
		return nil, err
	}
	return resolver{s, src, open}.expr(x)
}

type resolver struct {
	Scope
	src  string
	open []string
}

func (r resolver) fail(x *syntax, format string, args ...any) error {
	return &Error{r.src, x.at, fmt.Sprintf(format, args...)}
}

func (r resolver) expr(x *syntax) (Expr, error) {
	switch x.kind {
	case 'n':
		return Number(x.number), nil
	case 'a':
		if x.call {
			return r.call(x)
		}
		return r.name(x)
	}
	args := make([]Expr, len(x.args))
	for i, a := range x.args {
		var err error
		if args[i], err = r.expr(a); err != nil {
			return nil, err
		}
	}
	switch {
	case len(args) == 1:
		return Neg(args[0]), nil
	case x.kind == '+':
		return Add(args[0], args[1]), nil
	case x.kind == '-':
		return Sub(args[0], args[1]), nil
	case x.kind == '*':
		return Mul(args[0], args[1]), nil
	case x.kind == '/':
		if args[1] == Expr(Number(0)) {
			return nil, r.fail(x.args[1], "division by zero")
		}
		return Div(args[0], args[1]), nil
	}
	if p, ok := args[1].(Number); ok {
		return Pow(args[0], float64(p)), nil
	}
	return Apply("exp", Mul(args[1], Apply("log", args[0]))), nil
}

// name resolves a plain name, or a derivative of one.
func (r resolver) name(x *syntax) (Expr, error) {
	e, err := r.plain(x, x.text)
	if e != nil || err != nil {
		return e, err
	}
	base, suffix, ok := cutLast(x.text, '_')
	if !ok {
		return nil, r.unknown(x, x.text)
	}
	e, err = r.plain(x, base)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return nil, r.unknown(x, base)
	}
	axes, rest := r.axes(suffix)
	switch {
	case rest != "":
		return nil, &Error{r.src, x.at + len(x.text) - len(rest), fmt.Sprintf("%q is no coordinate: a derivative is written with the coordinates %s", rest, strings.Join(r.Coordinates, ", "))}
	case len(axes) == 0:
		return nil, r.fail(x, "no coordinate after the underscore: a derivative is written with the coordinates %s", strings.Join(r.Coordinates, ", "))
	}
	return r.derivative(x, e, axes)
}

func (r resolver) derivative(x *syntax, e Expr, axes []int) (Expr, error) {
	if err := r.checkKnown(x, e); err != nil {
		return nil, err
	}
	for _, i := range axes {
		e = Diff(e, i)
	}
	return e, r.checkOrder(x, e)
}

// checkKnown reports a parameter within e that has no derivative.
func (r resolver) checkKnown(x *syntax, e Expr) error {
	for part := range Walk(e) {
		if p, ok := part.(Parameter); ok && slices.Contains(r.Opaque, p.Name) {
			return r.fail(x, "%s is a hidden term: it has no derivatives", p.Name)
		}
	}
	return nil
}

// checkOrder reports a derivative of too high an order within e.
func (r resolver) checkOrder(x *syntax, e Expr) error {
	for part := range Walk(e) {
		order := 0
		switch p := part.(type) {
		case Unknown:
			order = len(p.D)
		case Operator:
			for _, w := range p.Terms {
				order = max(order, len(w.D))
			}
		}
		if order > MaxOrder {
			return r.fail(x, "a derivative of order %d: orders up to %d are possible", order, MaxOrder)
		}
	}
	return nil
}

// plain resolves a name without a suffix; nil where it means nothing.
func (r resolver) plain(x *syntax, name string) (Expr, error) {
	if i := slices.Index(r.Coordinates, name); i >= 0 {
		return Coordinate{name, i}, nil
	}
	if slices.Contains(r.Unknowns, name) {
		return Unknown{name, ""}, nil
	}
	if slices.Contains(r.Parameters, name) {
		return Parameter{name}, nil
	}
	if src, ok := r.Definitions[name]; ok {
		if slices.Contains(r.open, name) {
			return nil, r.fail(x, "%s is defined by itself", name)
		}
		e, err := r.parse(src, append(slices.Clone(r.open), name))
		return e, inDefinition(name, src, err)
	}
	if name == "pi" {
		return Number(3.141592653589793), nil
	}
	return nil, nil
}

// axes reads as many coordinates as suffix starts with, longer names first.
func (r resolver) axes(suffix string) (axes []int, rest string) {
	for suffix != "" {
		best := -1
		for i, c := range r.Coordinates {
			if strings.HasPrefix(suffix, c) && (best < 0 || len(c) > len(r.Coordinates[best])) {
				best = i
			}
		}
		if best < 0 {
			return axes, suffix
		}
		axes = append(axes, best)
		suffix = suffix[len(r.Coordinates[best]):]
	}
	return axes, ""
}

func (r resolver) call(x *syntax) (Expr, error) {
	switch x.text {
	case "d":
		return r.differentiate(x)
	case "laplacian", "biharmonic":
		return r.operator(x)
	}
	_, primitive := functions[x.text]
	short, defined := derived[x.text]
	if !primitive && !defined {
		plain := &syntax{token: x.token}
		if e, err := r.name(plain); err == nil && len(x.args) == 1 {
			y, err := r.expr(x.args[0])
			return Mul(e, orZero(y)), err
		}
		return nil, r.fail(x, "unknown function %q (known: %s)", x.text, strings.Join(known(), ", "))
	}
	if len(x.args) != 1 {
		return nil, r.fail(x, "%s takes one argument, here are %d", x.text, len(x.args))
	}
	arg, err := r.expr(x.args[0])
	if err != nil {
		return nil, err
	}
	if primitive {
		return Apply(x.text, arg), nil
	}
	return short(arg), nil
}

func orZero(e Expr) Expr {
	if e == nil {
		return Number(0)
	}
	return e
}

// differentiate resolves d(f, x, ..).
func (r resolver) differentiate(x *syntax) (Expr, error) {
	if len(x.args) < 2 {
		return nil, r.fail(x, "d takes an expression and coordinates: d(u^2, x)")
	}
	e, err := r.expr(x.args[0])
	if err != nil {
		return nil, err
	}
	var axes []int
	for _, a := range x.args[1:] {
		i := slices.Index(r.Coordinates, a.text)
		if a.kind != 'a' || a.call || i < 0 {
			return nil, r.fail(a, "d differentiates along a coordinate: %s", strings.Join(r.Coordinates, ", "))
		}
		axes = append(axes, i)
	}
	return r.derivative(x, e, axes)
}

// operator resolves laplacian(f) and biharmonic(f).
func (r resolver) operator(x *syntax) (Expr, error) {
	if len(x.args) != 1 {
		return nil, r.fail(x, "%s takes one argument, here are %d", x.text, len(x.args))
	}
	e, err := r.expr(x.args[0])
	if err != nil {
		return nil, err
	}
	if err := r.checkKnown(x, e); err != nil {
		return nil, err
	}
	e = r.laplacian(e)
	if x.text == "biharmonic" {
		e = r.laplacian(e)
	}
	return e, r.checkOrder(x, e)
}

// laplacian is Σ ∂²e/∂x² over the coordinates of space; of an unknown it is one operator.
func (r resolver) laplacian(e Expr) Expr {
	if u, ok := e.(Unknown); ok {
		e = Operator{u.Name, []Weighted{{1, u.D}}}
	}
	o, linear := e.(Operator)
	var sum Expr = Number(0)
	var terms []Weighted
	for i, c := range r.Coordinates {
		if c == r.Time || r.Time == "" && c == "t" {
			continue
		}
		second := Diff(Diff(e, i), i)
		if linear {
			terms = append(terms, second.(Operator).Terms...)
		} else {
			sum = Add(sum, second)
		}
	}
	if linear {
		return Operator{o.Name, merge(terms)}
	}
	return sum
}

// merge adds up terms of the same derivative.
func merge(terms []Weighted) []Weighted {
	var list []Weighted
	for _, w := range terms {
		i := slices.IndexFunc(list, func(v Weighted) bool { return v.D == w.D })
		if i < 0 {
			list = append(list, w)
		} else {
			list[i].C += w.C
		}
	}
	return list
}

// unknown is the error for a name that means nothing.
func (r resolver) unknown(x *syntax, name string) error {
	var list []string
	list = append(list, r.Unknowns...)
	list = append(list, r.Coordinates...)
	list = append(list, r.Parameters...)
	list = append(list, slices.Sorted(maps.Keys(r.Definitions))...)
	return r.fail(x, "unknown name %q (known: %s)", name, strings.Join(list, ", "))
}

// known lists the functions.
func known() []string {
	list := append(Functions(), "d", "laplacian", "biharmonic")
	slices.Sort(list)
	return list
}

// cutLast cuts s at the last separator.
func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i <= 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
