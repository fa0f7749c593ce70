package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is an estimate and the ends of its confidence interval.
type Interval struct {
	Value float64
	Low   float64
	High  float64
}

// Times is the interval of a multiple of the estimate: steps times the time of a step.
func (i Interval) Times(factor float64) Interval {
	i = Interval{i.Value * factor, i.Low * factor, i.High * factor}
	if factor < 0 {
		i.Low, i.High = i.High, i.Low
	}
	return i
}

// String is "23.9 [23.3, 24.5]".
func (i Interval) String() string { return fmt.Sprintf("%.3g [%.3g, %.3g]", i.Value, i.Low, i.High) }

// Bootstrap computes percentile intervals: the items (trajectories) are drawn anew with replacement, the statistic is computed of each
// draw, and the ends are quantiles of what comes out (Efron 1979). The zero value draws 1000 times for 95 % with seed 0; equal seeds draw equal items.
type Bootstrap struct {
	Draws int
	Level float64
	Seed  uint64
}

// Interval is the interval of a statistic of n items, which is given the items that are drawn, with repetitions; the estimate is that of
// every item once. A draw without a finite value widens the interval to it, never narrows it.
func (b Bootstrap) Interval(n int, statistic func(items []int) float64) Interval {
	items := make([]int, n)
	for i := range items {
		items[i] = i
	}
	r := Interval{Value: statistic(items)}
	draws, level := b.Draws, b.Level
	if draws <= 0 {
		draws = 1000
	}
	if !(level > 0 && level < 1) {
		level = 0.95
	}
	rnd := rand.New(rand.NewPCG(b.Seed, uint64(n)))
	values := make([]float64, draws)
	for d := range values {
		for i := range items {
			items[i] = rnd.IntN(n)
		}
		values[d] = statistic(items)
	}
	r.Low, r.High = quantile(values, (1-level)/2, math.Inf(-1)), quantile(values, (1+level)/2, math.Inf(1))
	return r
}

// Mean is the interval of the mean of values, one for each item.
func (b Bootstrap) Mean(values []float64) Interval {
	return b.Interval(len(values), func(items []int) float64 { return meanOf(values, items) })
}

// Ratio is the interval of mean(above)/mean(below), the items of both drawn in pairs.
func (b Bootstrap) Ratio(above, below []float64) (Interval, error) {
	if len(above) != len(below) {
		return Interval{}, fmt.Errorf("eval: ratio of %d values to %d: pairs need as many", len(above), len(below))
	}
	return b.Interval(len(above), func(items []int) float64 { return meanOf(above, items) / meanOf(below, items) }), nil
}

func meanOf(v []float64, items []int) float64 {
	s := 0.0
	for _, i := range items {
		s += v[i]
	}
	return s / float64(len(items))
}

// quantile is the q-quantile of v, linear between order statistics; NaN counts as worst.
func quantile(v []float64, q, worst float64) float64 {
	sorted := slices.Clone(v)
	for i, x := range sorted {
		if math.IsNaN(x) {
			sorted[i] = worst
		}
	}
	slices.Sort(sorted)
	at := min(max(q, 0), 1) * float64(len(sorted)-1)
	low := int(at)
	if part := at - float64(low); part > 0 && sorted[low] != sorted[low+1] {
		return sorted[low]*(1-part) + sorted[low+1]*part
	}
	return sorted[low]
}
