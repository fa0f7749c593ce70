package train

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// soapLargest is the largest side of a matrix that SOAP rotates: the price of a step grows with its cube.
const soapLargest = 512

// soap is Adam in the eigenbases of Shampoo's preconditioner, for a matrix p [m, n] with gradient d:
//
//	L ← β₂L + (1−β₂)d·dᵀ, R ← β₂R + (1−β₂)dᵀ·d, m ← β₁m + (1−β₁)d, d' = QᵀdP, v ← β₂v + (1−β₂)d'²,
//	p ← p − lr·λ·p − lr·Q((Qᵀm̂P)/(√v̂ + ε))Pᵀ,  Q ← qr(LQ), P ← qr(RP),
//
// one step of orthogonal iteration each time, from Q = P = 1. Vectors, sides above 512 and arrays of more axes follow AdamW. Source:
// Vyas et al. 2024 (arXiv 2409.11321), algorithm 3; Adam's corrections as there.
func (c OptimizerConfig) soap(name string, p, d op.Value) []engine.Update {
	if shape := p.Dims(); shape.Rank() != 2 || shape.At(0) > soapLargest || shape.At(1) > soapLargest || shape.At(0) < 2 && shape.At(1) < 2 {
		c.Kind = "adamw"
		return c.Update(name, p, d)
	}
	g, t := p.Graph(), p.Dtype()
	scalar := func(name string) op.Value { return g.Input(name, t, op.Dims{}) }
	state := func(kind string, d op.Dims) op.Value { return g.Variable("soap."+kind+"."+name, t, d) }
	average := func(old, now op.Value, beta float64) op.Value {
		return op.Add(op.Scale(old, beta), op.Scale(now, 1-beta))
	}
	left, right := newSide(state, "l", p.Dims().At(0), g, t), newSide(state, "r", p.Dims().At(1), g, t)
	m, v := state("m", p.Dims()), state("v", p.Dims())
	rotate := func(x op.Value) op.Value {
		return op.MatMul(op.MatMul(left.basis, x, true, false), right.basis, false, false)
	}
	rotated := rotate(d)
	m2, v2 := average(m, d, c.Beta1), average(v, op.Mul(rotated, rotated), c.Beta2)
	root := op.Affine(op.Sqrt(op.Mul(v2, scalar(inputCorrect2))), 1, c.Eps)
	step := op.Div(op.Mul(rotate(m2), scalar(inputCorrect1)), root)
	step = op.MatMul(op.MatMul(left.basis, step, false, false), right.basis, false, true)
	lr := scalar(inputLR)
	q := p
	if c.WeightDecay > 0 {
		q = op.Sub(p, op.Mul(op.Scale(lr, c.WeightDecay), p))
	}
	updates := []engine.Update{{Variable: m, Value: m2}, {Variable: v, Value: v2}}
	updates = append(updates, left.turn(average(left.moment, op.MatMul(d, d, false, true), c.Beta2))...)
	updates = append(updates, right.turn(average(right.moment, op.MatMul(d, d, true, false), c.Beta2))...)
	return append(updates, engine.Update{Variable: p, Value: op.Sub(q, op.Mul(lr, step))})
}

// side is the second moment of one side of a matrix and its eigenbasis, of which the variable holds what differs from 1: variables
// begin with zeros.
type side struct {
	moment, turned, one, basis op.Value
}

func newSide(state func(string, op.Dims) op.Value, kind string, n int, g *op.Graph, t op.Dtype) side {
	d := op.Of(n, n)
	eye := make([]float64, n*n)
	for i := range n {
		eye[i*(n+1)] = 1
	}
	s := side{moment: state(kind, d), turned: state(kind+".basis", d), one: g.Constant(fmt.Sprintf("identity %v %d", t, n), t, d, eye)}
	s.basis = op.Add(s.turned, s.one)
	return s
}

// turn does a step of orthogonal iteration with the new moment, a little of the identity added so that it has full rank.
func (s side) turn(moment op.Value) []engine.Update {
	n := float64(moment.Dims().At(0))
	shift := op.Affine(op.Scale(op.Dot(moment, s.one), 1/n), 1e-3, 1e-12)
	q, _ := op.QR(op.Add(op.MatMul(moment, s.basis, false, false), op.Mul(s.basis, shift)))
	return []engine.Update{{Variable: s.moment, Value: moment}, {Variable: s.turned, Value: op.Sub(q, s.one)}}
}
