package refiner

import "github.com/kolmogo/kolmogo/op"

// columns is the number of values that describe a Level.
const columns = 5

// Levels are the levels of a batch as a value [batch, 5] of the graph, fed by AppendTo.
type Levels struct{ table op.Value }

// LevelsIn returns the levels as an input of g.
func LevelsIn(g *op.Graph, name string, t op.Dtype, batch int) Levels {
	return Levels{g.Input(name, t, op.Of(batch, columns))}
}

// AppendTo appends the row of a level to what a Levels is fed with.
func (l Level) AppendTo(table []float64) []float64 {
	return append(table, l.Number, l.Signal, l.Noise, l.AnswerSignal, l.AnswerNoise)
}

// column returns one column, shaped to multiply fields of the rank of y.
func (l Levels) column(i int, y op.Value) op.Value {
	d := op.Of(y.Dims().At(0))
	for d.Rank() < y.Dims().Rank() {
		d = d.Append(1)
	}
	return op.ReshapeTo(op.SliceAxis(l.table, 1, i, 1), d)
}

// Number is what the network is told, [batch].
func (l Levels) Number() op.Value {
	c := op.SliceAxis(l.table, 1, 0, 1)
	return op.ReshapeTo(c, op.Of(c.Dims().At(0)))
}

// State is what the network sees of the field y and the noise ε.
func (l Levels) State(y, noise op.Value) op.Value {
	return op.Add(op.Mul(l.column(1, y), y), op.Mul(l.column(2, y), noise))
}

// Answer is what the network is asked for.
func (l Levels) Answer(y, noise op.Value) op.Value {
	return op.Add(op.Mul(l.column(3, y), y), op.Mul(l.column(4, y), noise))
}
