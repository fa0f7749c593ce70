package models

import (
	"cmp"
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// tellScale makes the numbers of levels, 0 to 1 after division by the last, 0 to 1000: see Embedding.
const tellScale = 1000

// Sample is a step of a surrogate whose Process draws noise; of any other it is ApplyGiven. draws [batch, 2] are step counters (see
// op.Normal): a sample is a function of the seed, its row of draws, its row of x and its scalars alone.
func (s *Surrogate) Sample(x, c, draws op.Value, seed uint64) op.Value {
	if s.Process == nil {
		return s.ApplyGiven(x, c)
	}
	return s.sample(x, c, func(i int) op.Value { return op.Normal(draws, s.answer(x), seed, uint64(i)) })
}

func (s *Surrogate) sample(x, c op.Value, noise func(i int) op.Value) op.Value {
	if !x.Valid() {
		return x
	}
	g, d := x.Graph(), s.answer(x)
	call := func(state op.Value, number float64) op.Value {
		return s.Call(x, c, state, op.BroadcastTo(op.ReshapeTo(g.Scalar(x.Dtype(), number), op.Of(1)), op.Of(d.At(0))))
	}
	states := s.Process.Sample(call, noise, op.BroadcastTo(g.Scalar(x.Dtype(), 0), d))
	return s.restore(x, states[len(states)-1])
}

// Call is one call of the network of a surrogate with a Process, in the network's units: net([x̂, state], [ĉ, number]) with the
// levels' numbers [batch] told last, as 0 to 1000.
func (s *Surrogate) Call(x, c, state, number op.Value) op.Value {
	z, c := s.normalise(x, c)
	if !z.Valid() || !state.Valid() {
		return z
	}
	told := op.ReshapeTo(op.Scale(number, tellScale/s.Process.Last()), op.Of(x.Dims().At(0), 1))
	if c.Valid() {
		told = op.Concat(1, c, told)
	}
	return Given(s.Net, op.Concat(x.Dims().Rank()-1, z, state), told)
}

// Unit is the inverse of what a surrogate makes of its network's answer: the answer, in the network's units, that gives y for x.
func (s *Surrogate) Unit(x, y op.Value) op.Value {
	if !x.Valid() || !y.Valid() {
		return y
	}
	if s.Difference {
		last := s.last(x, y.Dims().At(-1))
		if !last.Valid() {
			return last
		}
		y = op.Scale(op.Sub(y, last), 1/cmp.Or(s.Weight, 1))
	}
	if err := s.Out.Check(y.Dims().At(-1)); err != nil {
		return x.Fail(fmt.Errorf("output %w", err))
	}
	return s.Out.normalise(y)
}

// answer is the shape of an answer to x.
func (s *Surrogate) answer(x op.Value) op.Dims { return x.Dims().With(-1, s.Outputs) }

// InputDeviation returns e in the network's units as a change of the input in its own: times the deviation of each channel.
func (s *Surrogate) InputDeviation(e op.Value) op.Value {
	if len(s.In.Std) == 0 || !e.Valid() {
		return e
	}
	return Scaling{Mean: make([]float64, len(s.In.Std)), Std: s.In.Std}.restore(e)
}
