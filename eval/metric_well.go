package eval

import "math"

// wellEpsilon is added to every denominator of The Well's metrics.
const wellEpsilon = 1e-7

// wellMetrics are The Well's: a number per sample, frame and channel, which the benchmark then averages.
func wellMetrics() []definition {
	row := func(name, doc string, degenerate func([]float64) bool, value func(p, t []float64) float64) definition {
		return definition{name, doc, nil, func(*args) rule {
			return rule{
				over:       perChannel,
				value:      func(e element) float64 { return value(e.p, e.t) },
				degenerate: degenerate,
				batch:      mean, channel: mean, time: mean,
			}
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
	return []definition{
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
	}
}
