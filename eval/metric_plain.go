package eval

// plainMetrics are the absolute errors everybody writes the same way, over all trajectories, frames, points and channels.
func plainMetrics() []definition {
	return []definition{
		{"mse", "mean of (p−t)²", nil, ofSamples(mean, meanSquare)},
		{"rmse", "square root of the mean of (p−t)²", nil, ofSamples(rootMean, meanSquare)},
		{"mae", "mean of |p−t|", nil, ofSamples(mean, meanAbs)},
		{"max_error", "largest |p−t|", nil, ofSamples(largest, maxAbs)},
	}
}

// ofSamples is a value of each sample, all its frames, points and channels together, folded over the samples.
func ofSamples(batch fold, value func(p, t []float64) float64) func(*args) rule {
	return func(*args) rule {
		return rule{
			over:  perSample,
			value: func(e element) float64 { return value(e.p, e.t) },
			batch: batch, channel: mean, time: mean,
		}
	}
}
