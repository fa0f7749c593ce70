package bench

import (
	"math"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// fno is the Fourier neural operator of 2021 with four blocks and a projection through 128 channels, on a field and its coordinates:
// the forward pass, or the training step with relative L2 loss and AdamW.
//
// Let P be the points of the batch, c the width, d the axes, h = 128, K the number of modes (m, or 2m·m), T = 2.5 n^d log₂ n^d · B·c
// the arithmetic of one real transform by FFT, M = 8·B·K·c² that of the mode mixing, D = 2·P·c² that of the skip. Forward takes
//
//	4 (2T + M + D) + 2P (d+1)c + 2P (c + 1)h,
//
// backward 4 (2T + 2M + 2D) + 2P (d+1)c + 4P (c + 1)h and AdamW 14 for each parameter. With the bytes A of an activation, X of a
// spectrum and W of a layer's spectral weights, forward moves 4 (3A + 4X + W) + A and the step 4 (7A + 9X + 7W) + 4A: only
// pre-activations are stored, transforms are fused with what follows them, and AdamW with the weights' gradient.
type fno struct {
	Axes   int  `json:"axes"`
	Batch  int  `json:"batch"`
	Points int  `json:"points"`
	Width  int  `json:"width"`
	Modes  int  `json:"modes"`
	Train  bool `json:"train"`
}

const (
	fnoBlocks = 4
	fnoHidden = 128
)

// Kind implements Problem.
func (f fno) Kind() string { return "fno" }

func (f fno) training() bool { return f.Train }

// Build implements Problem.
func (f fno) Build() (*Case, error) {
	rnd := source()
	cfg := models.Config{Kind: "fno", Width: f.Width, Modes: models.Modes{f.Modes}, Layers: fnoBlocks, Hidden: fnoHidden, Coordinates: "none"}
	m, err := models.New(cfg, models.Ports{In: f.Axes + 1, Out: 1, Axes: f.Axes}, rnd)
	if err != nil {
		return nil, err
	}
	grid := op.Of(f.Batch)
	for range f.Axes {
		grid = grid.Append(f.Points)
	}
	noise := normal(rnd, grid.Size())
	x, y := f.fields(noise)
	g := op.NewGraph()
	out := m.Apply(g.Input("x", op.Float32, grid.Append(f.Axes+1)))
	if !f.Train {
		c := &Case{Outputs: []op.Value{out}, Inputs: map[string][]float32{"x": x}, Params: map[string][]float64{}}
		for name, p := range m.Params() {
			c.Params["param."+name] = p.Data
		}
		return c, g.Err()
	}
	loss := relativeL2(out, g.Input("y", op.Float32, grid.Append(1)))
	return trainingCase(loss, collect(m), map[string][]float32{"x": x, "y": y})
}

// fields appends to each value its coordinates j/n, and makes a target that can be learned: a wave with a tenth of the field on it.
func (f fno) fields(noise []float32) (x, y []float32) {
	for i, v := range noise {
		x = append(x, v)
		wave, rest := 1.0, i
		position := make([]float32, f.Axes)
		for a := f.Axes - 1; a >= 0; a-- {
			t := float64(rest%f.Points) / float64(f.Points)
			rest /= f.Points
			position[a] = float32(t)
			wave *= math.Sin(2 * math.Pi * (t + .1))
		}
		x = append(x, position...)
		y = append(y, float32(wave)+.1*v)
	}
	return x, y
}

// Floor implements Problem.
func (f fno) Floor() Floor {
	image := math.Pow(float64(f.Points), float64(f.Axes))
	modes := float64(f.Modes)
	if f.Axes == 2 {
		modes *= 2 * modes
	}
	b, c, in := float64(f.Batch), float64(f.Width), float64(f.Axes+1)
	points := b * image
	transform := 2.5 * image * math.Log2(image) * b * c
	mixing := 8 * b * modes * c * c
	skip := 2 * points * c * c
	lift, head := 2*points*in*c, 2*points*(c+1)*fnoHidden
	a, x, w := 4*points*c, 8*b*modes*c, 8*modes*c*c
	if !f.Train {
		return Floor{
			FLOPs: int64(fnoBlocks*(2*transform+mixing+skip) + lift + head),
			Bytes: int64(fnoBlocks*(3*a+4*x+w) + a),
		}
	}
	params := fnoBlocks*(2*modes*c*c+c*c+c) + (in+1)*c + (c+1)*fnoHidden + fnoHidden + 1
	return Floor{
		FLOPs: int64(fnoBlocks*(4*transform+3*mixing+3*skip) + 2*lift + 3*head + adamFLOPs*params),
		Bytes: int64(fnoBlocks*(7*a+9*x+7*w) + 4*a),
	}
}
