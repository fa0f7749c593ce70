package pde

// Powers is the term Σ_p c_p u^p of one channel, c[p] being c_p; c_0 must be zero. A highest power p needs a fraction of 2/(p+1).
func Powers(c ...float64) Term {
	t := Term{Fields: []Combination{ones(0)}, Products: []Polynomial{nil}, Results: []Combination{ones(0)}}
	for p, v := range c {
		if v != 0 {
			t.Products[0] = append(t.Products[0], Monomial{v, make([]int, p)})
		}
	}
	return t
}

// Under is the term whose results are those of t under one more linear operator.
func (t Term) Under(f Symbol) Term {
	var results []Combination
	for _, c := range t.Results {
		var under Combination
		for _, p := range c {
			s := f
			if inner := p.Symbol; inner != nil {
				s = func(k []float64) complex128 { return f(k) * inner(k) }
			}
			under = append(under, Part{p.Of, s})
		}
		results = append(results, under)
	}
	t.Results = results
	return t
}
