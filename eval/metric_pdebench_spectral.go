package eval

import (
	"fmt"
	"math"
	"slices"
)

// fourierError is PDEBench's fRMSE. In one dimension, with û over half the wavenumbers,
//
//	E[k] = √(mean over samples of |d̂[k]|²)·volume/N    k = 0 .. ⌊n/2⌋
//
// and in several the squares of the modes with indices below ⌊n_a/2⌋ on every axis, a quadrant, are first added up in rings ⌊|κ|⌋ = k, of which
// those below half the shortest axis count. The value is the mean of E over a band: low k < low, mid low ≤ k < high, high the others. A
// band without wavenumbers has no value.
func fourierError(a *args) rule {
	band := a.choice("band", "low", "mid", "high")
	low, high := a.count("low", 0), a.count("high", 0)
	volume := a.number("volume", 0, math.MaxFloat64)
	limits := func(grid []int) (first, end int) {
		rings := slices.Min(grid) / 2
		if len(grid) == 1 {
			rings++
		}
		switch band {
		case "low":
			return 0, min(low, rings)
		case "mid":
			return min(low, rings), min(high, rings)
		}
		return min(high, rings), rings
	}
	return rule{
		over: perChannel,
		parts: func(e element) []float64 {
			first, end := limits(e.grid)
			rings := make([]float64, max(end-first, 0))
			scale := volume / float64(len(e.p))
			hat := newTransform(e.grid).forward(difference(e.p, e.t))
			eachMode(e.grid, func(at int, k []int) {
				if ring := ringOf(k, e.grid); ring >= first && ring < end {
					rings[ring-first] += scale * scale * squaredModulus(hat[at])
				}
			})
			return rings
		},
		batch: rootMean,
		join:  mean,
		vacant: func(grid []int) string {
			if first, end := limits(grid); first >= end {
				return fmt.Sprintf("no wavenumber of grid %v is in the band", grid)
			}
			return ""
		},
	}
}

// ringOf is the owner's ring of a mode, −1 for those that it leaves out.
func ringOf(k, grid []int) int {
	if len(grid) == 1 {
		if k[0] < 0 && 2*k[0] > -grid[0] {
			return -1
		}
		return max(k[0], -k[0])
	}
	square := 0
	for a, i := range k {
		if i < 0 || i >= grid[a]/2 {
			return -1
		}
		square += i * i
	}
	return int(math.Sqrt(float64(square)))
}
