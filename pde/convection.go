package pde

// ConservativeConvection is the term -(b/2)(u²)_x on one axis: the mean cannot change.
func ConservativeConvection(b float64) Term { return VectorConservativeConvection(1, b) }

// Convection is the term -b (u·∇)u_i of a velocity, one channel per axis, the products u_j ∂_j u_i taken at the points.
func Convection(axes int, b float64) Term {
	var t Term
	for i := range axes {
		t.Fields = append(t.Fields, ones(i))
	}
	for i := range axes {
		var p Polynomial
		for j := range axes {
			p = append(p, Monomial{-b, []int{j, len(t.Fields)}})
			t.Fields = append(t.Fields, Combination{{i, Derivative(j)}})
		}
		t.Products = append(t.Products, p)
		t.Results = append(t.Results, ones(i))
	}
	return t
}

// VectorConservativeConvection is the term -(b/2) Σ_j ∂_j(u_i u_j) of a velocity, one channel per axis.
func VectorConservativeConvection(axes int, b float64) Term {
	t := Term{Results: make([]Combination, axes)}
	for i := range axes {
		t.Fields = append(t.Fields, ones(i))
		for j := range i + 1 {
			n := len(t.Products)
			t.Products = append(t.Products, Polynomial{{1, []int{i, j}}})
			t.Results[i] = append(t.Results[i], Part{n, Times(-b/2, Derivative(j))})
			if j < i {
				t.Results[j] = append(t.Results[j], Part{n, Times(-b/2, Derivative(i))})
			}
		}
	}
	return t
}
