package train

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

// compiled is the program of some outputs on the CPU.
func compiled(t *testing.T, outputs ...op.Value) *engine.Program {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	p, err := engine.Compile(outputs[0].Graph(), outputs, nil, engine.NewStore(b))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// outputOf runs a program and returns its first output.
func outputOf(t *testing.T, p *engine.Program, n int) []float64 {
	t.Helper()
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	out := make([]float64, n)
	if err := engine.Output(p, 0, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// refiningPredictor draws noise.
func refiningPredictor(t *testing.T) *Predictor {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return initialised(t, models.Description{
		Model:    models.Config{Kind: "fno", Width: 4, Modes: models.Modes{3}, Layers: 2},
		Channels: 1, Outputs: 1, Axes: 1, Frames: 2, Difference: true, Refiner: refiner.Config{Kind: "refine", Steps: 2, Noise: 0.1},
	}, b)
}

// TestRolloutIsRepeatedPrediction: the frames on the device are those of predictions fed back by hand, bit for bit, with a history and
// with noise, however the trajectories are divided into programs.
func TestRolloutIsRepeatedPrediction(t *testing.T) {
	for name, p := range map[string]*Predictor{"plain": randomPredictor(t, 1), "refiner": refiningPredictor(t)} {
		const n, points, steps = 5, 8, 7
		shape := []int{n, points, 2}
		initial := noise(n*points*2, 1)
		var want [][]float32
		in := slices.Clone(initial)
		for step := range steps {
			out := make([]float32, n*points)
			if err := p.PredictFor(out, in, shape, Told{Step: step}); err != nil {
				t.Fatal(err)
			}
			for i, v := range out {
				in[2*i], in[2*i+1] = in[2*i+1], v
			}
			want = append(want, out)
		}
		for _, batch := range []int{0, 2} {
			count := 0
			for f, err := range p.Rollout(t.Context(), RolloutPlan{Initial: initial, Shape: shape, Batch: batch, Steps: steps, Every: 3}) {
				if err != nil {
					t.Fatal(err)
				}
				if count++; f.Step != min(3*count, steps) {
					t.Errorf("%s: frame %d is of step %d", name, count, f.Step)
				}
				if !slices.Equal(f.Values, want[f.Step-1]) {
					t.Errorf("%s in batches of %d: step %d differs", name, batch, f.Step)
				}
			}
			if count != 3 {
				t.Errorf("%s: %d frames, want 3", name, count)
			}
		}
	}
}

// TestSamplesDependOnSeedAndNumber alone: other seeds, steps and numbers give other samples of the same input.
func TestSamplesDependOnSeedAndNumber(t *testing.T) {
	p, other := refiningPredictor(t), refiningPredictor(t)
	other.Seed = 1
	shape := []int{2, 8, 2}
	x := noise(16, 1)
	x = append(x, x...)
	sample := func(p *Predictor, told Told) []float32 {
		out := make([]float32, 16)
		if err := p.PredictFor(out, x, shape, told); err != nil {
			t.Fatal(err)
		}
		return out
	}
	a := sample(p, Told{Samples: []int{3, 1 << 19}, Step: 2})
	b := sample(p, Told{Samples: []int{1 << 19, 3}, Step: 2})
	if !slices.Equal(a[:8], b[8:]) || !slices.Equal(a[8:], b[:8]) {
		t.Error("a sample depends on its place in the batch")
	}
	for name, v := range map[string][]float32{"other sample": a[8:], "other step": sample(p, Told{Samples: []int{3, 4}, Step: 3})[:8], "other seed": sample(other, Told{Samples: []int{3, 4}, Step: 2})[:8]} {
		if slices.Equal(a[:8], v) {
			t.Errorf("%s: the same values", name)
		}
	}
}

// TestCountersCarry: the counter of a step is that of the step before, one further, across 2²⁰.
func TestCountersCarry(t *testing.T) {
	steps := []uint64{0, 1<<20 - 1, 1 << 20, 5<<24 + 1<<20 - 1, 1<<44 - 1<<20 - 1}
	var from, want []float64
	for _, s := range steps {
		a, b := op.StepCounter(s), op.StepCounter(s+1)
		from, want = append(from, a[:]...), append(want, b[:]...)
	}
	for _, dtype := range []op.Dtype{op.Float32, op.Float64} {
		g := op.NewGraph()
		p := compiled(t, nextCounter(g.Input("c", dtype, op.Of(len(steps), 2))))
		if err := engine.Feed(p, "c", from); err != nil {
			t.Fatal(err)
		}
		if got := outputOf(t, p, len(from)); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", dtype, got, want)
		}
	}
}

// TestRolloutAllocatesNothingPerStep, however many there are.
func TestRolloutAllocatesNothingPerStep(t *testing.T) {
	p := refiningPredictor(t)
	r, err := p.NewRollout(noise(3*8*2, 1), []int{3, 8, 2}, 0)
	if err != nil {
		t.Fatal(err)
	}
	frame := make([]float32, 3*8)
	step := func() {
		if err := errors.Join(r.Next(nil), r.Frame(frame)); err != nil {
			t.Fatal(err)
		}
	}
	step()
	if n := testing.AllocsPerRun(20, step); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

// TestRolloutEndsWithItsContext, naming the step.
func TestRolloutEndsWithItsContext(t *testing.T) {
	p := randomPredictor(t, 1)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	stop := errors.New("enough")
	last := 0
	for f, err := range p.Rollout(ctx, RolloutPlan{Initial: noise(16, 1), Shape: []int{1, 8, 2}, Steps: 100}) {
		if last = f.Step; f.Step == 3 && err == nil {
			cancel(stop)
			continue
		}
		if err != nil && !errors.Is(err, stop) {
			t.Errorf("error %v", err)
		}
	}
	if last != 4 {
		t.Errorf("the last step is %d", last)
	}
}
