package pde

// GradientNorm is the term -(b/2)|∇u|² less its spatial mean, one channel: without the mean's removal the mean of u would drift, and
// nothing else would differ.
func GradientNorm(axes int, b float64) Term {
	t := Term{Products: []Polynomial{nil}, Results: []Combination{{{0, withoutMean}}}}
	for j := range axes {
		t.Fields = append(t.Fields, Combination{{0, Derivative(j)}})
		t.Products[0] = append(t.Products[0], Monomial{-b / 2, []int{j, j}})
	}
	return t
}

// withoutMean is the symbol 1, and 0 for the mean.
func withoutMean(k []float64) complex128 {
	if square(k) == 0 {
		return 0
	}
	return 1
}
