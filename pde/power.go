package pde

import "fmt"

// Power is the term c u^p for a whole p ≥ 2, on any number of axes, per channel.
// Dealiasing of a p-fold product needs a fraction of 2/(p+1).
type Power struct {
	Coefficient float64
	Exponent    int
}

// Bind implements [Term].
func (t Power) Bind(s *Space) (func(dst, u []complex128), error) {
	if t.Exponent < 2 {
		return nil, fmt.Errorf("pde: power term u^%d is not non-linear, need an exponent of at least 2", t.Exponent)
	}
	v := make([]float64, s.Channels*s.Size)
	return func(dst, u []complex128) {
		s.Filter(dst, u)
		s.Values(v, dst)
		for i, x := range v {
			y := t.Coefficient * x
			for range t.Exponent - 1 {
				y *= x
			}
			v[i] = y
		}
		s.Spectrum(dst, v)
		s.Filter(dst, dst)
	}, nil
}
