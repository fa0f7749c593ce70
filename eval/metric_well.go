package eval

import (
	"math"
	"slices"
)

// wellEpsilon is added to every denominator of The Well's metrics.
const wellEpsilon = 1e-7

// wellMetrics are The Well's: a number per sample, frame and channel, which the benchmark then averages, also over windows of a rollout:
// frames 6 to 12 are from=6,to=12, the last not included.
func wellMetrics() []definition {
	row := func(name, doc string, degenerate func([]float64) bool, value func(p, t []float64) float64) definition {
		return definition{name, doc, []param{{"from", "0"}, {"to", "end"}}, func(a *args) rule {
			r := rule{
				skip:       a.count("from", 0),
				over:       perChannel,
				value:      func(e element) float64 { return value(e.p, e.t) },
				degenerate: degenerate,
				batch:      mean, channel: mean, time: mean,
			}
			if a.values["to"] != "end" {
				r.time = first(a.count("to", r.skip+1)-r.skip, mean)
			}
			return r
		}}
	}
	variance := func(v []float64) float64 { // the unbiased one
		_, squares := moments(v)
		return squares / float64(len(v)-1)
	}
	nmse := func(p, t []float64) float64 { return meanSquare(p, t) / (meanSquare(t, nil) + wellEpsilon) }
	vmse := func(p, t []float64) float64 { return meanSquare(p, t) / (variance(t) + wellEpsilon) }
	pearson := func(p, t []float64) float64 {
		pt, _, _ := comoment(p, t)
		return pt / float64(len(p)) / (math.Sqrt(variance(p))*math.Sqrt(variance(t)) + wellEpsilon)
	}
	return slices.Concat([]definition{
		row("well.mse", "mean square error of each frame and channel", nil, meanSquare),
		row("well.mae", "mean |p−t| of each frame and channel", nil, meanAbs),
		row("well.rmse", "root mean square error of each frame and channel", nil, rootMeanSquare),
		row("well.nmae", "mean|p−t| / (mean|t| + 1e-7)", isZero, func(p, t []float64) float64 {
			return meanAbs(p, t) / (meanAbs(t, nil) + wellEpsilon)
		}),
		row("well.nmse", "mean(p−t)² / (mean t² + 1e-7)", isZero, nmse),
		row("well.nrmse", "square root of well.nmse, frame by frame", isZero, func(p, t []float64) float64 {
			return math.Sqrt(nmse(p, t))
		}),
		row("well.vmse", "mean(p−t)² / (var t + 1e-7), the variance over space with divisor N−1", isFlat, vmse),
		row("well.vrmse", "square root of well.vmse, frame by frame; 1 is as good as predicting the mean", isFlat,
			func(p, t []float64) float64 { return math.Sqrt(vmse(p, t)) }),
		row("well.linf", "largest |p−t| of each frame and channel", nil, maxAbs),
		row("well.pearson", "covariance (divisor N) over standard deviations (divisor N−1): at most (N−1)/N", isFlat, pearson),
		{"well.histogram_w1", "distance W₁ of the values of a channel, all frames and points together, over mean t² + 1e-7", nil,
			func(*args) rule {
				return rule{
					over:       perSeries,
					value:      func(e element) float64 { return wasserstein(e.p, e.t) / (meanSquare(e.t, nil) + wellEpsilon) },
					degenerate: isZero,
					batch:      mean, channel: mean, time: mean,
				}
			}},
	}, wellSpectral())
}

// wasserstein is W₁ of two samples of equal size, Σ|p₍ᵢ₎ − t₍ᵢ₎|/N of the sorted values; NaN if there is a NaN.
func wasserstein(p, t []float64) float64 {
	p, t = slices.Clone(p), slices.Clone(t)
	slices.Sort(p)
	slices.Sort(t)
	return meanAbs(p, t)
}
