package bench

import (
	"math"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// layer is one spectral convolution in two dimensions, y = S(v), and with a given dy the gradients of v and of the weights.
//
// In fno's terms it takes 4T + 3M operations. Forward moves 2A + 4X + W, backward 2A + 5X + 2W bytes.
type layer struct {
	Batch  int `json:"batch"`
	Points int `json:"points"`
	Width  int `json:"width"`
	Modes  int `json:"modes"`
}

// Kind implements Problem.
func (l layer) Kind() string { return "layer" }

// Build implements Problem: the loss Σ y·dy has the gradient dy.
func (l layer) Build() (*Case, error) {
	rnd := source()
	weight := uniform(rnd, "weight", l.Width*l.Width, 2*l.Modes, l.Modes, 2, l.Width, l.Width)
	s := &models.Spectral{Weight: models.Full{Param: weight}, Modes: []int{l.Modes, l.Modes}, Convention: models.Corners}
	d := op.Of(l.Batch, l.Points, l.Points, l.Width)
	g := op.NewGraph()
	v := g.Input("v", op.Float32, d)
	y := s.Apply(v)
	grads := op.Gradients(op.SumAll(op.Mul(y, g.Input("dy", op.Float32, d))), v, weight.In(g, op.Float32))
	return &Case{
		Outputs: append([]op.Value{y}, grads...),
		Inputs:  map[string][]float32{"v": normal(rnd, d.Size()), "dy": normal(rnd, d.Size())},
		Params:  map[string][]float64{"param.weight": weight.Data},
	}, g.Err()
}

// Floor implements Problem.
func (l layer) Floor() Floor {
	b, c, image, modes := float64(l.Batch), float64(l.Width), float64(l.Points*l.Points), float64(2*l.Modes*l.Modes)
	transform := 2.5 * image * math.Log2(image) * b * c
	a, x, w := 4*b*image*c, 8*b*modes*c, 8*modes*c*c
	return Floor{FLOPs: int64(4*transform + 3*8*b*modes*c*c), Bytes: int64(4*a + 9*x + 3*w)}
}
