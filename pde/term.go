package pde

import "fmt"

// Term is a non-linear term N(u) = R(P(G u)): linear operators G take the channels to fields, polynomials P are evaluated at the points,
// and linear operators R take their values to the channels' rates:
//
//	g_i = Σ G_i(k) û   at the points,   p_j = P_j(g),   N̂_c = Σ R_c(k) p̂_j + ŝ_c
//
// û and N̂ are dealiased. A product of p factors needs a fraction of 2/(p+1). The zero value is no term at all.
type Term struct {
	Fields   []Combination // of the channels
	Products []Polynomial  // in the fields
	Results  []Combination // of the products, one per channel
	Source   func(channel int, x []float64) float64
}

// Combination is the sum of its parts Symbol(k) û.
type Combination []Part

// Part is one operand, by its index, under a linear operator; a nil Symbol is the identity.
type Part struct {
	Of     int
	Symbol Symbol
}

// Polynomial is the sum of its monomials.
type Polynomial []Monomial

// Monomial is Coefficient times the product of the fields named, of one factor at least.
type Monomial struct {
	Coefficient float64
	Factors     []int
}

// check reports indices that name nothing.
func (t Term) check(channels int) error {
	if t.Results != nil && len(t.Results) != channels {
		return fmt.Errorf("pde: the term has results for %d channels, the equation has %d", len(t.Results), channels)
	}
	for _, of := range []struct {
		what  string
		list  []Combination
		limit int
	}{{"field", t.Fields, channels}, {"result", t.Results, len(t.Products)}} {
		for i, c := range of.list {
			for _, p := range c {
				if p.Of < 0 || p.Of >= of.limit {
					return fmt.Errorf("pde: %s %d of the term names operand %d of %d", of.what, i, p.Of, of.limit)
				}
			}
		}
	}
	for i, p := range t.Products {
		for _, m := range p {
			if len(m.Factors) == 0 {
				return fmt.Errorf("pde: product %d of the term has a monomial without factors; use Source", i)
			}
			for _, f := range m.Factors {
				if f < 0 || f >= len(t.Fields) {
					return fmt.Errorf("pde: product %d of the term names field %d of %d", i, f, len(t.Fields))
				}
			}
		}
	}
	return nil
}

// empty reports whether there is no term: the equation is linear.
func (t Term) empty() bool { return t.Results == nil && t.Source == nil }

// ones is the combination of a single operand, as it is.
func ones(of int) Combination { return Combination{{Of: of}} }

// Derivative is the symbol i k_axis of ∂/∂x_axis.
func Derivative(axis int) Symbol {
	return func(k []float64) complex128 { return complex(0, k[axis]) }
}

// Times is the symbol of a multiple.
func Times(c float64, f Symbol) Symbol {
	return func(k []float64) complex128 { return complex(c, 0) * f(k) }
}
