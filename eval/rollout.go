package eval

import (
	"context"
	"fmt"
	"iter"
)

// StepFunc computes the next frame of every trajectory: in is [trajectory, x.., history·channel], the oldest frame first
// within a point; out is [trajectory, x.., channel]. It keeps neither slice. It may return ctx's error when it is cancelled.
type StepFunc func(ctx context.Context, in, out []float32) error

// Frame is one step of a rollout for all trajectories. Step counts from one: u₁ is the first prediction.
type Frame struct {
	Step   int
	Values Field[float32] // [trajectory, 1, x.., channel]
}

// Rollout feeds a model its own predictions: with a history of h frames and initial frames u₋ₕ₊₁ .. u₀,
//
//	uₙ = step(uₙ₋ₕ, .., uₙ₋₁)    n = 1 .. steps
//
// initial is [trajectory, h, x.., channel] and stays unchanged. Memory is h+1 frames, whatever the number of steps.
//
// The values of a frame are overwritten by the next step; copy what must last. After an error, of step or of ctx, which
// comes with the number of the step that failed, the sequence ends. Non-finite values are passed on like any other: see
// [Growth].
func Rollout(ctx context.Context, step StepFunc, initial Field[float32], steps int) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		if err := initial.check("initial state"); err != nil {
			yield(Frame{}, err)
			return
		}
		h := newHistory(initial)
		for n := 1; n <= steps; n++ {
			if ctx.Err() != nil {
				yield(Frame{Step: n}, fmt.Errorf("eval: rollout stopped before step %d of %d: %w", n, steps, context.Cause(ctx)))
				return
			}
			if err := step(ctx, h.frames, h.next.Data); err != nil {
				yield(Frame{Step: n}, fmt.Errorf("eval: rollout step %d of %d: %w", n, steps, err))
				return
			}
			if !yield(Frame{n, h.next}, nil) {
				return
			}
			h.advance()
		}
	}
}

// history is the input of the next step.
type history struct {
	frames   []float32      // [trajectory, x.., history·channel]
	next     Field[float32] // [trajectory, 1, x.., channel]
	width    int            // history·channel
	channels int
}

// newHistory lays the initial frames side by side in every point.
func newHistory(initial Field[float32]) *history {
	past, channels, points := initial.Frames(), initial.Channels(), product(initial.Grid())
	h := &history{frames: make([]float32, len(initial.Data)), width: past * channels, channels: channels}
	h.next.Shape = append([]int{initial.Trajectories(), 1}, initial.Shape[2:]...)
	h.next.Data = make([]float32, product(h.next.Shape))
	for b := range initial.Trajectories() {
		for t := range past {
			frame := initial.Frame(b, t).Data
			for x := range points {
				at := (b*points+x)*h.width + t*channels
				copy(h.frames[at:at+channels], frame[x*channels:])
			}
		}
	}
	return h
}

// advance drops the oldest frame of every point and appends the next one.
func (h *history) advance() {
	for at := 0; at < len(h.frames); at += h.width {
		point := h.frames[at : at+h.width]
		copy(point, point[h.channels:])
		copy(point[h.width-h.channels:], h.next.Data[at/h.width*h.channels:])
	}
}
