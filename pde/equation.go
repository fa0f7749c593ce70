package pde

import "fmt"

// Symbol is the eigenvalue λ(k) of a linear, translation-invariant operator on exp(i k·x): L exp(i k·x) = λ(k) exp(i k·x).
// k holds one physical wavenumber per axis.
type Symbol func(k []float64) complex128

// Equation is u_t = L u + N(u) on a periodic box.
type Equation struct {
	Linear []Symbol // L, one symbol per channel of u
	Term   Term     // N; the zero value for a linear equation
	Axes   int      // that the equation needs; 0 means any number
}

func (e Equation) check(f Fourier) error {
	if len(e.Linear) == 0 {
		return fmt.Errorf("pde: an equation needs at least one linear symbol (one per channel)")
	}
	if err := f.check(); err != nil {
		return err
	}
	if e.Axes != 0 && e.Axes != len(f.Points) {
		return fmt.Errorf("pde: the equation lives on %d axes, the grid has %d", e.Axes, len(f.Points))
	}
	if len(f.Points) > 3 {
		return fmt.Errorf("pde: a grid of %d axes, at most 3 are possible", len(f.Points))
	}
	return e.Term.check(len(e.Linear))
}
