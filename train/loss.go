package train

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/op"
)

// losses is the table of losses: each maps a prediction and a target [batch, x.., channel] to a scalar.
func losses() map[string]func(p, y op.Value, c Config) op.Value {
	return map[string]func(p, y op.Value, c Config) op.Value{
		"rel_l2":  func(p, y op.Value, _ Config) op.Value { return relativeL2(p, y) },
		"mse":     func(p, y op.Value, _ Config) op.Value { return meanSquare(p, y) },
		"sobolev": func(p, y op.Value, c Config) op.Value { return relativeSobolev(p, y, c.SobolevOrder) },
		"h1":      func(p, y op.Value, c Config) op.Value { return relativeH1(p, y, c.H1Weight, c.Periodic) },
	}
}

func lossNames() string {
	var names []string
	for n := range losses() {
		names = append(names, n)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// relativeL2: mean over samples of ‖p − y‖₂/‖y‖₂, the norms over all points and channels of a sample. Under the root stands 1e-30
// more than the ratio of the squares, so that the gradient of an exact prediction is 0 and not 0/0.
func relativeL2(p, y op.Value) op.Value {
	rest := sampleAxes(y)
	d := op.Sub(p, y)
	ratio := op.Div(op.SumOver(op.Mul(d, d), rest), op.SumOver(op.Mul(y, y), rest))
	return op.MeanAll(op.Sqrt(op.Affine(ratio, 1, 1e-30)))
}

// meanSquare: mean of (p − y)² over everything.
func meanSquare(p, y op.Value) op.Value {
	d := op.Sub(p, y)
	return op.MeanAll(op.Mul(d, d))
}

// relativeH1: rel(p, y) + w·rel(∇p, ∇y) with first differences along every axis of space together, one-sided within the grid or
// across its periodic end. Their common spacing cancels where all axes have the same one.
func relativeH1(p, y op.Value, w float64, periodic bool) op.Value {
	return op.Add(relativeL2(p, y), op.Scale(relativeL2(differences(p, periodic), differences(y, periodic)), w))
}

// differences returns the first differences of x [batch, x.., channel] along each axis of space, as [batch, all].
func differences(x op.Value, periodic bool) op.Value {
	d := x.Dims()
	var parts []op.Value
	for axis := 1; axis < d.Rank()-1; axis++ {
		v := x
		if periodic {
			v = op.Pad(x, op.PadCircular, axis, 0, 1)
		}
		n := v.Dims().At(axis)
		diff := op.Sub(op.SliceAxis(v, axis, 1, n-1), op.SliceAxis(v, axis, 0, n-1))
		parts = append(parts, op.ReshapeTo(diff, op.Of(d.At(0), diff.Dims().Size()/d.At(0))))
	}
	return op.Concat(1, parts...)
}

// sampleAxes is every axis but the first.
func sampleAxes(x op.Value) op.Axes { return op.Axes(1<<x.Dims().Rank() - 2) }

// rolloutLoss is the mean loss of Unroll predicted frames after Pushforward ones that no gradient flows through, for an input
// x [batch, x.., frames·channel] and targets y [batch, time, x.., channel] (or [batch, x.., channel] for pairs).
func rolloutLoss(apply func(x op.Value, step int) op.Value, x, y op.Value, c Config) (op.Value, error) {
	loss, ok := losses()[c.Loss]
	if !ok {
		return op.Value{}, fmt.Errorf("%w: train.loss %q: use one of %s", ErrConfig, c.Loss, lossNames())
	}
	if y.Dims().Rank() == x.Dims().Rank() {
		return loss(apply(x, 0), y, c), nil
	}
	steps := y.Dims().At(1)
	frame := op.Of(append([]int{y.Dims().At(0)}, y.Dims().Slice()[2:]...)...)
	last := x.Dims().Rank() - 1
	var total op.Value
	for k := range steps {
		p := apply(x, k)
		if k < c.Pushforward {
			p = op.Detach(p)
		} else {
			l := loss(p, op.ReshapeTo(op.SliceAxis(y, 1, k, 1), frame), c)
			if total.Valid() {
				l = op.Add(total, l)
			}
			total = l
		}
		if channels := frame.At(-1); x.Dims().At(last) == channels {
			x = p
		} else {
			x = op.Concat(last, op.SliceAxis(x, last, channels, x.Dims().At(last)-channels), p)
		}
	}
	return op.Scale(total, 1/float64(steps-c.Pushforward)), nil
}
