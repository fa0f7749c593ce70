package datasets_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/kolmogo/kolmogo/datasets"
)

// code is the value of a trajectory, frame, point and channel in the sets of these tests: it says where it comes from.
func code(trajectory, frame, point, channel int) float32 {
	return float32(((trajectory*100+frame)*100+point)*10 + channel)
}

func trajectorySet(t testing.TB, n, frames, points, channels int) *datasets.Set {
	t.Helper()
	var values []float32
	for i := range n {
		for f := range frames {
			for x := range points {
				for c := range channels {
					values = append(values, code(i, f, x, c))
				}
			}
		}
	}
	a, err := datasets.NewArray(values, n, frames, points, channels)
	if err != nil {
		t.Fatal(err)
	}
	s, err := datasets.NewSet(datasets.Meta{}, a)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pairSet maps a to 2a on n squares of side points.
func pairSet(t testing.TB, n, points int) *datasets.Set {
	t.Helper()
	a := make([]float32, n*points*points)
	u := make([]float32, len(a))
	for i := range a {
		a[i], u[i] = float32(i), 2*float32(i)
	}
	in, err := datasets.NewArray(a, n, points, points, 1)
	if err != nil {
		t.Fatal(err)
	}
	out, err := datasets.NewArray(u, n, points, points, 1)
	if err != nil {
		t.Fatal(err)
	}
	s, err := datasets.NewPairs(datasets.Meta{}, in, out)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// collect copies all batches of an epoch.
func collect(t testing.TB, l *datasets.Loader, epoch, first int) []datasets.Batch {
	t.Helper()
	var all []datasets.Batch
	for b, err := range l.Batches(t.Context(), epoch, first) {
		if err != nil {
			t.Fatal(err)
		}
		b.Input, b.Target, b.Indices = slices.Clone(b.Input), slices.Clone(b.Target), slices.Clone(b.Indices)
		all = append(all, b)
	}
	return all
}

func sameBatches(a, b []datasets.Batch) bool {
	return slices.EqualFunc(a, b, func(a, b datasets.Batch) bool {
		return slices.Equal(a.Input, b.Input) && slices.Equal(a.Target, b.Target) && slices.Equal(a.Indices, b.Indices) &&
			slices.Equal(a.InputShape, b.InputShape) && slices.Equal(a.TargetShape, b.TargetShape)
	})
}

// TestLoaderWindow compares every value of every sample with the frame that it must come from.
func TestLoaderWindow(t *testing.T) {
	const trajectories, frames, points, channels = 3, 11, 4, 2
	for _, w := range []datasets.Window{{}, {History: 3}, {Unroll: 2}, {History: 2, Unroll: 3, Stride: 2}, {Stride: 10}} {
		t.Run(fmt.Sprintf("%+v", w), func(t *testing.T) {
			l := &datasets.Loader{Set: trajectorySet(t, trajectories, frames, points, channels), Batch: 4, Window: w, Seed: 9}
			history, unroll, stride := max(1, w.History), max(1, w.Unroll), max(1, w.Stride)
			starts := frames - (history+unroll-1)*stride
			seen := map[int]bool{}
			for _, b := range collect(t, l, 0, 0) {
				n := len(b.Indices)
				if !slices.Equal(b.InputShape, []int{n, points, history * channels}) || !slices.Equal(b.TargetShape, []int{n, unroll, points, channels}) {
					t.Fatalf("shapes %v and %v for %d samples", b.InputShape, b.TargetShape, n)
				}
				for row, sample := range b.Indices {
					seen[sample] = true
					i, start := sample/starts, sample%starts
					for x := range points {
						for h := range history {
							for c := range channels {
								got := b.Input[((row*points+x)*history+h)*channels+c]
								if want := code(i, start+h*stride, x, c); got != want {
									t.Fatalf("sample %d: input frame %d point %d channel %d is %v, want %v", sample, h, x, c, got, want)
								}
							}
						}
						for k := range unroll {
							for c := range channels {
								got := b.Target[((row*unroll+k)*points+x)*channels+c]
								if want := code(i, start+(history+k)*stride, x, c); got != want {
									t.Fatalf("sample %d: target frame %d point %d channel %d is %v, want %v", sample, k, x, c, got, want)
								}
							}
						}
					}
				}
			}
			if len(seen) != trajectories*starts {
				t.Errorf("%d samples of %d were delivered", len(seen), trajectories*starts)
			}
		})
	}
}

// TestLoaderEpoch: an epoch holds every sample once, in an order that depends on seed and epoch alone.
func TestLoaderEpoch(t *testing.T) {
	loader := func(seed uint64, prefetch int) *datasets.Loader {
		return &datasets.Loader{Set: pairSet(t, 23, 4), Batch: 5, Seed: seed, Prefetch: prefetch, Augment: []datasets.Augmentation{datasets.GridSymmetries{}}}
	}
	samples, batches, err := loader(1, 0).Len()
	if err != nil || samples != 23 || batches != 5 {
		t.Fatalf("%d samples in %d batches, %v", samples, batches, err)
	}
	order := func(all []datasets.Batch) (indices []int) {
		for _, b := range all {
			indices = append(indices, b.Indices...)
		}
		return indices
	}
	first := collect(t, loader(1, 0), 4, 0)
	if len(first) != batches || len(first[4].Indices) != 3 || len(first[4].Input) != 3*16 {
		t.Errorf("%d batches, the last with %d samples and %d values", len(first), len(first[4].Indices), len(first[4].Input))
	}
	if got := slices.Sorted(slices.Values(order(first))); !slices.Equal(got, ascending(23)) {
		t.Errorf("an epoch delivered %v", got)
	}
	if !sameBatches(first, collect(t, loader(1, 7), 4, 0)) {
		t.Error("the same seed and epoch gave other batches")
	}
	for name, other := range map[string][]int{
		"epoch": order(collect(t, loader(1, 0), 5, 0)), "seed": order(collect(t, loader(2, 0), 4, 0)), "nothing": ascending(23),
	} {
		if slices.Equal(other, order(first)) {
			t.Errorf("another %s gave the same order", name)
		}
	}
	sequential := loader(1, 0)
	sequential.Sequential = true
	if got := order(collect(t, sequential, 4, 0)); !slices.Equal(got, ascending(23)) {
		t.Errorf("sequential order %v", got)
	}
}

// TestLoaderResume: an epoch continued at a batch is the rest of the epoch.
func TestLoaderResume(t *testing.T) {
	l := &datasets.Loader{Set: pairSet(t, 23, 4), Batch: 5, Seed: 3, Augment: []datasets.Augmentation{datasets.GridSymmetries{}, datasets.Shift{}}}
	all := collect(t, l, 2, 0)
	for first := range len(all) + 1 {
		if !sameBatches(all[first:], collect(t, l, 2, first)) {
			t.Errorf("continued at batch %d the epoch differs", first)
		}
	}
}

// TestLoaderAugment: input and target are transformed alike, differently in every epoch and sample.
func TestLoaderAugment(t *testing.T) {
	l := &datasets.Loader{Set: pairSet(t, 16, 4), Batch: 16, Sequential: true, Augment: []datasets.Augmentation{datasets.GridSymmetries{Reflection: datasets.ReflectNodes}, datasets.Shift{}}}
	a, b := collect(t, l, 0, 0)[0], collect(t, l, 1, 0)[0]
	if slices.Equal(a.Input, b.Input) {
		t.Error("two epochs are augmented alike")
	}
	for i, v := range a.Input {
		if a.Target[i] != 2*v {
			t.Fatalf("value %d: the target is %v for the input %v", i, a.Target[i], v)
		}
	}
	different := false
	for sample := range 16 {
		values := a.Input[sample*16 : (sample+1)*16]
		if got := slices.Sorted(slices.Values(values)); got[0] != float32(sample*16) || got[15] != float32(sample*16+15) {
			t.Errorf("sample %d became %v", sample, values)
		}
		different = different || values[0]-a.Input[0] != float32(sample*16)
	}
	if !different {
		t.Error("all samples are augmented alike")
	}
}

// TestLoaderEnds: the goroutine that reads ahead ends when the loop breaks, when ctx is cancelled and when the epoch ends.
// A goroutine that stays makes synctest panic.
func TestLoaderEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &datasets.Loader{Set: pairSet(t, 40, 4), Batch: 2}
		for range l.Batches(t.Context(), 0, 0) {
			break
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		reason := errors.New("enough")
		n, last := 0, error(nil)
		for _, err := range l.Batches(ctx, 0, 0) {
			n, last = n+1, err
			if n == 3 {
				synctest.Wait() // the queue is full
				cancel(reason)
			}
		}
		if n != 4 || !errors.Is(last, reason) {
			t.Errorf("%d elements, the last with error %v", n, last)
		}
		collect(t, l, 0, 0)
	})
}

