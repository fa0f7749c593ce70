package eval_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// TestSparseFindsTheLaw: a sum of few monomials is recovered, with its structure, through noise.
func TestSparseFindsTheLaw(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	const n = 400
	x, y := make([]float64, 2*n), make([]float64, n)
	for i := range n {
		u, v := rnd.NormFloat64(), 5*rnd.NormFloat64()
		x[2*i], x[2*i+1] = u, v
		y[i] = -1.5*u*v + 0.5*v*v*u + 2 + 0.01*rnd.NormFloat64()
	}
	terms, residual, err := eval.Sparse(x, 2, y, 3, 0.02)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := eval.Formula(terms, []string{"u", "u_x"}), 3; len(terms) != want || !(residual < 1e-2) {
		t.Fatalf("%s, residual %v", got, residual)
	}
	for i, want := range []float64{2, -1.5, 0.5} {
		if !(math.Abs(terms[i].C-want) <= 0.01*math.Abs(want)) {
			t.Errorf("term %d: %v, want %v", i, terms[i], want)
		}
	}
	if f := eval.Formula([]eval.Monomial{{C: 0.25}, {C: -1, Factors: []int{0, 1}}}, []string{"u", "u_x"}); f != "0.25 - 1*u*u_x" {
		t.Error(f)
	}
}
