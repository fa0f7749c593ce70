package pde

import "math"

// space is a Fourier discretisation at work, for states [channel, x0, …, trajectory]: the transform of all modes, and that of the modes
// which the non-linear term sees. The others only obey the linear part. It owns scratch memory, so one goroutine uses it.
type space[T Float] struct {
	Fourier
	k               Kernels[T]
	channels, batch int
	all, kept       *transform[T]
	dropped         []bool // modes of kept that a result must not have; nil where there are none
	place           []int  // of each mode of kept within all
}

func newSpace[T Float](f Fourier, channels, batch int, k Kernels[T]) *space[T] {
	if k == nil {
		k = Portable[T]{}
	}
	s := &space[T]{Fourier: f, k: k, channels: channels, batch: batch}
	var all, kept []span
	for axis, n := range f.Points {
		all = append(all, every(axis, n))
		kept = append(kept, upTo(axis, n, max(0, f.Dealias.Largest(n))))
	}
	if f.Dealias.Results {
		kept = all
	}
	s.all, s.kept = newTransform(k, f.Points, all, batch), newTransform(k, f.Points, kept, batch)
	where := map[[3]int]int{}
	for i := range s.all.modes {
		where[s.key(s.all, i)] = i
	}
	for i := range s.kept.modes {
		s.place = append(s.place, where[s.key(s.kept, i)])
		outside := false
		for axis, n := range f.Points {
			m := s.kept.wavenumber(axis, i)
			outside = outside || max(m, -m) > f.Dealias.Largest(n)
		}
		if outside && s.dropped == nil {
			s.dropped = make([]bool, s.kept.modes)
		}
		if outside {
			s.dropped[i] = true
		}
	}
	return s
}

// key is the wavenumbers of a mode.
func (s *space[T]) key(t *transform[T], mode int) (k [3]int) {
	for axis := range s.Points {
		k[axis] = t.wavenumber(axis, mode)
	}
	return k
}

func (s *space[T]) spectrum(t *transform[T], channel int, u planes[T]) planes[T] {
	return u.part(channel, t.modes*t.batch)
}

func (s *space[T]) field(channel int, u []T) []T {
	n := s.all.size * s.batch
	return u[channel*n : (channel+1)*n]
}

// newSpectrum is room for the modes of all channels.
func (s *space[T]) newSpectrum(t *transform[T], channels int) planes[T] {
	n := channels * t.modes * t.batch
	return planes[T]{make([]T, n), make([]T, n)}
}

// symbol evaluates λ at a mode. The Nyquist mode of an even axis stands for both signs of its wavenumber, so λ is averaged over them:
// of an odd derivative nothing is left, and a real field stays real.
func (s *space[T]) symbol(t *transform[T], f Symbol, mode int) complex128 {
	k := make([]float64, len(s.Points))
	var nyquist []int
	for axis, n := range s.Points {
		m := t.wavenumber(axis, mode)
		k[axis] = 2 * math.Pi * float64(m) / s.Lengths[axis]
		if 2*m == n || 2*m == -n {
			nyquist = append(nyquist, axis)
		}
	}
	var sum complex128
	signs := 1 << len(nyquist)
	for b := range signs {
		for j, axis := range nyquist {
			k[axis] = math.Abs(k[axis])
			if b>>j&1 == 1 {
				k[axis] = -k[axis]
			}
		}
		sum += f(k)
	}
	return sum / complex(float64(signs), 0)
}
