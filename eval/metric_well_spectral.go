package eval

import (
	"math"
	"slices"
)

// wellBands are the three bands of The Well's spectral errors: the edges, in radians per point, are spaced evenly in their logarithm from
// 2π/n of the longest axis to π√axes + 1e-6, the first replaced by 0; a mode of radius |κ| = √Σ(2πk_a/n_a)² is in the half-open band that
// holds it. The owner computes edges and radii in float32, where a mode on an edge may fall to the other side, and so does this, up to the last
// bit of an edge; exact is the same in float64.
type wellBands struct {
	edges  []float64
	counts []int // modes in each band; the last is of those beyond the last edge
	band   []int // by place of a transform
	exact  bool
}

const wellBandCount = 3

func newWellBands(grid []int, exact bool) wellBands {
	w := wellBands{edges: make([]float64, wellBandCount+1), counts: make([]int, wellBandCount+1), band: make([]int, product(grid)), exact: exact}
	round := func(v float64) float64 { return float64(float32(v)) }
	if exact {
		round = func(v float64) float64 { return v }
	}
	first := round(math.Log10(2 * math.Pi / float64(slices.Max(grid))))
	last := round(math.Log10(math.Pi*math.Sqrt(float64(len(grid))) + 1e-6))
	step := round(round(last-first) / wellBandCount)
	for i := range w.edges {
		exponent := first + step*float64(i)
		if i >= len(w.edges)/2 {
			exponent = last - step*float64(wellBandCount-i)
		}
		w.edges[i] = round(math.Pow(10, round(exponent)))
	}
	w.edges[0] = 0
	eachMode(grid, func(at int, k []int) {
		square := 0.0
		for a, n := range grid {
			radians := round(round(2*math.Pi) * round(float64(k[a])*round(1/float64(n))))
			square = round(square + round(radians*radians))
		}
		radius := round(math.Sqrt(square))
		for w.band[at] < wellBandCount && radius >= w.edges[w.band[at]+1] {
			w.band[at]++
		}
		w.counts[w.band[at]]++
	})
	return w
}

// energy is Σ |û|²/N² over a band, with the owner's epsilon in the number of modes, which float32 rounds away.
func (w wellBands) energy(u []float64, grid []int, band int) float64 {
	total, n := 0.0, float64(len(u))
	for at, c := range newTransform(grid).forward(u) {
		if w.band[at] == band {
			total += squaredModulus(c)
		}
	}
	total /= n * n
	if count := float64(w.counts[band]); w.exact {
		total *= count / (count + wellEpsilon)
	}
	return total
}

// wellSpectral are the errors of a band.
func wellSpectral() []definition {
	row := func(name, doc string, degenerate func([]float64) bool, value func(error, truth func() float64) float64) definition {
		params := []param{{"band", "0"}, {"edges", "float32"}}
		return definition{name, doc, params, func(a *args) rule {
			band := a.count("band", 0)
			if band >= wellBandCount {
				a.fail("band", "0, 1 or 2")
			}
			exact := a.choice("edges", "float32", "float64") == "float64"
			return rule{
				over: perChannel,
				value: func(e element) float64 {
					w := newWellBands(e.grid, exact)
					return value(
						func() float64 { return w.energy(difference(e.p, e.t), e.grid, band) },
						func() float64 { return w.energy(e.t, e.grid, band) })
				},
				degenerate: degenerate,
				batch:      mean, channel: mean, time: mean,
			}
		}}
	}
	return []definition{
		row("well.binned_spectral_mse", "mean square error that lies in one of three bands of wavenumbers, low to high", nil,
			func(e, _ func() float64) float64 { return e() }),
		row("well.binned_spectral_nmse", "the same over the mean square of t in the band + 1e-7", isZero,
			func(e, t func() float64) float64 { return e() / (t() + wellEpsilon) }),
	}
}
