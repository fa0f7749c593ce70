package eval

import (
	"math"
	"slices"
)

// apeMetrics are APEBench's: a number per frame, summed over channels and averaged over samples, on a domain of extent one.
// time=gmean is its aggregate, the geometric mean of the first up_to frames; time=mean averages all frames.
func apeMetrics() []definition {
	type size struct {
		name, doc string
		of        func(p, t []float64) float64
	}
	sizes := []size{
		{"mae", "mean|·|", meanAbs},
		{"mse", "mean(·)²", meanSquare},
		{"rmse", "√mean(·)²", rootMeanSquare},
	}
	row := func(name, doc string, degenerate func([]float64) bool, value func(p, t []float64) float64) definition {
		return apeRow(name, doc, nil, degenerate, func(*args) func(element) float64 {
			return func(e element) float64 { return value(e.p, e.t) }
		})
	}
	var all []definition
	for _, s := range sizes {
		all = append(all,
			row("ape."+s.name, s.doc+" of p−t", nil, s.of),
			row("ape.n"+s.name, s.doc+" of p−t over that of t, no epsilon", isZero, func(p, t []float64) float64 {
				return s.of(p, t) / s.of(t, nil)
			}),
			row("ape.s"+s.name, "twice "+s.doc+" of p−t over the sum of those of p and t", isZero, func(p, t []float64) float64 {
				return 2 * s.of(p, t) / (s.of(p, nil) + s.of(t, nil))
			}))
	}
	return append(append(all, apeFourier()...), definition{"ape.correlation", "p·t/(|p||t|) of each channel and frame, the mean not removed", nil,
		func(*args) rule {
			return rule{
				over:       perChannel,
				value:      func(e element) float64 { return cosine(e.p, e.t) },
				degenerate: isZero,
				batch:      mean, channel: mean, time: mean,
			}
		}})
}

// apeRow is a row with parameters of its own before those of every row.
func apeRow(name, doc string, own []param, degenerate func([]float64) bool, value func(a *args) func(e element) float64) definition {
	params := slices.Concat(own, []param{{"time", "gmean"}, {"up_to", "100"}})
	return definition{name, doc, params, func(a *args) rule {
		time := first(a.count("up_to", 1), geometricMean)
		if a.choice("time", "gmean", "mean") == "mean" {
			time = mean
		}
		return rule{
			over:       perChannel,
			value:      value(a),
			degenerate: degenerate,
			batch:      mean, channel: sum, time: time,
		}
	}}
}

// cosine is p·t/(|p||t|).
func cosine(p, t []float64) float64 {
	dot := 0.0
	for i := range p {
		dot += p[i] * t[i]
	}
	return dot / (math.Sqrt(sumPower(p, nil, 2)) * math.Sqrt(sumPower(t, nil, 2)))
}
