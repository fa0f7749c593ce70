package eval

import (
	"fmt"
	"math"
)

// pdearenaMetrics are PDEArena's, which PDE-Refiner uses too.
//
// A correlation time counts frames; multiply by the time between frames for a time. With a curve that recovers, the count
// of frames above the threshold and the first crossing differ.
func pdearenaMetrics() []definition {
	threshold := []param{{"threshold", "0.8"}}
	correlate := func(time fold) rule {
		return rule{
			over:       perFrame,
			value:      func(e element) float64 { return correlation(e.p, e.t) },
			degenerate: isFlat,
			batch:      mean, channel: mean, time: time,
		}
	}
	return []definition{
		{"pdearena.mse", "mean over points, sum over frames and channels, mean over samples of (p−t)²", nil,
			func(*args) rule {
				return rule{
					over:  perChannel,
					value: func(e element) float64 { return meanSquare(e.p, e.t) },
					batch: mean, channel: sum, time: sum,
				}
			}},
		{"pdearena.scaled_l2", "mean over samples of ‖p−t‖/‖t‖ over frames, points and channels together", nil,
			func(*args) rule {
				return rule{
					over:       perSample,
					value:      func(e element) float64 { return relativeL2(e.p, e.t) },
					degenerate: isZero,
					batch:      mean, channel: mean, time: mean,
				}
			}},
		{"pdearena.pearson", "correlation of p and t over points and channels of a frame; channel=c: of that one alone",
			[]param{{"channel", "all"}},
			func(a *args) rule {
				r := correlate(mean)
				if a.values["channel"] == "all" {
					return r
				}
				c := a.count("channel", 0)
				r.check = func(_ []int, channels int) error {
					if c >= channels {
						return fmt.Errorf("channel=%d of fields that have %d, counted from 0", c, channels)
					}
					return nil
				}
				r.value = func(e element) float64 {
					n := len(e.p) / e.channels
					return correlation(e.p[c*n:(c+1)*n], e.t[c*n:(c+1)*n])
				}
				return r
			}},
		{"pdearena.corrtime", "frames whose correlation, averaged over samples, is above the threshold", threshold,
			func(a *args) rule { return correlate(countAbove(a.number("threshold", -1, 1))) }},
		{"pdearena.corrfirst", "frames before the correlation, averaged over samples, first is not above the threshold", threshold,
			func(a *args) rule { return correlate(firstNotAbove(a.number("threshold", -1, 1))) }},
	}
}

// correlation is Pearson's, cov(p, t)/(σ_p σ_t), with the denominator kept above the smallest normal float32 so that a flat
// field gives zero.
func correlation(p, t []float64) float64 {
	const smallest = 0x1p-126
	pt, pp, tt := comoment(p, t)
	n := float64(len(p))
	return pt / n / max(math.Sqrt(pp/n)*math.Sqrt(tt/n), smallest)
}
