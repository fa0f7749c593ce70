package eval

import "math"

// fold reduces the numbers along one axis to one. All of them let NaN through.
type fold func(v []float64) float64

// mean is Σv/n.
func mean(v []float64) float64 { return sum(v) / float64(len(v)) }

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}

// largest is max v.
func largest(v []float64) float64 {
	m := v[0]
	for _, x := range v[1:] {
		if x > m || math.IsNaN(x) {
			m = x
		}
	}
	return m
}

// rootMean is √(Σv/n): the squares come in, the root follows the mean.
func rootMean(v []float64) float64 { return math.Sqrt(mean(v)) }

// geometricMean is exp(Σ log v / n); zero if any v is zero.
func geometricMean(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += math.Log(x)
	}
	return math.Exp(s / float64(len(v)))
}

// first limits a fold to the first n numbers.
func first(n int, f fold) fold {
	return func(v []float64) float64 { return f(v[:min(n, len(v))]) }
}

// countAbove is how many v are above a threshold; NaN if any v is.
func countAbove(threshold float64) fold {
	return func(v []float64) float64 {
		n := 0.0
		for _, x := range v {
			if math.IsNaN(x) {
				return math.NaN()
			}
			if x > threshold {
				n++
			}
		}
		return n
	}
}

// firstNotAbove is the index of the first v that is not above a threshold, len(v) if none. NaN is not above.
func firstNotAbove(threshold float64) fold {
	return func(v []float64) float64 {
		for i, x := range v {
			if !(x > threshold) {
				return float64(i)
			}
		}
		return float64(len(v))
	}
}
