package eval

import "math"

// fnoEpsilon keeps the owner's relative errors finite where the target is zero; fno.rel_l2 does without.
const fnoEpsilon = 1e-8

// fnoMetrics are the errors of the Fourier neural operator: the relative L2 of the 2021 scripts, taken over a whole sample,
// and the Lp and H1 of the neuraloperator library, taken for every channel of every frame. The library adds these numbers
// over channels and samples; here the default is their mean, reduce=sum is the library's.
func fnoMetrics() []definition {
	reduce := param{"reduce", "mean"}
	measure := param{"measure", "1"}
	lp := func(value func(p, t []float64, power, volume float64) float64, relative bool) func(*args) rule {
		return func(a *args) rule {
			power, volume := a.number("p", 1, 1000), 1.0
			if !relative {
				volume = a.number("measure", 0, math.MaxFloat64)
			}
			r := fnoRule(a, relative)
			r.value = func(e element) float64 {
				return value(e.p, e.t, power, math.Pow(volume, float64(len(e.grid)))/float64(len(e.p)))
			}
			return r
		}
	}
	h1 := func(relative bool) func(*args) rule {
		return func(a *args) rule {
			length := a.number("measure", math.SmallestNonzeroFloat64, math.MaxFloat64)
			periodic := a.choice("periodic", "true", "false") == "true"
			r := fnoRule(a, relative)
			if !periodic {
				r.check = atLeast(4, "the one-sided differences need; write periodic=true if it is")
			}
			r.value = func(e element) float64 {
				d := difference(e.p, e.t)
				size := sobolev(d, e.grid, length, periodic)
				if !relative {
					return math.Sqrt(math.Pow(length, float64(len(e.grid))) / float64(len(d)) * size)
				}
				return math.Sqrt(size) / (math.Sqrt(sobolev(e.t, e.grid, length, periodic)) + fnoEpsilon)
			}
			return r
		}
	}
	return []definition{
		{"fno.rel_l2", "mean over samples of ‖p−t‖/‖t‖, the norm over all frames, points and channels", nil,
			func(*args) rule {
				return rule{
					over:       perSample,
					value:      func(e element) float64 { return relativeL2(e.p, e.t) },
					degenerate: isZero,
					batch:      mean, channel: mean, time: mean,
				}
			}},
		{"fno.rel_l2_steps", "mean over samples of the sum over frames of ‖p−t‖/‖t‖, the norm over points and channels of a frame", nil,
			func(*args) rule {
				return rule{
					over:       perFrame,
					value:      func(e element) float64 { return relativeL2(e.p, e.t) },
					degenerate: isZero,
					batch:      mean, channel: mean, time: sum,
				}
			}},
		{"fno.h1", "relative H1 error of each channel and frame: √(‖d‖²+Σ‖∂d‖²) over the same of t, by differences",
			[]param{{"periodic", "true"}, measure, reduce}, h1(true)},
		{"fno.h1_abs", "absolute H1 error of each channel and frame, by differences on an axis of length measure",
			[]param{{"periodic", "true"}, measure, reduce}, h1(false)},
		{"fno.lp_rel", "‖p−t‖ₚ/(‖t‖ₚ+1e-8) of each channel and frame", []param{{"p", "2"}, reduce},
			lp(func(p, t []float64, power, _ float64) float64 {
				return math.Pow(sumPower(p, t, power), 1/power) / (math.Pow(sumPower(t, nil, power), 1/power) + fnoEpsilon)
			}, true)},
		{"fno.lp_abs", "(∫|p−t|ᵖ)^(1/p) of each channel and frame, on axes of length measure", []param{{"p", "2"}, measure, reduce},
			lp(func(p, t []float64, power, cell float64) float64 {
				return math.Pow(cell*sumPower(p, t, power), 1/power)
			}, false)},
	}
}

// fnoRule is what the owner's Lp and H1 share: one number per channel and frame, then sums or means.
func fnoRule(a *args, relative bool) rule {
	all := fold(mean)
	if a.choice("reduce", "mean", "sum") == "sum" {
		all = sum
	}
	r := rule{over: perChannel, batch: all, channel: all, time: all}
	if relative {
		r.degenerate = isZero
	}
	return r
}
