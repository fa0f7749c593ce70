package constraint

// Trapezoid returns the weights w of the trapezoid rule ∫u dx ≈ Σ w_i·u(x_i) on ascending nodes: half the distance of the neighbours.
func Trapezoid(x []float64) []float64 {
	w := make([]float64, len(x))
	for i := range len(x) - 1 {
		half := (x[i+1] - x[i]) / 2
		w[i] += half
		w[i+1] += half
	}
	return w
}

// RightRule returns the weights of the rule that takes the value at the right end of each interval, as a finite-volume scheme does whose
// cells end at the nodes: w_i = x_i − x_(i−1), w_0 = 0.
func RightRule(x []float64) []float64 {
	w := make([]float64, len(x))
	for i := 1; i < len(x); i++ {
		w[i] = x[i] - x[i-1]
	}
	return w
}
