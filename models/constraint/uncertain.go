package constraint

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// UncertainConfig is the part of Config that uncertain predictions need.
type UncertainConfig struct {
	Noise float64 `yaml:"noise,omitempty" mapstructure:"noise" json:"noise,omitempty" help:"conserve: variance of the integrals' noise; 0: they hold exactly"`
	Even  bool    `yaml:"even,omitempty" mapstructure:"even" json:"even,omitempty" help:"conserve: correct all points alike, whatever their variance"`
	Rule  string  `yaml:"rule,omitempty" mapstructure:"rule" json:"rule,omitempty" help:"conserve: weights of the integral along each axis: periodic (default), trapezoid or right"`
}

// Uncertain is a constraint on a prediction with a variance: the network gives mean and deviation of each channel.
//
// Kind gaussian leaves them. Kind conserve gives every channel the integral over space that the last input frame has: the mean and
// the variances given w·u = w·x + noise (Gaussian.Condition), so that points are corrected as much as they are uncertain.
// Source: Hansen et al. 2023 (arXiv 2302.11002).
type Uncertain struct {
	UncertainConfig
	conserve bool
}

func newUncertain(conserve bool) func(c Config, dims, out int) (Layer, error) {
	return func(c Config, _, _ int) (Layer, error) {
		if _, ok := rules()[c.Uncertain.Rule]; !ok || !(c.Uncertain.Noise >= 0) {
			return nil, fmt.Errorf("constraint: rule %q, noise %v: the rule is periodic, trapezoid or right, the noise not negative", c.Uncertain.Rule, c.Uncertain.Noise)
		}
		if c.Uncertain.Even && c.Uncertain.Noise > 0 {
			return nil, fmt.Errorf("constraint: noise %v with even: an even correction meets the integrals exactly", c.Uncertain.Noise)
		}
		return &Uncertain{c.Uncertain, conserve}, nil
	}
}

// rules are weights of n points of an axis of unit length.
func rules() map[string]func(n int) []float64 {
	nodes := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(i) / float64(max(n-1, 1))
		}
		return x
	}
	periodic := func(n int) []float64 {
		w := make([]float64, n)
		for i := range w {
			w[i] = 1 / float64(n)
		}
		return w
	}
	return map[string]func(n int) []float64{
		"": periodic, "periodic": periodic,
		"trapezoid": func(n int) []float64 { return Trapezoid(nodes(n)) },
		"right":     func(n int) []float64 { return RightRule(nodes(n)) },
	}
}

// Channels implements Layer.
func (u *Uncertain) Channels(out int) int { return 2 * out }

// Raw implements Layer.
func (u *Uncertain) Raw() bool { return true }

// Apply implements Layer: the mean of Moments, of a network in units of the data.
func (u *Uncertain) Apply(x, y op.Value) op.Value {
	if !y.Valid() {
		return y
	}
	mean, deviation := Split(y)
	mean, _ = u.Moments(x, mean, op.Mul(deviation, deviation))
	return mean
}

// Split returns mean and deviation of a network's output [batch, x.., 2·out]: the first half of its channels, and σ = ln(1 + e^z) + 10⁻³ of
// the second.
func Split(y op.Value) (mean, deviation op.Value) {
	d := y.Dims()
	half := d.At(-1) / 2
	mean = op.SliceAxis(y, d.Rank()-1, 0, half)
	return mean, op.Affine(op.Softplus(op.SliceAxis(y, d.Rank()-1, half, half)), 1, 1e-3)
}

// Moments returns mean and variance [batch, x.., out] given what is known of them; x is the input, in units of the data as they are.
func (u *Uncertain) Moments(x, mean, variance op.Value) (m, v op.Value) {
	if !u.conserve || !mean.Valid() || !variance.Valid() {
		return mean, variance
	}
	before := last(x, mean)
	if !before.Valid() {
		return before, before
	}
	d, t := mean.Dims(), mean.Dtype()
	n, s := d.Span(1, d.Rank()-1), d.At(0)*d.At(-1)
	flat := func(v op.Value) op.Value { // [batch·channels, points]
		v = op.Cast(op.ReshapeTo(v, op.Of(d.At(0), n, d.At(-1))), op.Float64)
		return op.ReshapeTo(op.Transpose(v, 0, 2, 1), op.Of(s, n))
	}
	back := func(v op.Value) op.Value {
		v = op.Transpose(op.ReshapeTo(v, op.Of(d.At(0), d.At(-1), n)), 0, 2, 1)
		return op.Cast(op.ReshapeTo(v, d), t)
	}
	prior := Gaussian{flat(mean), flat(variance)}
	rows := op.BroadcastTo(constant(prior.Mean, "integral", op.Of(1, 1, n), u.weights(d)), op.Of(s, 1, n))
	mass := op.ReshapeTo(op.SumOver(op.Mul(op.ReshapeTo(rows, op.Of(s, n)), flat(before)), op.AxisSet(1)), op.Of(s, 1))
	after := Gaussian{}
	if u.Even {
		after = prior.ConditionMean(rows, mass)
	} else {
		after = prior.Condition(rows, mass, op.Affine(op.Scale(mass, 0), 1, u.Noise))
	}
	return back(after.Mean), back(after.Cov)
}

// weights of all points of a field.
func (u *Uncertain) weights(d op.Dims) []float64 {
	w := []float64{1}
	for axis := 1; axis < d.Rank()-1; axis++ {
		var next []float64
		for _, a := range w {
			for _, b := range rules()[u.Rule](d.At(axis)) {
				next = append(next, a*b)
			}
		}
		w = next
	}
	return w
}
