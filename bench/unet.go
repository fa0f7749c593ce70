package bench

import (
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// unet is the training step of a U-Net on one axis or two with the mean square and AdamW, or a step of its rollout, x ← y, on the
// device. With the channels c₀ … c_l of the levels, each of half the points of the one above on every axis:
//
//	v₀ = block(conv(x)),  vᵢ₊₁ = block(down(vᵢ)),  uₗ = vₗ,  uᵢ = block(up(uᵢ₊₁), vᵢ),  y = W·u₀,
//
// where block is twice conv, group norm of 8 groups, GELU; conv has 3 points an axis and zeros outside, down is one of stride 2, up
// the transposed convolution of 2 points an axis and stride 2. All have biases.
//
// A convolution of k points to n positions takes 2·B·n·k·in·out operations, three times as many with its two gradients, the first one
// twice; AdamW 14 for each parameter. Each convolution reads its input and writes its output, and once more with gradients for each of
// the two, at least; a parameter is 28 bytes of AdamW.
type unet struct {
	Axes     int   `json:"axes"`
	Batch    int   `json:"batch"`
	Points   int   `json:"points"`
	Channels []int `json:"channels"`
	Rollout  bool  `json:"rollout,omitempty"`
}

// Kind implements Problem.
func (u unet) Kind() string { return "unet" }

func (u unet) training() bool { return !u.Rollout }

// dims is the shape of x and y.
func (u unet) dims() op.Dims {
	d := op.Of(u.Batch)
	for range u.Axes {
		d = d.Append(u.Points)
	}
	return d.Append(1)
}

// apply is the network's parameters and its output for x; without values for a nil generator.
func (u unet) apply(rnd *rand.Rand) (params []*models.Param, x, y op.Value, err error) {
	multipliers := []int{1}
	for i, c := range u.Channels[1:] {
		multipliers = append(multipliers, c/u.Channels[i])
	}
	cfg := models.Config{Kind: "unet_plain", Width: u.Channels[0], Layers: 2, Multipliers: multipliers, Groups: 8, Boundary: "zero"}
	m, err := models.New(cfg, models.Ports{In: 1, Out: 1, Axes: u.Axes}, rnd)
	if err != nil {
		return nil, x, y, err
	}
	if d := u.dims(); u.Rollout {
		x = op.NewGraph().Variable("x", op.Float32, d)
	} else {
		x = op.NewGraph().Input("x", op.Float32, d)
	}
	return collect(m), x, m.Apply(x), x.Graph().Err()
}

// Build implements Problem.
func (u unet) Build() (*Case, error) {
	rnd := source()
	params, in, out, err := u.apply(rnd)
	if err != nil {
		return nil, err
	}
	if u.Rollout {
		c := &Case{Outputs: []op.Value{out}, Updates: []engine.Update{{Variable: in, Value: out}}, Params: map[string][]float64{"x": make([]float64, u.dims().Size())}}
		for i, v := range normal(rnd, u.dims().Size()) {
			c.Params["x"][i] = float64(v)
		}
		for _, p := range params {
			c.Params["param."+p.Name] = p.Data
		}
		return c, nil
	}
	x, y := normal(rnd, u.dims().Size()), make([]float32, u.dims().Size())
	for i := range y {
		y[i] = float32(math.Sin(2*math.Pi*float64(i)/float64(u.Points))) + .1*x[i]
	}
	loss := meanSquare(out, in.Graph().Input("y", op.Float32, out.Dims()))
	return trainingCase(loss, params, map[string][]float32{"x": x, "y": y})
}

// Floor implements Problem: it counts the convolutions of the graph, whose inputs are those in front of the padding.
func (u unet) Floor() Floor {
	params, _, out, err := u.apply(nil)
	if err != nil {
		panic(err) // the entries' sizes are ours
	}
	order, err := op.Topological(out)
	if err != nil {
		panic(err)
	}
	var flops, first, bytes int64
	for _, v := range order {
		o, in, _ := v.Def()
		product, ok := o.(interface {
			FLOPs(out op.Dims, in ...op.Dims) int64
		})
		if !ok {
			continue
		}
		n := product.FLOPs(v.Dims(), in[0].Dims(), in[1].Dims())
		if flops == 0 {
			first = n
		}
		source := in[0]
		if p, from, _ := source.Def(); p != nil {
			if _, padded := p.(op.PadOp); padded {
				source = from[0]
			}
		}
		flops += n
		bytes += 4 * int64(source.Dims().Size()+v.Dims().Size())
	}
	if u.Rollout {
		for _, p := range params {
			bytes += 4 * int64(p.Dims.Size())
		}
		return Floor{FLOPs: flops, Bytes: bytes}
	}
	f := Floor{FLOPs: 3*flops - first, Bytes: 3 * bytes}
	for _, p := range params {
		f.FLOPs += adamFLOPs * int64(p.Dims.Size())
		f.Bytes += 28 * int64(p.Dims.Size())
	}
	return f
}
