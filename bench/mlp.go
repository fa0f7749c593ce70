package bench

import (
	"math"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// mlp is the training step of 2 → width (tanh), Layers times → 1 on points of a plane, with the mean square and AdamW.
//
// The products of one point take q = 2·(2w + (L−1)w² + w) forward, as much again for the weights' gradients and q − 4w for those of
// the activations. Input, target and what AdamW reads and writes of the parameters (28 bytes each) must be moved; the activations of
// a few points fit the cache.
type mlp struct {
	Points int `json:"points"`
	Layers int `json:"layers"`
	Width  int `json:"width"`
}

// Kind implements Problem.
func (m mlp) Kind() string { return "mlp" }

func (m mlp) training() bool { return true }

// Build implements Problem: the target is sin 3x · cos 2y on the square [−1, 1]².
func (m mlp) Build() (*Case, error) {
	rnd := source()
	net, err := models.New(models.Config{Kind: "mlp", Width: m.Width, Layers: m.Layers, Activation: "tanh"}, models.Ports{In: 2, Out: 1, Axes: 1}, rnd)
	if err != nil {
		return nil, err
	}
	x, y := make([]float32, 2*m.Points), make([]float32, m.Points)
	for i := range y {
		a, b := 2*rnd.Float64()-1, 2*rnd.Float64()-1
		x[2*i], x[2*i+1], y[i] = float32(a), float32(b), float32(math.Sin(3*a)*math.Cos(2*b))
	}
	g := op.NewGraph()
	out := net.Apply(g.Input("x", op.Float32, op.Of(1, m.Points, 2)))
	loss := meanSquare(out, g.Input("y", op.Float32, op.Of(1, m.Points, 1)))
	return trainingCase(loss, collect(net), map[string][]float32{"x": x, "y": y})
}

// Floor implements Problem.
func (m mlp) Floor() Floor {
	n, w, l := int64(m.Points), int64(m.Width), int64(m.Layers)
	q := 2 * (2*w + (l-1)*w*w + w)
	params := 3*w + (l-1)*(w*w+w) + w + 1
	return Floor{FLOPs: n*(3*q-4*w) + adamFLOPs*params, Bytes: 12*n + 28*params}
}
