package eval

// jaxcfdMetrics are JAX-CFD's, meant for vorticity.
func jaxcfdMetrics() []definition {
	return []definition{
		{"jaxcfd.correlation", "p·t/(|p||t|) over points and channels of a frame, the mean not removed, averaged over samples and frames", nil,
			func(*args) rule {
				return rule{
					over:       perFrame,
					value:      func(e element) float64 { return cosine(e.p, e.t) },
					degenerate: isZero,
					batch:      mean, channel: mean, time: mean,
				}
			}},
	}
}