func TestLoaderErrors(t *testing.T) {
	trajectories, pairs := trajectorySet(t, 2, 5, 4, 1), pairSet(t, 2, 4)
	for name, l := range map[string]*datasets.Loader{
		"window too long":  {Set: trajectories, Window: datasets.Window{History: 3, Stride: 2}},
		"window of pairs":  {Set: pairs, Window: datasets.Window{History: 2}},
		"boost of scalars": {Set: trajectories, Augment: []datasets.Augmentation{datasets.Boost{Most: 1}}},
		"negative batch":   {Set: pairs, Batch: -1},
	} {
		n := 0
		for _, err := range l.Batches(t.Context(), 0, 0) {
			if n++; err == nil {
				t.Errorf("%s: a batch", name)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d elements", name, n)
		}
	}
	for _, err := range (&datasets.Loader{Set: pairs}).Batches(t.Context(), 0, 3) {
		if err == nil {
			t.Error("a batch behind the last one")
		}
	}
}

// BenchmarkLoader makes batches of 32 Darcy-like pairs with augmentation.
func BenchmarkLoader(b *testing.B) {
	l := &datasets.Loader{Set: pairSet(b, 256, 64), Batch: 32, Augment: []datasets.Augmentation{datasets.GridSymmetries{}}}
	b.SetBytes(256 * 64 * 64 * 4 * 2)
	for epoch := 0; b.Loop(); epoch++ {
		for _, err := range l.Batches(b.Context(), epoch, 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
