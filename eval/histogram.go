package eval

import (
	"fmt"
	"math"
)

// Histogram counts values in bins of equal width between Low and High. Values outside are counted with their distance, so that the distance
// of two histograms stays right when a prediction leaves the range. NaN is counted apart.
type Histogram struct {
	Low, High    float64
	Counts       []int64
	Below, Above int64
	NaN          int64
	below, above float64 // Σ distance from the range
}

// NewHistogram is empty, with bins between two values; the range must not be empty.
func NewHistogram(low, high float64, bins int) (*Histogram, error) {
	if !(high > low) || bins < 1 || math.IsInf(high-low, 0) {
		return nil, fmt.Errorf("eval: histogram from %g to %g with %d bins: want a range and at least one bin", low, high, bins)
	}
	return &Histogram{Low: low, High: high, Counts: make([]int64, bins)}, nil
}

// Add counts a value.
func (h *Histogram) Add(v float64) {
	at := (v - h.Low) / (h.High - h.Low) * float64(len(h.Counts))
	switch {
	case math.IsNaN(v):
		h.NaN++
	case v < h.Low:
		h.Below++
		h.below += h.Low - v
	case v >= h.High:
		h.Above++
		h.above += v - h.High
	default:
		h.Counts[min(int(at), len(h.Counts)-1)]++
	}
}

// AddField counts one channel of every frame of a field.
func AddField[T Float](h *Histogram, f Field[T], channel int) {
	for at := channel; at < len(f.Data); at += f.Channels() {
		h.Add(float64(f.Data[at]))
	}
}

// Total is the number of values, NaN included.
func (h *Histogram) Total() int64 {
	n := h.Below + h.Above + h.NaN
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// Density is the share of values in each bin over its width, so that it integrates to the share inside the range.
func (h *Histogram) Density() []float64 {
	d := make([]float64, len(h.Counts))
	scale := float64(len(h.Counts)) / (h.High - h.Low) / float64(h.Total())
	for i, c := range h.Counts {
		d[i] = float64(c) * scale
	}
	return d
}

// Centre is the middle of a bin.
func (h *Histogram) Centre(bin int) float64 {
	return h.Low + (float64(bin)+0.5)*(h.High-h.Low)/float64(len(h.Counts))
}

// Distance is W₁ = ∫ |F_h − F_other| of the distributions of two histograms with the same bins, exact up to the width of a bin; NaN if one
// has counted a NaN or nothing.
func (h *Histogram) Distance(other *Histogram) (float64, error) {
	if h.Low != other.Low || h.High != other.High || len(h.Counts) != len(other.Counts) {
		return 0, fmt.Errorf("eval: distance of histograms with different bins: [%g, %g] in %d and [%g, %g] in %d",
			h.Low, h.High, len(h.Counts), other.Low, other.High, len(other.Counts))
	}
	n, m := float64(h.Total()), float64(other.Total())
	if h.NaN > 0 || other.NaN > 0 || n == 0 || m == 0 {
		return math.NaN(), nil
	}
	width := (h.High - h.Low) / float64(len(h.Counts))
	gap := float64(h.Below)/n - float64(other.Below)/m // F_h − F_other at the left edge of a bin
	distance := math.Abs(h.below/n-other.below/m) + math.Abs(h.above/n-other.above/m)
	for i := range h.Counts {
		next := gap + float64(h.Counts[i])/n - float64(other.Counts[i])/m
		distance += width * math.Abs(gap+next) / 2
		gap = next
	}
	return distance, nil
}
