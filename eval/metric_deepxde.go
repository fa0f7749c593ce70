package eval

import "math"

// deepxdeMetrics are DeepXDE's, of all test points together.
func deepxdeMetrics() []definition {
	return []definition{
		{"deepxde.l2_rel", "‖p−t‖/‖t‖, the norms over samples, frames, points and channels", nil, func(*args) rule { return pooledRatio(2) }},
	}
}

// pooledRatio is ‖p−t‖/‖t‖ in the norm of a power with every sample in the norms.
func pooledRatio(power float64) rule {
	return rule{
		over:       perSample,
		parts:      func(e element) []float64 { return []float64{sumPower(e.p, e.t, power), sumPower(e.t, nil, power)} },
		join:       func(v []float64) float64 { return math.Pow(v[0]/v[1], 1/power) },
		degenerate: isZero,
		batch:      sum, channel: mean, time: mean,
	}
}
