package models

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Attention lets every point of a field x [batch, x.., c] read every other: with (q, k, v) = W_qkv norm(x) + b split into heads of
// c/Heads channels, for each head
//
//	y_i = Σ_j softmax_j(q_i·k_j/√(c/Heads)) v_j,   out = x + W_out y + b.
//
// With OverQueries it is what PDEArena computes: the softmax is over i instead of j, and the norm, though it has parameters, is not
// applied. Its cost grows with the square of the number of points.
//
// Source: Vaswani et al., Attention Is All You Need (2017), eq. 1.
type Attention struct {
	Norm        Model
	Project     *Dense // c → 3c: q, k, v
	Output      *Dense
	Heads       int
	OverQueries bool
}

func newAttention(c Config, name string, width int, rnd *rand.Rand) (*Attention, error) {
	queries, err := lookup("form", unetForms(), c.Form)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	if width%c.Heads != 0 {
		return nil, fmt.Errorf("models: heads %d: do not divide the %d channels of an attention", c.Heads, width)
	}
	norm, err := newNorm("group", name+".norm", width, 1, rnd)
	if err != nil {
		return nil, err
	}
	return &Attention{
		Norm:        norm,
		Project:     NewDense(name+".project", width, 3*width, rnd),
		Output:      NewDense(name+".output", width, width, rnd),
		Heads:       c.Heads,
		OverQueries: queries,
	}, nil
}

// Apply implements Model.
func (a *Attention) Apply(x op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	v := x
	if !a.OverQueries {
		v = a.Norm.Apply(x)
	}
	q, k, v := heads(a.Project.Apply(v), a.Heads)
	root := 1 / math.Sqrt(float64(x.Dims().At(-1)/a.Heads))
	if a.OverQueries {
		v = op.MatMul(op.Softmax(op.Scale(op.MatMul(k, q, false, true), root)), v, true, false) // rows are keys
	} else {
		v = op.MatMul(op.Softmax(op.Scale(op.MatMul(q, k, false, true), root)), v, false, false)
	}
	return op.Add(x, a.Output.Apply(join(v, x.Dims())))
}

// Params implements Model.
func (a *Attention) Params() iter.Seq2[string, *Param] { return chain(a.Norm, a.Project, a.Output) }

// heads splits a field [batch, x.., 3c] into q, k and v [batch, head, point, c/heads].
func heads(x op.Value, n int) (q, k, v op.Value) {
	d := x.Dims()
	c := d.At(-1) / 3
	points := d.Span(1, d.Rank()-1)
	part := func(i int) op.Value {
		p := op.SliceAxis(x, d.Rank()-1, i*c, c)
		if n == 1 {
			return op.ReshapeTo(p, op.Of(d.At(0), 1, points, c))
		}
		return op.Transpose(op.ReshapeTo(p, op.Of(d.At(0), points, n, c/n)), 0, 2, 1, 3)
	}
	return part(0), part(1), part(2)
}

// join is the field of the given shape whose heads are v [batch, head, point, c/heads].
func join(v op.Value, d op.Dims) op.Value {
	if v.Dims().At(1) > 1 {
		v = op.Transpose(v, 0, 2, 1, 3)
	}
	return op.ReshapeTo(v, d)
}
