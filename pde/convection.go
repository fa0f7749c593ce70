package pde

import "fmt"

// Convection is the term -b u u_x (one axis, one channel), the product taken at the points.
type Convection struct{ Scale float64 } // b

// ConservativeConvection is the term -(b/2)(u²)_x (one axis, one channel): the same flow, written so that the mean cannot change.
type ConservativeConvection struct{ Scale float64 } // b

// Bind implements [Term].
func (t Convection) Bind(s *Space) (func(dst, u []complex128), error) {
	if err := scalarLine("convection u u_x", s); err != nil {
		return nil, err
	}
	v, vx := make([]float64, s.Size), make([]float64, s.Size)
	k := s.D[0]
	return func(dst, u []complex128) {
		s.Filter(dst, u)
		s.Values(v, dst)
		for i, c := range dst {
			dst[i] = complex(-k[i]*imag(c), k[i]*real(c))
		}
		s.Values(vx, dst)
		for i := range v {
			v[i] *= -t.Scale * vx[i]
		}
		s.Spectrum(dst, v)
		s.Filter(dst, dst)
	}, nil
}

// Bind implements [Term].
func (t ConservativeConvection) Bind(s *Space) (func(dst, u []complex128), error) {
	if err := scalarLine("convection (u²)_x", s); err != nil {
		return nil, err
	}
	v := make([]float64, s.Size)
	k := make([]float64, s.Modes) // -b k/2, zero where dealiasing drops the mode
	for i := range k {
		if s.keep[i] {
			k[i] = -t.Scale / 2 * s.D[0][i]
		}
	}
	return func(dst, u []complex128) {
		s.Filter(dst, u)
		s.Values(v, dst)
		for i, x := range v {
			v[i] = x * x
		}
		s.Spectrum(dst, v)
		for i, c := range dst {
			dst[i] = complex(-k[i]*imag(c), k[i]*real(c))
		}
	}, nil
}

func scalarLine(name string, s *Space) error {
	if len(s.K) != 1 || s.Channels != 1 {
		return fmt.Errorf("pde: %s needs one axis and one channel, got %d and %d", name, len(s.K), s.Channels)
	}
	return nil
}
