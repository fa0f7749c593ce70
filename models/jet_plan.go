package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// MaxDerivative is the highest order of a derivative that jets carry.
const MaxDerivative = 4

// Derivative is a partial derivative ∂^α: the numbers of its directions, ascending, one byte each; "" is the function itself.
// "\x00\x00\x01" is ∂³/∂x₀²∂x₁ where the directions are the coordinates.
type Derivative string

// Partial returns the derivative along the given directions, in any order.
func Partial(directions ...int) Derivative {
	b := make([]byte, len(directions))
	for i, d := range directions {
		b[i] = byte(d)
	}
	slices.Sort(b)
	return Derivative(b)
}

// Weighted is c·∂^α.
type Weighted struct {
	C float64
	D Derivative
}

// Operator is a linear differential operator Σ c_α ∂^α of order two and higher with constant coefficients, carried as one slot: the terms of its highest
// derivatives are summed before they are propagated, so it costs one row instead of one for each term.
type Operator []Weighted

// Laplacian is Σ ∂²/∂x_d² over the directions.
func Laplacian(directions ...int) Operator {
	var o Operator
	for _, d := range directions {
		o = append(o, Weighted{1, Partial(d, d)})
	}
	return o
}

// Biharmonic is ΔΔ = Σ_de ∂⁴/∂x_d²∂x_e² over the directions.
func Biharmonic(directions ...int) Operator {
	var o Operator
	for i, d := range directions {
		o = append(o, Weighted{1, Partial(d, d, d, d)})
		for _, e := range directions[:i] {
			o = append(o, Weighted{2, Partial(d, d, e, e)})
		}
	}
	return o
}

// JetPlan says which derivatives of a function of points a Jet carries and how they pass through products and functions. Its
// slots are the function, then every derivative that is wanted or needed for one, by order, then the operators.
type JetPlan struct {
	directions [][]float64 // each a vector in the space of the points
	slots      []Derivative
	operators  int // the last slots are operators; slots holds "" for them
	at         map[Derivative]int
	chain      [][]chainTerm   // by slot: y_s = Σ c f^(k)(z) Π z_b
	leibniz    [][]leibnizTerm // by slot: (ab)_s = Σ c a_i b_j
}

type chainTerm struct {
	c      float64
	blocks []int // slots; their number is the order k of the function's derivative
}

type leibnizTerm struct {
	c    float64
	a, b int
}

// NewJetPlan returns the plan for the wanted derivatives and operators along the given directions of the points' space. Nil
// directions are the coordinates of a space of n dimensions.
func NewJetPlan(n int, directions [][]float64, wanted []Derivative, operators []Operator) (*JetPlan, error) {
	if directions == nil {
		directions = make([][]float64, n)
		for i := range directions {
			directions[i] = make([]float64, n)
			directions[i][i] = 1
		}
	}
	p := &JetPlan{directions: directions, at: map[Derivative]int{}, operators: len(operators)}
	p.need("")
	for _, d := range wanted {
		if err := p.check(d); err != nil {
			return nil, err
		}
		p.need(d)
	}
	for _, o := range operators {
		for _, w := range o {
			if err := p.check(w.D); err != nil {
				return nil, err
			}
			if len(w.D) < 2 {
				return nil, fmt.Errorf("models: an operator with a derivative of order %d: order two and higher are worth a slot", len(w.D))
			}
			for i := range len(w.D) {
				p.need(w.D[:i] + w.D[i+1:])
			}
		}
	}
	slices.SortFunc(p.slots, func(a, b Derivative) int {
		return cmp.Or(len(a)-len(b), strings.Compare(string(a), string(b)))
	})
	for i, d := range p.slots {
		p.at[d] = i
	}
	for _, d := range p.slots {
		p.chain = append(p.chain, p.chainTerms(Operator{{1, d}}, -1))
		p.leibniz = append(p.leibniz, p.leibnizTerms(Operator{{1, d}}, -1))
	}
	for _, o := range operators {
		self := len(p.slots)
		p.slots = append(p.slots, "")
		p.chain = append(p.chain, p.chainTerms(o, self))
		p.leibniz = append(p.leibniz, p.leibnizTerms(o, self))
	}
	return p, nil
}

func (p *JetPlan) check(d Derivative) error {
	if len(d) > MaxDerivative {
		return fmt.Errorf("models: a derivative of order %d: jets carry orders up to %d", len(d), MaxDerivative)
	}
	if !slices.IsSorted([]byte(d)) || len(d) > 0 && int(d[len(d)-1]) >= len(p.directions) {
		return fmt.Errorf("models: derivative %v: want ascending directions below %d", []byte(d), len(p.directions))
	}
	return nil
}

// need adds d and everything that its chain rule reads.
func (p *JetPlan) need(d Derivative) {
	if _, ok := p.at[d]; ok {
		return
	}
	p.at[d] = len(p.slots)
	p.slots = append(p.slots, d)
	for i := range len(d) {
		p.need(d[:i] + d[i+1:])
	}
}

// Slots is the number of rows per point.
func (p *JetPlan) Slots() int { return len(p.slots) }

// chainTerms expands Faà di Bruno's formula, Σ over the partitions of α's factors. A whole block of an operator is its own slot.
func (p *JetPlan) chainTerms(o Operator, self int) []chainTerm {
	var terms []chainTerm
	if self >= 0 {
		terms = append(terms, chainTerm{1, []int{self}})
	}
	for _, w := range o {
		for _, blocks := range partitions(w.D) {
			if self >= 0 && len(blocks) == 1 {
				continue
			}
			t := chainTerm{c: w.C}
			for _, b := range blocks {
				t.blocks = append(t.blocks, p.at[b])
			}
			slices.Sort(t.blocks)
			i := slices.IndexFunc(terms, func(u chainTerm) bool { return slices.Equal(u.blocks, t.blocks) })
			if i < 0 {
				terms = append(terms, t)
			} else {
				terms[i].c += t.c
			}
		}
	}
	return terms
}

// leibnizTerms expands the product rule, Σ over the subsets of α's factors.
func (p *JetPlan) leibnizTerms(o Operator, self int) []leibnizTerm {
	var terms []leibnizTerm
	add := func(t leibnizTerm) {
		i := slices.IndexFunc(terms, func(u leibnizTerm) bool { return u.a == t.a && u.b == t.b })
		if i < 0 {
			terms = append(terms, t)
		} else {
			terms[i].c += t.c
		}
	}
	if self >= 0 {
		terms = append(terms, leibnizTerm{1, self, 0}, leibnizTerm{1, 0, self})
	}
	for _, w := range o {
		for set := range 1 << len(w.D) {
			var a, b []byte
			for i := range len(w.D) {
				if set>>i&1 == 1 {
					a = append(a, w.D[i])
				} else {
					b = append(b, w.D[i])
				}
			}
			if self >= 0 && (len(a) == 0 || len(b) == 0) && len(w.D) > 0 {
				continue
			}
			add(leibnizTerm{w.C, p.at[Derivative(a)], p.at[Derivative(b)]})
		}
	}
	return terms
}

// partitions lists the partitions of d's factors into blocks; equal ones are repeated.
func partitions(d Derivative) [][]Derivative {
	if d == "" {
		return [][]Derivative{{}}
	}
	last := d[len(d)-1:]
	var list [][]Derivative
	for _, rest := range partitions(d[:len(d)-1]) {
		list = append(list, append(slices.Clone(rest), last))
		for i := range rest {
			joined := slices.Clone(rest)
			joined[i] += last // d is ascending, so blocks are
			list = append(list, joined)
		}
	}
	return list
}
