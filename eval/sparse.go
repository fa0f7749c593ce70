package eval

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// Monomial is c·Π x_i of columns i; no factors: a constant.
type Monomial struct {
	C       float64
	Factors []int
}

// Sparse fits y by few monomials up to a degree in the columns of x, [n, len(y)], row by row: least squares, after which terms whose root mean
// square is below threshold times that of y are left out, until none is (sequentially thresholded least squares: Brunton, Proctor & Kutz
// 2016, PNAS 113). The terms are in order of degree; residual is ‖y − fit‖/‖y‖.
func Sparse(x []float64, columns int, y []float64, degree int, threshold float64) (terms []Monomial, residual float64, err error) {
	n := len(y)
	if columns < 1 || n == 0 || len(x) != n*columns {
		return nil, 0, fmt.Errorf("eval: sparse fit of %d values by %d numbers in %d columns", n, len(x), columns)
	}
	library := monomials(columns, degree)
	if len(library) > n {
		return nil, 0, fmt.Errorf("eval: sparse fit of %d values by %d monomials: there are too few values", n, len(library))
	}
	value := func(factors []int, row int) float64 {
		p := 1.0
		for _, i := range factors {
			p *= x[row*columns+i]
		}
		return p
	}
	scale := rmsOver(n, func(i int) float64 { return y[i] })
	for {
		if len(library) == 0 {
			return nil, 1, nil
		}
		a := mat.NewDense(n, len(library), nil)
		size := make([]float64, len(library))
		for k, f := range library {
			size[k] = math.Max(rmsOver(n, func(i int) float64 { return value(f, i) }), math.SmallestNonzeroFloat64)
			for i := range n {
				a.Set(i, k, value(f, i)/size[k])
			}
		}
		var c mat.VecDense
		var ill mat.Condition
		if err := c.SolveVec(a, mat.NewVecDense(n, y)); err != nil && !errors.As(err, &ill) {
			return nil, 0, fmt.Errorf("eval: sparse fit: %w", err)
		}
		var kept [][]int
		terms = terms[:0]
		for k, f := range library {
			if math.Abs(c.AtVec(k)) >= threshold*scale { // columns have root mean square one
				kept = append(kept, f)
				terms = append(terms, Monomial{c.AtVec(k) / size[k], f})
			}
		}
		if len(kept) == len(library) {
			var fit mat.VecDense
			fit.MulVec(a, &c)
			return terms, rmsOver(n, func(i int) float64 { return y[i] - fit.AtVec(i) }) / scale, nil
		}
		library = kept
	}
}

// rmsOver is the root of the mean square of n values.
func rmsOver(n int, at func(i int) float64) float64 {
	s := 0.0
	for i := range n {
		s += at(i) * at(i) / float64(n)
	}
	return math.Sqrt(s)
}

// monomials lists the products of at most degree columns, by degree.
func monomials(columns, degree int) [][]int {
	list := [][]int{{}}
	last := list
	for range degree {
		var next [][]int
		for _, f := range last {
			from := 0
			if len(f) > 0 {
				from = f[len(f)-1]
			}
			for i := from; i < columns; i++ {
				next = append(next, append(slices.Clone(f), i))
			}
		}
		list, last = append(list, next...), next
	}
	return list
}

// Formula writes terms with names for the columns: -0.998*u*u_x + 0.1.
func Formula(terms []Monomial, names []string) string {
	if len(terms) == 0 {
		return "0"
	}
	var b strings.Builder
	for k, t := range terms {
		c := t.C
		switch {
		case k > 0 && c < 0:
			b.WriteString(" - ")
			c = -c
		case k > 0:
			b.WriteString(" + ")
		}
		fmt.Fprintf(&b, "%.4g", c)
		for _, i := range t.Factors {
			b.WriteString("*" + names[i])
		}
	}
	return b.String()
}
