//go:build gpu

package cuda

import "github.com/kolmogo/kolmogo/engine"

// nonnegative: least squares without negative unknowns, a block for each sample.
func (l *lowering) nonnegative(s engine.Step) error {
	return l.active("nonnegative", s, pointer(s.In[0]), pointer(s.In[1]), pointer(s.Out[0]))
}

// nonnegativeAdjoint: what its gradient needs.
func (l *lowering) nonnegativeAdjoint(s engine.Step) error {
	return l.active("nonnegative_adjoint", s, pointer(s.In[0]), pointer(s.In[1]), pointer(s.In[2]), pointer(s.Out[0]))
}

func (l *lowering) active(name string, s engine.Step, args ...any) error {
	d := s.In[0].Dims
	samples, m, n := d.At(0), d.At(1), d.At(2)
	work := l.temporary(8 * samples * (m*n + n*n + m + 5*n))
	return l.launch("nonnegative", name, s.Out[0].Dtype, samples, threads, append(args, work, int32(m), int32(n))...)
}
