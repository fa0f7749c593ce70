package pde

// GradientNorm is the term -(b/2)|∇u|² less its spatial mean, on any number of axes, per channel: without the mean's removal
// the mean of u would drift, and nothing else would differ.
type GradientNorm struct{ Scale float64 } // b

// Bind implements [Term].
func (t GradientNorm) Bind(s *Space) (func(dst, u []complex128), error) {
	sum, v := make([]float64, s.Channels*s.Size), make([]float64, s.Channels*s.Size)
	return func(dst, u []complex128) {
		clear(sum)
		for axis := range s.D {
			s.Filter(dst, u)
			for i, c := range dst {
				k := s.D[axis][i%s.Modes]
				dst[i] = complex(-k*imag(c), k*real(c))
			}
			s.Values(v, dst)
			for i, x := range v {
				sum[i] += x * x
			}
		}
		for i := range sum {
			sum[i] *= -t.Scale / 2
		}
		s.Spectrum(dst, sum)
		s.Filter(dst, dst)
		for c := range s.Channels {
			dst[c*s.Modes] = 0
		}
	}, nil
}
