package datasets_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// TestStatistics compares with the two-pass formulas on data whose mean is 10⁸ times its deviation.
func TestStatistics(t *testing.T) {
	const n, frames, points, channels = 5, 3, 8, 2
	values := make([]float64, n*frames*points*channels)
	for i := range values {
		values[i] = math.Sin(float64(i*i)) * float64(1+i%channels)
		if i%channels == 1 {
			values[i] += 1e8
		}
	}
	a, err := datasets.NewArray(values, n, frames, points, channels)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.NewSet(datasets.Meta{Channels: []string{"a", "b"}}, a)
	if err != nil {
		t.Fatal(err)
	}
	got, err := datasets.Measure(t.Context(), set.Fields, set.Meta.Channels)
	if err != nil {
		t.Fatal(err)
	}
	if got.Count != n*frames*points {
		t.Errorf("count %d", got.Count)
	}
	for c, s := range got.Channels {
		mean, squares, low, high := 0.0, 0.0, math.Inf(1), math.Inf(-1)
		for i := c; i < len(values); i += channels {
			mean += values[i] / float64(got.Count)
			low, high = min(low, values[i]), max(high, values[i])
		}
		for i := c; i < len(values); i += channels {
			squares += (values[i] - mean) * (values[i] - mean)
		}
		std := math.Sqrt(squares / float64(got.Count))
		if !(math.Abs(s.Mean-mean) <= 1e-14*math.Max(1, mean)) || !(math.Abs(s.Std-std) <= 1e-7*std) || s.Min != low || s.Max != high {
			t.Errorf("channel %d: %+v, want mean %v, std %v, min %v, max %v", c, s, mean, std, low, high)
		}
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var again datasets.Statistics
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(got, again) {
		t.Errorf("JSON gave %+v, %v", again, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := datasets.Measure(ctx, set.Fields, set.Meta.Channels); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
