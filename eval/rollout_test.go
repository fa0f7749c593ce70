package eval_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// shift is the exact map u(x) → a·u(x−1) on a ring, so n steps are aⁿ u(x−n).
func shift(a float32, points, channels int) eval.StepFunc {
	return func(_ context.Context, in, out []float32) error {
		frame := points * channels
		for at := 0; at < len(in); at += frame {
			for i := range frame {
				out[at+(i+channels)%frame] = a * in[at+i]
			}
		}
		return nil
	}
}

func TestLinearMap(t *testing.T) {
	const trajectories, points, channels, steps = 3, 8, 2, 20
	u := narrow(randomField(1, trajectories, 1, points, channels))
	before := slices.Clone(u.Data)
	seen := 0
	for frame, err := range eval.Rollout(t.Context(), shift(0.5, points, channels), u, steps) {
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if frame.Step != seen {
			t.Fatalf("frame %d calls itself step %d", seen, frame.Step)
		}
		factor := float32(math.Ldexp(1, -seen))
		for b := range trajectories {
			for i := range points * channels {
				want := factor * u.Data[b*points*channels+i]
				got := frame.Values.Frame(b, 0).Data[(i+seen*channels)%(points*channels)]
				if got != want {
					t.Fatalf("step %d, trajectory %d: %g, want %g", seen, b, got, want)
				}
			}
		}
	}
	if seen != steps {
		t.Errorf("%d steps, want %d", seen, steps)
	}
	if !slices.Equal(before, u.Data) {
		t.Error("the initial state was changed")
	}
}

// A recurrence over three frames, uₙ = uₙ₋₁ + uₙ₋₂ − uₙ₋₃, channel by channel, in every point.
func TestHistory(t *testing.T) {
	const points, channels, past = 3, 2, 3
	u := narrow(randomField(2, 2, past, points, channels))
	for i := range u.Data {
		u.Data[i] = float32(math.Round(float64(8 * u.Data[i])))
	}
	step := func(_ context.Context, in, out []float32) error {
		for i := range out {
			point, c := i/channels, i%channels
			old := func(frame int) float32 { return in[point*past*channels+frame*channels+c] }
			out[i] = old(2) + old(1) - old(0)
		}
		return nil
	}
	want := [][]float32{{}, {}, {}} // by frame, [trajectory, x, channel]
	for f := range past {
		for b := range 2 {
			want[f] = append(want[f], u.Frame(b, f).Data...)
		}
	}
	for frame, err := range eval.Rollout(t.Context(), step, u, 10) {
		if err != nil {
			t.Fatal(err)
		}
		next := make([]float32, len(want[0]))
		n := len(want)
		for i := range next {
			next[i] = want[n-1][i] + want[n-2][i] - want[n-3][i]
		}
		if want = append(want, next); !slices.Equal(frame.Values.Data, next) {
			t.Fatalf("step %d: %v, want %v", frame.Step, frame.Values.Data, next)
		}
	}
}

