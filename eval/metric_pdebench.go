package eval

import "math"

// pdebenchMetrics are PDEBench's: a number per channel and frame, averaged over the batch, then over channels and frames.
// The first frame is given to its models as input, so initial_step=1 leaves it out; initial_step=0 counts all.
func pdebenchMetrics() []definition {
	initial := param{"initial_step", "1"}
	finish := func(a *args, r rule) rule {
		r.skip = a.count("initial_step", 0)
		r.channel, r.time = mean, mean
		if r.over == nil {
			r.over = perChannel
		}
		return r
	}
	row := func(name, doc string, r rule) definition {
		return definition{name, doc, []param{initial}, func(a *args) rule { return finish(a, r) }}
	}
	return []definition{
		row("pdebench.rmse", "mean over samples, channels and frames of the root mean square error", rule{
			value: func(e element) float64 { return rootMeanSquare(e.p, e.t) },
			batch: mean,
		}),
		row("pdebench.nrmse", "mean over samples, channels and frames of ‖p−t‖/‖t‖, no epsilon", rule{
			value:      func(e element) float64 { return relativeL2(e.p, e.t) },
			degenerate: isZero,
			batch:      mean,
		}),
		row("pdebench.crmse", "conserved quantity: root mean square over samples of mean(p) − mean(t)", rule{
			value: func(e element) float64 {
				d := mean(e.p) - mean(e.t)
				return d * d
			},
			batch: rootMean,
		}),
		row("pdebench.max_error", "mean over channels and frames of the largest |p−t| of all samples", rule{
			value: func(e element) float64 { return maxAbs(e.p, e.t) },
			batch: largest,
		}),
		row("pdebench.brmse", "root mean square error on the boundary (in 3-D summed over channels, as its owner does)", rule{
			over: func(axes int) extent {
				if axes == 3 {
					return extentFrame
				}
				return extentChannel
			},
			value: func(e element) float64 { return boundaryError(e.p, e.t, e.grid) },
			batch: mean,
		}),
		{"pdebench.frmse", "root mean square error in a band of wavenumbers: low, mid or high; volume is the product of the domain's lengths",
			[]param{initial, {"band", "low"}, {"low", "4"}, {"high", "12"}, {"volume", "1"}},
			func(a *args) rule { return finish(a, fourierError(a)) }},
	}
}

// boundaryError is √(Σ d² / n) over the 2·dim faces of the grid, where edges and corners count once for every face they
// lie on and n is the number of points of all faces of one channel. Several channels add up; they do not divide.
func boundaryError(p, t []float64, grid []int) float64 {
	points := product(grid)
	total, faces := 0.0, 0
	stride := points
	for _, n := range grid {
		stride /= n
		faces += 2 * points / n
		for i := range p {
			at := i / stride % n
			d := p[i] - t[i]
			if at == 0 {
				total += d * d
			}
			if at == n-1 {
				total += d * d
			}
		}
	}
	return math.Sqrt(total / float64(faces))
}
