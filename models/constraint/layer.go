package constraint

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// Config is the section model.constraint: what every prediction of a model obeys.
type Config struct {
	Kind    string    `yaml:"kind,omitempty" mapstructure:"kind" json:"kind,omitempty" help:"what predictions obey: none (default), leray or curl (no divergence), positive, bounds, mean or energy (those of the input), sum (of the channels, at every point), gaussian (the network gives a variance), conserve (the same, with the integrals of the input) or equation"`
	Stencil string    `yaml:"stencil,omitempty" mapstructure:"stencil" json:"stencil,omitempty" help:"curl: derivatives: spectral (default), central or staggered"`
	Low     *float64  `yaml:"low,omitempty" mapstructure:"low" json:"low,omitempty" help:"bounds: least value; not given: none"`
	High    *float64  `yaml:"high,omitempty" mapstructure:"high" json:"high,omitempty" help:"bounds: largest value; not given: none"`
	Weights []float64 `yaml:"weights,omitempty" mapstructure:"weights" json:"weights,omitempty" help:"sum: a weight for each channel: the weighted sum of a prediction's channels is Total at every point"`
	Total   float64   `yaml:"total,omitempty" mapstructure:"total" json:"total,omitempty" help:"sum: the weighted sum of the channels"`

	Uncertain UncertainConfig `yaml:"uncertain,omitempty" mapstructure:"uncertain" json:"uncertain,omitzero"`
	Equation  EquationConfig  `yaml:"equation,omitempty" mapstructure:"equation" json:"equation,omitzero"`
}

// Layer makes a network's output obey a constraint.
type Layer interface {
	// Channels is how many channels the network has to give for a prediction of out channels.
	Channels(out int) int
	// Raw says that Apply wants the network's own numbers, not those in units of the data.
	Raw() bool
	// Apply returns the prediction of y [batch, x.., Channels] for the input x [batch, x.., channels], in units of the data.
	Apply(x, y op.Value) op.Value
}

// layers is the table of kinds: a new one is one line here.
func layers() map[string]func(c Config, dims, out int) (Layer, error) {
	return map[string]func(c Config, dims, out int) (Layer, error){
		"leray": func(_ Config, dims, out int) (Layer, error) {
			return pointwise(Leray), divergenceFree(dims, out)
		},
		"curl":     newCurl,
		"positive": func(Config, int, int) (Layer, error) { return pointwise(op.Softplus), nil },
		"bounds":   newBounds,
		"sum":      newSum,
		"mean":     func(Config, int, int) (Layer, error) { return invariant(sameMean), nil },
		"energy":   func(Config, int, int) (Layer, error) { return invariant(sameEnergy), nil },
		"gaussian": newUncertain(false),
		"conserve": newUncertain(true),
		"equation": func(c Config, dims, out int) (Layer, error) {
			if out != 1 {
				return nil, fmt.Errorf("constraint: an equation for one unknown and a prediction of %d channels", out)
			}
			return newEquation(c.Equation, dims)
		},
	}
}

// New returns the layer that c describes, nil for none, for predictions with out channels on dims axes.
func New(c Config, dims, out int) (Layer, error) {
	if c.Kind == "" || c.Kind == "none" {
		return nil, nil
	}
	build, ok := layers()[c.Kind]
	if !ok {
		return nil, fmt.Errorf("constraint: unknown kind %q (known: none, leray, curl, positive, bounds, sum, mean, energy, gaussian, conserve, equation)", c.Kind)
	}
	return build(c, dims, out)
}

// pointwise is a function of the prediction alone.
type pointwise func(y op.Value) op.Value

func (pointwise) Channels(out int) int           { return out }
func (pointwise) Raw() bool                      { return false }
func (f pointwise) Apply(_, y op.Value) op.Value { return f(y) }

// invariant is a function of input and prediction.
type invariant func(x, y op.Value) op.Value

func (invariant) Channels(out int) int           { return out }
func (invariant) Raw() bool                      { return false }
func (f invariant) Apply(x, y op.Value) op.Value { return f(x, y) }

func divergenceFree(dims, out int) error {
	if dims < 2 || out != dims {
		return fmt.Errorf("constraint: a field without divergence has as many channels as axes, two or three: here %d on %d axes", out, dims)
	}
	return nil
}

// curl takes the network's output as a stream function or a vector potential.
type curl struct{ stencil Stencil }

