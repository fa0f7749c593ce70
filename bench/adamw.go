package bench

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// adamw is one AdamW update of given gradients: 14 operations and 28 bytes for each parameter, which reads p, d, m, v and writes p, m, v.
type adamw struct {
	Arrays int `json:"arrays"`
	Length int `json:"length"`
}

// Kind implements Problem.
func (a adamw) Kind() string { return "adamw" }

// Build implements Problem.
func (a adamw) Build() (*Case, error) {
	rnd := source()
	g := op.NewGraph()
	c := &Case{Inputs: map[string][]float32{}}
	for i := range a.Arrays {
		p, d := fmt.Sprintf("p%d", i), fmt.Sprintf("d%d", i)
		c.Inputs[d] = normal(rnd, a.Length)
		if err := c.update(p, g.Variable(p, op.Float32, op.Of(a.Length)), g.Input(d, op.Float32, op.Of(a.Length))); err != nil {
			return nil, err
		}
	}
	return c, g.Err()
}

// Floor implements Problem.
func (a adamw) Floor() Floor {
	n := int64(a.Arrays) * int64(a.Length)
	return Floor{FLOPs: adamFLOPs * n, Bytes: 28 * n}
}
