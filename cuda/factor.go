//go:build gpu

package cuda

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// number is a constant argument of the element type.
func number(t op.Dtype, x float64) any {
	if t == op.Float64 {
		return x
	}
	return float32(x)
}

// cholesky: the factors of a batch, a block for each matrix.
func (l *lowering) cholesky(s engine.Step) error {
	d := s.Out[0].Dims
	return l.launch("factor", "cholesky", s.Out[0].Dtype, d.Span(0, d.Rank()-2), threads, pointer(s.In[0]), pointer(s.Out[0]), int32(d.At(-1)))
}

// triangularColumns is COLUMNS of factor.cu.
const triangularColumns = 8

// triangularSolve: a block for some right-hand sides of each matrix.
func (l *lowering) triangularSolve(s engine.Step, o op.TriangularSolveOp) error {
	d := s.Out[0].Dims
	blocks := d.Span(0, d.Rank()-2) * ((d.At(-1) + triangularColumns - 1) / triangularColumns)
	return l.launch("factor", "triangular_solve", s.Out[0].Dtype, blocks, threads, pointer(s.In[0]), pointer(s.In[1]), pointer(s.Out[0]),
		int32(d.At(-2)), int32(d.At(-1)), truth(o.Forward()), truth(o.Trans))
}

// qr: the factors of a batch, a block for each matrix.
func (l *lowering) qr(s engine.Step) error {
	d, t := s.In[0].Dims, s.Out[0].Dtype
	epsilon := 0x1p-52
	if t == op.Float32 {
		epsilon = 0x1p-23
	}
	return l.launch("factor", "qr", t, d.Span(0, d.Rank()-2), threads, pointer(s.In[0]), pointer(s.Out[0]), int32(d.At(-2)), int32(d.At(-1)), number(t, epsilon))
}

// triangle: a thread for each element.
func (l *lowering) triangle(s engine.Step, o op.TriangleOp) error {
	d, t := s.Out[0].Dims, s.Out[0].Dtype
	return l.each("factor", "triangle", t, d.Size(), pointer(s.In[0]), pointer(s.Out[0]), uint32(d.Size()), int32(d.At(-2)), int32(d.At(-1)),
		number(t, o.Diagonal), truth(o.Upper))
}

// broken: a block for each matrix.
func (l *lowering) broken(s engine.Step) error {
	d := s.In[0].Dims
	return l.launch("factor", "broken", s.Out[0].Dtype, s.Out[0].Dims.Size(), threads, pointer(s.In[0]), pointer(s.Out[0]), uint32(d.Span(d.Rank()-2, d.Rank())))
}

// rowOuter: a launch for each pair of operands.
func (l *lowering) rowOuter(s engine.Step, o op.RowOuterOp) error {
	at := 0
	for i := 0; i < len(s.In); i += 2 {
		a, b := s.In[i], s.In[i+1]
		k, n := a.Dims.At(1), b.Dims.At(1)
		if k*n > 0 {
			err := l.each("factor", "row_outer", s.Out[0].Dtype, o.Rows*k*n, pointer(a), pointer(b), pointer(s.Out[0]), uint32(o.Rows),
				uint32(a.Dims.At(0)/o.Rows), uint32(k), uint32(n), uint32(s.Out[0].Dims.At(1)), uint32(at))
			if err != nil {
				return err
			}
		}
		at += k * n
	}
	return nil
}
