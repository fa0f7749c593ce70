package pde

// Leray replaces a velocity on a periodic box, one channel per axis, by its part that is free of divergence, û - k (k·û)/|k|². The Nyquist modes
// of even axes, whose derivative is not known, are removed.
func Leray(u []float64, grid Fourier) error {
	axes := len(grid.Points)
	eq := Equation{Linear: make([]Symbol, axes), Axes: axes}
	if err := eq.check(grid); err != nil {
		return err
	}
	s := newSpace[float64](grid, axes, 1, nil)
	before, after := s.newSpectrum(s.all, axes), s.newSpectrum(s.all, axes)
	for c := range axes {
		s.all.forward(s.spectrum(s.all, c, before), s.field(c, u))
	}
	for i, c := range projection(axes) {
		for _, p := range c {
			w := newFactors(s.all, func(mode int) complex128 {
				for axis, n := range grid.Points {
					if m := s.all.wavenumber(axis, mode); n > 1 && (2*m == n || 2*m == -n) {
						return 0
					}
				}
				return s.symbol(s.all, p.Symbol, mode)
			})
			w.add(s.spectrum(s.all, i, after), s.spectrum(s.all, p.Of, before))
		}
	}
	for c := range axes {
		s.all.inverse(s.field(c, u), s.spectrum(s.all, c, after))
	}
	return nil
}