func TestRolloutErrors(t *testing.T) {
	u := narrow(randomField(3, 1, 1, 4, 1))
	broken := errors.New("device lost")
	count := 0
	fail := func(context.Context, []float32, []float32) error {
		if count++; count == 3 {
			return broken
		}
		return nil
	}
	var last error
	frames := 0
	for frame, err := range eval.Rollout(t.Context(), fail, u, 9) {
		frames, last = frame.Step, err
	}
	if frames != 3 || !errors.Is(last, broken) || !strings.Contains(last.Error(), "step 3 of 9") {
		t.Errorf("ended at step %d with %v", frames, last)
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	stop := errors.New("interrupted")
	for frame, err := range eval.Rollout(ctx, shift(1, 4, 1), u, 9) {
		frames, last = frame.Step, err
		if frame.Step == 4 {
			cancel(stop)
		}
	}
	if frames != 5 || !errors.Is(last, stop) {
		t.Errorf("cancelled after step 4: ended at step %d with %v", frames, last)
	}
}

// A step allocates nothing, so memory does not grow with the length of a rollout.
func TestRolloutAllocations(t *testing.T) {
	u := narrow(randomField(4, 2, 3, 8, 2))
	step := func(context.Context, []float32, []float32) error { return nil }
	run := func(steps int) float64 {
		return testing.AllocsPerRun(10, func() {
			for range eval.Rollout(t.Context(), step, u, steps) {
			}
		})
	}
	if short, long := run(1), run(1000); long != short {
		t.Errorf("%g allocations for one step, %g for 1000", short, long)
	}
}

// The exact map has no error; the map with factor 1+ε against the exact one has (1+ε)ⁿ − 1 in every trajectory.
func TestGrowth(t *testing.T) {
	const trajectories, points, steps = 4, 8, 6
	u := narrow(randomField(5, trajectories, 1, points, 1))
	target := eval.Field[float32]{Shape: []int{trajectories, steps, points, 1}}
	target.Data = make([]float32, trajectories*steps*points)
	for frame, err := range eval.Rollout(t.Context(), shift(1, points, 1), u, steps) {
		if err != nil {
			t.Fatal(err)
		}
		for b := range trajectories {
			copy(target.Frame(b, frame.Step-1).Data, frame.Values.Frame(b, 0).Data)
		}
	}
	for _, factor := range []float64{1, 1.25} {
		g, err := eval.Compare(eval.Rollout(t.Context(), shift(float32(factor), points, 1), u, steps), target)
		if err != nil {
			t.Fatal(err)
		}
		for n, got := range g.RelL2.Mean() {
			want := math.Pow(factor, float64(n+1)) - 1
			if !(math.Abs(got-want) <= 1e-6) || !(math.Abs(g.RelL2.Quantile(0.9, math.Inf(1))[n]-want) <= 1e-6) {
				t.Errorf("factor %g, step %d: mean %g, quantile %g, want %g", factor, n+1, got, g.RelL2.Quantile(0.9, math.Inf(1))[n], want)
			}
		}
		for n, r := range g.Correlation.Mean() {
			if !(math.Abs(r-1) <= 1e-6) {
				t.Errorf("factor %g, step %d: correlation %g with a multiple of the truth", factor, n+1, r)
			}
		}
		if len(g.NonFinite) != 0 || len(g.Undefined) != 0 {
			t.Errorf("finite rollout: %v, %v", g.NonFinite, g.Undefined)
		}
	}
	if _, err := eval.Compare(eval.Rollout(t.Context(), shift(1, points, 1), u, steps+1), target); err == nil {
		t.Error("a rollout longer than its target was compared")
	}
}

// A trajectory that leaves the numbers is named once, with the step at which it did; it is the worst of the quantiles.
func TestBlowup(t *testing.T) {
	u := narrow(randomField(6, 3, 1, 4, 1))
	count := 0
	step := func(_ context.Context, in, out []float32) error {
		copy(out, in)
		if count++; count == 2 {
			out[1*4+3] = float32(math.Inf(1))
		}
		return nil
	}
	target := eval.Field[float32]{Shape: []int{3, 4, 4, 1}}
	for b := range 3 {
		for range 4 {
			target.Data = append(target.Data, u.Frame(b, 0).Data...)
		}
	}
	g, err := eval.Compare(eval.Rollout(t.Context(), step, u, 4), target)
	if err != nil {
		t.Fatal(err)
	}
	if want := []eval.Blowup{{Trajectory: 1, Step: 2}}; !slices.Equal(g.NonFinite, want) {
		t.Errorf("blow-ups %v, want %v", g.NonFinite, want)
	}
	for range 2 { // past the end of the truth
		bad := narrow(randomField(6, 3, 1, 4, 1))
		bad.Data[2*4] = float32(math.NaN())
		if err := g.Add(bad, eval.Field[float32]{}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []eval.Blowup{{Trajectory: 1, Step: 2}, {Trajectory: 2, Step: 5}}; !slices.Equal(g.NonFinite, want) || g.Steps() != 6 || g.RelL2.Steps() != 4 {
		t.Errorf("blow-ups %v, want %v; %d steps, %d compared", g.NonFinite, want, g.Steps(), g.RelL2.Steps())
	}
	if err := g.Add(u, u); err == nil {
		t.Error("a target after steps without one was taken")
	}
	if m := g.RelL2.Mean(); m[0] != 0 || !math.IsInf(m[1], 1) {
		t.Errorf("mean %v", m)
	}
	if g.RelL2.Quantile(0.5, math.Inf(1))[3] != 0 || !math.IsInf(g.RelL2.Quantile(1, math.Inf(1))[3], 1) {
		t.Errorf("median %v, maximum %v", g.RelL2.Quantile(0.5, math.Inf(1)), g.RelL2.Quantile(1, math.Inf(1)))
	}
}

// A channel of the truth that is zero or constant is named once, with its first step, though the error over all channels is finite.
func TestGrowthNamesFlatTargets(t *testing.T) {
	target := narrow(randomField(7, 2, 1, 4, 2))
	for x := range 4 {
		target.Data[1*8+2*x+1] = 0
	}
	var g eval.Growth
	for range 3 {
		if err := g.Add(target, target); err != nil {
			t.Fatal(err)
		}
	}
	if len(g.Undefined) != 1 || g.Undefined[0] != (eval.Undefined{Trajectory: 1, Time: 1, Channel: 1, Reason: "the target is zero"}) {
		t.Errorf("%v", g.Undefined)
	}
}

func narrow(f eval.Field[float64]) eval.Field[float32] {
	out := eval.Field[float32]{Data: make([]float32, len(f.Data)), Shape: f.Shape}
	for i := range f.Data {
		out.Data[i] = float32(f.Data[i])
	}
	return out
}