func newCurl(c Config, dims, out int) (Layer, error) {
	s, ok := map[string]Stencil{"": SpectralStencil, "spectral": SpectralStencil, "central": CentralStencil, "staggered": StaggeredStencil}[c.Stencil]
	if !ok {
		return nil, fmt.Errorf("constraint: stencil %q: use spectral, central or staggered", c.Stencil)
	}
	return curl{s}, divergenceFree(dims, out)
}

// Channels implements Layer: 1 in two dimensions, 3 in three.
func (curl) Channels(out int) int {
	if out == 2 {
		return 1
	}
	return out
}

// Raw implements Layer.
func (curl) Raw() bool { return true }

// Apply implements Layer.
func (c curl) Apply(_, y op.Value) op.Value { return c.stencil.Curl(y) }

// newBounds: low + softplus above a bound, high − softplus below one, low + (high − low)·σ between two.
func newBounds(c Config, _, _ int) (Layer, error) {
	low, high := math.Inf(-1), math.Inf(1)
	if c.Low != nil {
		low = *c.Low
	}
	if c.High != nil {
		high = *c.High
	}
	if !(low < high) || math.IsInf(low, -1) && math.IsInf(high, 1) {
		return nil, fmt.Errorf("constraint: bounds %v and %v: give low, high or both, in this order", low, high)
	}
	return pointwise(func(y op.Value) op.Value {
		switch {
		case math.IsInf(high, 1):
			return op.Affine(op.Softplus(op.Affine(y, 1, -low)), 1, low)
		case math.IsInf(low, -1):
			return op.Affine(op.Softplus(op.Affine(y, -1, high)), -1, high)
		}
		slope := 4 / (high - low) // 1 in the middle
		return op.Affine(op.Sigmoid(op.Affine(y, slope, -slope*(low+high)/2)), high-low, low)
	}), nil
}

// newSum projects the channels of every point onto Σ_c weight_c·y_c = total.
func newSum(c Config, _, out int) (Layer, error) {
	norm := 0.0
	for _, w := range c.Weights {
		norm += w * w
	}
	if len(c.Weights) != out || !(norm > 0) {
		return nil, fmt.Errorf("constraint: weights %v for %d channels", c.Weights, out)
	}
	return pointwise(func(y op.Value) op.Value {
		if !y.Valid() {
			return y
		}
		d := y.Dims()
		w := constant(y, "weights", op.Of(out, 1), c.Weights)
		miss := op.Affine(op.MatMul(y, w, false, false), 1/norm, -c.Total/norm)
		return op.Sub(y, op.Mul(op.BroadcastTo(miss, d), op.ReshapeTo(w, op.Of(out))))
	}), nil
}

// space is the axes of space of a field.
func space(y op.Value) op.Axes { return op.Axes(1<<(y.Dims().Rank()-1) - 2) }

// last is the last frame of an input, in as many channels as the prediction has.
func last(x, y op.Value) op.Value {
	c, n := x.Dims().At(-1), y.Dims().At(-1)
	if n > c {
		return x.Fail(fmt.Errorf("constraint: %d channels of a prediction that keeps what %d input channels have", n, c))
	}
	return op.SliceAxis(x, x.Dims().Rank()-1, c-n, n)
}

// sameMean shifts every channel of y to the mean over space that x has.
func sameMean(x, y op.Value) op.Value {
	if !y.Valid() {
		return y
	}
	x = last(x, y)
	if !x.Valid() {
		return x
	}
	return op.Add(y, overSpace(op.Sub(op.MeanOver(x, space(x)), op.MeanOver(y, space(y))), y))
}

// sameEnergy multiplies every channel of y by what gives it the mean square over space that x has.
func sameEnergy(x, y op.Value) op.Value {
	if !y.Valid() {
		return y
	}
	x = last(x, y)
	if !x.Valid() {
		return x
	}
	square := func(v op.Value) op.Value { return op.MeanOver(op.Mul(v, v), space(v)) }
	return op.Mul(y, overSpace(op.Sqrt(op.Div(square(x), op.Affine(square(y), 1, 1e-30))), y))
}

// overSpace gives v [batch, c] axes of length one, so that it broadcasts over y.
func overSpace(v, y op.Value) op.Value {
	if !v.Valid() {
		return v
	}
	d := y.Dims()
	for i := 1; i < d.Rank()-1; i++ {
		d = d.With(i, 1)
	}
	return op.ReshapeTo(v, d)
}
