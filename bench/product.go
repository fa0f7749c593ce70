package bench

import "github.com/kolmogo/kolmogo/op"

// product is C = A·B with A [rows, size] and B [size, size]: 2·rows·size² operations, every matrix moved once.
type product struct {
	Rows int `json:"rows"`
	Size int `json:"size"`
}

// Kind implements Problem.
func (p product) Kind() string { return "product" }

// Build implements Problem.
func (p product) Build() (*Case, error) {
	rnd := source()
	g := op.NewGraph()
	c := op.MatMul(g.Input("a", op.Float32, op.Of(p.Rows, p.Size)), g.Input("b", op.Float32, op.Of(p.Size, p.Size)), false, false)
	return &Case{Outputs: []op.Value{c}, Inputs: map[string][]float32{
		"a": normal(rnd, p.Rows*p.Size), "b": normal(rnd, p.Size*p.Size),
	}}, g.Err()
}

// Floor implements Problem.
func (p product) Floor() Floor {
	m, n := int64(p.Rows), int64(p.Size)
	return Floor{FLOPs: 2 * m * n * n, Bytes: 4 * (2*m*n + n*n)}
}
