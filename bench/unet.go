package bench

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// unet is the training step of a U-Net in one dimension with the mean square and AdamW. With the channels c₀ … c_l of the levels, each
// of half the points of the one above:
//
//	v₀ = block(conv(x)),  vᵢ₊₁ = block(down(vᵢ)),  uₗ = vₗ,  uᵢ = block(up(uᵢ₊₁), vᵢ),  y = W·u₀,
//
// where block is twice conv, group norm of 8 groups, GELU; conv has 3 points and zeros outside, down is one of stride 2, up the
// transposed convolution of 2 points and stride 2. All have biases.
//
// A convolution of k points to n positions takes 2·B·n·k·in·out operations, three times as many with its two gradients, the first one
// twice; AdamW 14 for each parameter. Each convolution reads its input and writes its output, and once more with gradients for each of
// the two, at least; a parameter is 28 bytes of AdamW.
type unet struct {
	Batch    int   `json:"batch"`
	Points   int   `json:"points"`
	Channels []int `json:"channels"`
}

const (
	unetGroups  = 8
	unetEpsilon = 1e-5
)

// Kind implements Problem.
func (u unet) Kind() string { return "unet" }

func (u unet) training() bool { return true }

// apply is the network.
func (u unet) apply(s *unetBuilder, x op.Value) op.Value {
	block := func(x op.Value, c int) op.Value { return s.conv(s.conv(x, 3, 1, c, true), 3, 1, c, true) }
	v := block(s.conv(x, 3, 1, u.Channels[0], false), u.Channels[0])
	skips := []op.Value{v}
	for _, c := range u.Channels[1:] {
		v = block(s.conv(v, 3, 2, c, false), c)
		skips = append(skips, v)
	}
	for i := len(u.Channels) - 2; i >= 0; i-- {
		v = block(op.Concat(2, s.up(v, u.Channels[i]), skips[i]), u.Channels[i])
	}
	return s.conv(v, 1, 1, 1, false)
}

// Build implements Problem.
func (u unet) Build() (*Case, error) {
	n := u.Batch * u.Points
	rnd := source()
	b := &unetBuilder{draw: func(name string, fanIn int, lens ...int) *models.Param { return uniform(rnd, name, fanIn, lens...) }}
	g := op.NewGraph()
	out := u.apply(b, g.Input("x", op.Float32, op.Of(u.Batch, u.Points, 1)))
	x, y := normal(rnd, n), make([]float32, n)
	for i := range y {
		y[i] = float32(math.Sin(2*math.Pi*float64(i)/float64(u.Points))) + .1*x[i]
	}
	loss := meanSquare(out, g.Input("y", op.Float32, op.Of(u.Batch, u.Points, 1)))
	return trainingCase(loss, b.params, map[string][]float32{"x": x, "y": y})
}

// Floor implements Problem.
func (u unet) Floor() Floor {
	b := &unetBuilder{draw: func(name string, _ int, lens ...int) *models.Param {
		return &models.Param{Name: name, Dims: op.Of(lens...)}
	}}
	u.apply(b, op.NewGraph().Input("x", op.Float32, op.Of(u.Batch, u.Points, 1)))
	f := Floor{FLOPs: 3*b.flops - b.first, Bytes: 3 * b.bytes}
	for _, p := range b.params {
		f.FLOPs += adamFLOPs * int64(p.Dims.Size())
		f.Bytes += 28 * int64(p.Dims.Size())
	}
	return f
}

// unetBuilder makes parameters as it goes and counts.
type unetBuilder struct {
	draw                func(name string, fanIn int, lens ...int) *models.Param
	params              []*models.Param
	flops, first, bytes int64
}

func (b *unetBuilder) param(x op.Value, kind string, fanIn int, lens ...int) op.Value {
	p := b.draw(fmt.Sprintf("%d.%s", len(b.params), kind), fanIn, lens...)
	b.params = append(b.params, p)
	return p.In(x.Graph(), x.Dtype())
}

func (b *unetBuilder) count(x, y op.Value, positions, taps int) {
	in, out := int64(x.Dims().At(-1)), int64(y.Dims().At(-1))
	n := 2 * int64(positions) * int64(taps) * in * out
	if b.flops == 0 {
		b.first = n
	}
	b.flops += n
	b.bytes += 4 * int64(x.Dims().Size()+y.Dims().Size())
}

func (b *unetBuilder) conv(x op.Value, taps, stride, out int, norm bool) op.Value {
	in := x.Dims().At(-1)
	w := b.param(x, "weight", taps*in, taps, in, out)
	y := op.Conv(op.Pad(x, op.PadZero, 1, taps/2, taps/2), w, []int{stride}, nil)
	b.count(x, y, y.Dims().Size()/out, taps)
	y = op.Add(y, b.param(x, "bias", taps*in, out))
	if !norm {
		return y
	}
	return op.GELU(op.GroupNorm(y, unetGroups, b.param(x, "scale", 1, out), b.param(x, "shift", 1, out), unetEpsilon))
}

func (b *unetBuilder) up(x op.Value, out int) op.Value {
	d := x.Dims()
	in, n := d.At(-1), d.At(1)
	y := op.ConvTranspose(x, b.param(x, "weight", in, 2, out, in), []int{2}, nil, []int{2 * n})
	b.count(x, y, d.At(0)*n, 2)
	return op.Add(y, b.param(x, "bias", in, out))
}
