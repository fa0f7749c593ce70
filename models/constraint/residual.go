package constraint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/term"
)

// residual is rows of one kind: an expression that ought to vanish, times a weight, at the points of a box of the grid.
type residual struct {
	weight     float64
	fields     []field
	given      []int  // input channels
	positions  []int  // coordinates
	text       string // of op.ParseRows: the fields, then the channels, then the positions
	formula    *op.Formula
	from, upto []int // of the box, per axis; they count from the end where from is negative, upto not positive
}

// field is a derivative, as term.Unknown.D, of the unknown or of its potential.
type field struct{ name, d string }

// newResidual reads an expression of the unknown u.
func newResidual(scope term.Scope, src string, weight float64, from, upto []int) (*residual, error) {
	e, err := scope.Parse(src)
	if err != nil {
		return nil, fmt.Errorf("constraint: %w", err)
	}
	r := &residual{weight: weight, from: from, upto: upto}
	note := func(f field) {
		if !slices.Contains(r.fields, f) {
			r.fields = append(r.fields, f)
		}
	}
	for part := range term.Walk(e) {
		switch p := part.(type) {
		case term.Unknown:
			note(field{p.Name, p.D})
		case term.Operator:
			for _, w := range p.Terms {
				note(field{p.Name, w.D})
			}
		case term.Parameter:
			if i := slices.Index(scope.Parameters, p.Name); !slices.Contains(r.given, i) {
				r.given = append(r.given, i)
			}
		case term.Coordinate:
			if !slices.Contains(r.positions, p.Index) {
				r.positions = append(r.positions, p.Index)
			}
		}
	}
	if len(r.fields) == 0 {
		return nil, fmt.Errorf("constraint: %q does not depend on the unknown", src)
	}
	p := postfix{r, scope.Parameters}
	text := p.Scale(weight, term.Fold(e, term.Algebra[string](p)))
	data := len(r.given) + len(r.positions)
	r.text = fmt.Sprintf("%d %d %s", len(r.fields), data, text)
	r.formula, err = op.ParseFormula(text, len(r.fields)+data)
	return r, err
}

// box cuts the points of r out of x [batch, x.., c]: [batch, points, c].
func (r *residual) box(x op.Value) op.Value {
	d := x.Dims()
	for i := range r.from {
		x = op.SliceAxis(x, i+1, r.start(d, i), r.end(d, i)-r.start(d, i))
	}
	return op.ReshapeTo(x, op.Of(d.At(0), x.Dims().Span(1, d.Rank()-1), d.At(-1)))
}

// start is the box's first point on axis i of a field.
func (r *residual) start(d op.Dims, i int) int {
	if r.from[i] < 0 {
		return d.At(i+1) + r.from[i]
	}
	return r.from[i]
}

// end is where the box ends on axis i of a field.
func (r *residual) end(d op.Dims, i int) int {
	if r.upto[i] > 0 {
		return r.upto[i]
	}
	return d.At(i+1) + r.upto[i]
}

// data is what the formula reads besides fields, [batch, points] each, of inputs x [batch, x.., channels].
func (r *residual) data(x op.Value, h []float64) []op.Value {
	var list []op.Value
	column := func(v op.Value) {
		v = r.box(v)
		list = append(list, op.ReshapeTo(v, v.Dims().Cut(0, 2)))
	}
	d := x.Dims()
	for _, c := range r.given {
		column(op.SliceAxis(x, d.Rank()-1, c, 1))
	}
	for _, axis := range r.positions {
		column(op.BroadcastTo(position(x, axis, h[axis]), d.With(-1, 1)))
	}
	return list
}

// position is j·h along an axis of x, [1, .., n, .., 1].
func position(x op.Value, axis int, h float64) op.Value {
	lens := slices.Repeat([]int{1}, x.Dims().Rank())
	lens[axis+1] = x.Dims().At(axis + 1)
	data := make([]float64, lens[axis+1])
	for j := range data {
		data[j] = float64(j) * h
	}
	return constant(x, "position", op.Of(lens...), data)
}

// postfix writes an expression for op.ParseFormula. It implements term.Algebra.
type postfix struct {
	r     *residual
	names []string
}

func variable(i int) string { return fmt.Sprintf("x%d", i) }

// Number implements term.Algebra.
func (postfix) Number(x float64) string { return fmt.Sprint(x) }

// Coordinate implements term.Algebra.
func (p postfix) Coordinate(i int) string {
	return variable(len(p.r.fields) + len(p.r.given) + slices.Index(p.r.positions, i))
}

// Parameter implements term.Algebra.
func (p postfix) Parameter(name string) string {
	return variable(len(p.r.fields) + slices.Index(p.r.given, slices.Index(p.names, name)))
}

// Unknown implements term.Algebra.
func (p postfix) Unknown(name, d string) string {
	return variable(slices.Index(p.r.fields, field{name, d}))
}

// Operator implements term.Algebra.
func (p postfix) Operator(o term.Operator) string {
	var terms []string
	for i, w := range o.Terms {
		t := p.Scale(w.C, p.Unknown(o.Name, w.D))
		if i > 0 {
			t += " +"
		}
		terms = append(terms, t)
	}
	return strings.Join(terms, " ")
}

// Add implements term.Algebra.
func (postfix) Add(x, y string) string { return x + " " + y + " +" }

// Mul implements term.Algebra.
func (postfix) Mul(x, y string) string { return x + " " + y + " *" }

// Div implements term.Algebra.
func (postfix) Div(x, y string) string { return x + " " + y + " /" }

// Scale implements term.Algebra.
func (postfix) Scale(c float64, x string) string { return fmt.Sprintf("%s %v *", x, c) }

// Shift implements term.Algebra.
func (postfix) Shift(x string, c float64) string { return fmt.Sprintf("%s %v +", x, c) }

// Pow implements term.Algebra.
func (postfix) Pow(x string, p float64) string { return fmt.Sprintf("%s ^%v", x, p) }

// Call implements term.Algebra.
func (postfix) Call(f string, x string) string { return x + " " + f }
