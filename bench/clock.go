package bench

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A sample is the mean of as many steps as last at least so long together, after one that is not counted: the step before was a
// rival's, left the caches full of its own, and its threads may still look out for work.
const sampleLength = 25 * time.Millisecond

// pause lets the threads of the last one that ran go to sleep.
const pause = 10 * time.Millisecond

// contestant is somebody whose steps are timed.
type contestant interface {
	// Step makes n steps and returns the mean wall time of one.
	Step(ctx context.Context, n int) (time.Duration, error)
}

// Times is what the samples of one contestant say.
type Times struct {
	Median float64 `json:"median_ms"`
	Min    float64 `json:"min_ms"`
	Max    float64 `json:"max_ms"`
	Steps  int     `json:"steps"` // in each sample

	StepsPerSecond float64 `json:"steps_per_s,omitempty"` // of trajectories in time, by the median: of a solver
}

// compete takes repeat samples of each contestant in turns.
func compete(ctx context.Context, repeat int, all []contestant) ([]Times, error) {
	times, samples := make([]Times, len(all)), make([][]float64, len(all))
	for i, c := range all {
		steps, err := perSample(ctx, c)
		if err != nil {
			return nil, err
		}
		times[i].Steps = steps
	}
	for range repeat {
		for i, c := range all {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			time.Sleep(pause)
			if _, err := c.Step(ctx, 1); err != nil {
				return nil, err
			}
			d, err := c.Step(ctx, times[i].Steps)
			if err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], 1e3*d.Seconds())
		}
	}
	for i, s := range samples {
		slices.Sort(s)
		times[i].Min, times[i].Max, times[i].Median = s[0], s[len(s)-1], (s[(len(s)-1)/2]+s[len(s)/2])/2
	}
	return times, nil
}

// perSample warms a contestant up and returns how many of its steps make a sample.
func perSample(ctx context.Context, c contestant) (int, error) {
	for n := 1; ; {
		d, err := c.Step(ctx, n)
		if err != nil {
			return 0, err
		}
		if d <= 0 {
			return 0, fmt.Errorf("bench: a step took %v", d)
		}
		if need := int((sampleLength + d - 1) / d); need > n {
			n = min(need, 4*n)
			continue
		}
		return n, nil
	}
}
