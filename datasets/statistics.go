package datasets

import (
	"context"
	"fmt"
	"math"
)

// Statistics describes the values of fields, channel by channel: what a normalisation needs.
type Statistics struct {
	// Count is the number of values of one channel that were read.
	Count    int                 `json:"count"`
	Channels []ChannelStatistics `json:"channels"`
}

// ChannelStatistics describes one channel: the mean, the standard deviation √(1/n Σ (v − mean)²) and the range.
type ChannelStatistics struct {
	Name string  `json:"name"`
	Mean float64 `json:"mean"`
	Std  float64 `json:"std"`
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
}

// Measure reads fields once and returns their statistics; names names the channels.
func Measure(ctx context.Context, f Fields, names []string) (Statistics, error) {
	shape := f.Shape()
	return measure(ctx, f, names, shape[0]*shape[1])
}

// measure reads at most limit frames, equally spaced.
//
// Every frame gives mean and M = Σ (v − mean)² of its own values, and two such groups are joined by
//
//	δ = mean_b − mean_a, n = n_a + n_b, mean = mean_a + δ·n_b/n, M = M_a + M_b + δ²·n_a·n_b/n
//
// (Chan, Golub, LeVeque 1979), which does not lose the digits that Σ v² − n·mean² loses.
func measure(ctx context.Context, f Fields, names []string, limit int) (Statistics, error) {
	shape := f.Shape()
	channels := shape[len(shape)-1]
	if len(names) != channels {
		return Statistics{}, fmt.Errorf("datasets: %d names for %d channels", len(names), channels)
	}
	s := Statistics{Channels: make([]ChannelStatistics, channels)}
	m := make([]float64, channels)
	for c := range s.Channels {
		s.Channels[c] = ChannelStatistics{Name: names[c], Min: math.Inf(1), Max: math.Inf(-1)}
	}
	frame := make([]float64, frameSize(shape))
	frames := shape[0] * shape[1]
	limit = min(limit, frames)
	for k := range limit {
		if ctx.Err() != nil {
			return Statistics{}, fmt.Errorf("datasets: %w", context.Cause(ctx))
		}
		i := int(float64(k) * float64(frames) / float64(limit))
		if err := f.ReadFrames64(frame, i/shape[1], i%shape[1], 1); err != nil {
			return Statistics{}, err
		}
		for c := range s.Channels {
			s.Channels[c].join(&m[c], frame[c:], channels, s.Count)
		}
		s.Count += len(frame) / channels
	}
	for c := range s.Channels {
		s.Channels[c].Std = math.Sqrt(m[c] / float64(max(s.Count, 1)))
	}
	return s, nil
}

// join adds every stride-th of values to the mean and to m = Σ (v − mean)² of count earlier ones.
func (s *ChannelStatistics) join(m *float64, values []float64, stride, count int) {
	n, sum := 0, 0.0
	for i := 0; i < len(values); i += stride {
		sum += values[i]
		s.Min, s.Max = min(s.Min, values[i]), max(s.Max, values[i])
		n++
	}
	mean, squares := sum/float64(n), 0.0
	for i := 0; i < len(values); i += stride {
		d := values[i] - mean
		squares += d * d
	}
	delta, total := mean-s.Mean, float64(count+n)
	s.Mean += delta * float64(n) / total
	*m += squares + delta*delta*float64(count)*float64(n)/total
}
