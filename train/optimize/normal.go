package optimize

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// normal solves the damped normal equations at the parameters θ in the store, in the smaller of two spaces:
//
//	x = (JᵀJ + λI)⁻¹ Jᵀv = Jᵀ(JJᵀ + λI)⁻¹ v
//
// for the Jacobian J [m, p] of the scaled residuals r, so that ∇f = 2 Jᵀr; the first form for p ≤ m, the second (Woodbury) for
// p > m. linearise computes J, r and the matrix; they are kept in variables, for any number of λ and v.
type normal struct {
	problem   Problem
	name      string // of the variables
	dual      bool
	linearise *engine.Program
}

// newNormal compiles the linearisation.
func newNormal(p Problem, name string) (*normal, error) {
	b, err := p.graph()
	if err != nil {
		return nil, err
	}
	n := &normal{problem: p, name: name, dual: b.m < b.size}
	var js []op.Value
	for _, r := range b.rows {
		js = append(js, op.Jacobian(r, b.params...))
	}
	if n.dual {
		js = []op.Value{op.Concat(0, js...)}
	}
	var matrix op.Value
	var updates []engine.Update
	for i, j := range js {
		if !j.Valid() {
			return nil, fmt.Errorf("optimize: %w", b.g.Err())
		}
		square := op.MatMul(j, j, !n.dual, n.dual)
		if i == 0 {
			matrix = square
		} else {
			matrix = op.Add(matrix, square)
		}
		updates = append(updates, engine.Update{Variable: n.variable(b.g, "J", i, j.Dims()), Value: j})
	}
	for i, r := range b.rows {
		updates = append(updates, engine.Update{Variable: n.variable(b.g, "r", i, r.Dims()), Value: r})
	}
	updates = append(updates, engine.Update{Variable: n.variable(b.g, "matrix", 0, matrix.Dims()), Value: matrix})
	n.linearise, err = p.compile(b, []op.Value{b.sum(b.rows)}, updates...)
	return n, err
}

// run linearises at the parameters in the store and returns f.
func (n *normal) run() (float64, error) {
	if err := n.problem.run(n.linearise); err != nil {
		return 0, err
	}
	return n.linearise.Scalar(0)
}

func (n *normal) variable(g *op.Graph, what string, i int, d op.Dims) op.Value {
	return g.Variable(fmt.Sprintf("work.%s.%s.%d.%v", n.name, what, i, d), op.Float64, d)
}

// residuals are the columns r at the place of the linearisation.
func (n *normal) residuals(b built) []op.Value {
	list := make([]op.Value, len(b.rows))
	for i, r := range b.rows {
		list[i] = n.variable(b.g, "r", i, r.Dims())
	}
	return list
}

// solver is the factorised matrix for one λ in a graph.
type solver struct {
	n *normal
	b built
	l op.Value
}

func (n *normal) factor(b built, lambda op.Value) solver {
	size := min(b.size, b.m)
	d := op.Of(size, size)
	eye := make([]float64, size*size)
	for i := range size {
		eye[i*(size+1)] = 1
	}
	one := b.g.Constant(fmt.Sprintf("identity %d", size), op.Float64, d, eye)
	return solver{n, b, op.Cholesky(op.Add(n.variable(b.g, "matrix", 0, d), op.Mul(one, lambda)))}
}

// diagonal is the mean of the matrix's diagonal, Σ J²/size.
func (n *normal) diagonal(b built) op.Value {
	rows := []int{b.m}
	if !n.dual {
		rows = nil
		for _, r := range b.rows {
			rows = append(rows, r.Dims().At(0))
		}
	}
	var sum op.Value
	for i, m := range rows {
		j := n.variable(b.g, "J", i, op.Of(m, b.size))
		if i == 0 {
			sum = op.Dot(j, j)
		} else {
			sum = op.Add(sum, op.Dot(j, j))
		}
	}
	return op.Scale(sum, 1/float64(min(b.size, b.m)))
}

// transpose is Jᵀv, [p, 1].
func (s solver) transpose(v []op.Value) op.Value {
	var sum op.Value
	for i, r := range v {
		part := op.MatMul(s.n.variable(s.b.g, "J", i, op.Of(r.Dims().At(0), s.b.size)), r, true, false)
		if i == 0 {
			sum = part
		} else {
			sum = op.Add(sum, part)
		}
	}
	return sum
}

// solve is (JᵀJ + λI)⁻¹ Jᵀv, [p, 1].
func (s solver) solve(v []op.Value) op.Value {
	if !s.n.dual {
		return op.CholeskySolve(s.l, s.transpose(v))
	}
	return s.transpose([]op.Value{op.CholeskySolve(s.l, op.Concat(0, v...))})
}
