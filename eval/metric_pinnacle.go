package eval

import "math"

// pinnacleMetrics are PINNacle's errors of all test points together. Its Fourier error is of values interpolated between scattered points,
// which fields on a grid do not have.
func pinnacleMetrics() []definition {
	return []definition{
		{"pinnacle.mae", "mean |p−t|", nil, ofSamples(mean, meanAbs)},
		{"pinnacle.mse", "mean (p−t)²", nil, ofSamples(mean, meanSquare)},
		{"pinnacle.mxe", "largest |p−t|", nil, ofSamples(largest, maxAbs)},
		{"pinnacle.l1re", "mean|p−t| / mean|t|", nil, func(*args) rule { return pooledRatio(1) }},
		{"pinnacle.l2re", "√mean(p−t)² / √mean t²", nil, func(*args) rule { return pooledRatio(2) }},
		{"pinnacle.crmse", "|mean(p−t)|", nil,
			ofSamples(func(v []float64) float64 { return math.Abs(mean(v)) }, func(p, t []float64) float64 { return mean(difference(p, t)) })},
	}
}
