package pde

// factors are numbers to multiply a spectrum with, one per mode and trajectory; a part that vanishes everywhere is nil.
type factors[T Float] struct {
	k      Kernels[T]
	re, im []T
	minus  []T // -im, where there is no real part
}

// newFactors evaluates a function of the modes of t.
func newFactors[T Float](t *transform[T], f func(mode int) complex128) factors[T] {
	w := factors[T]{k: t.k, re: make([]T, t.modes*t.batch), im: make([]T, t.modes*t.batch)}
	var real, imaginary bool
	for mode := range t.modes {
		v := f(mode)
		real, imaginary = real || v != complex(0, imagOf(v)), imaginary || imagOf(v) != 0
		for b := range t.batch {
			w.re[mode*t.batch+b], w.im[mode*t.batch+b] = T(realOf(v)), T(imagOf(v))
		}
	}
	if !imaginary {
		w.im = nil
	}
	if !real {
		w.re = nil
		for _, v := range w.im {
			w.minus = append(w.minus, -v)
		}
	}
	return w
}

func realOf(v complex128) float64 { return real(v) }
func imagOf(v complex128) float64 { return imag(v) }

// times is dst = w u; dst may be u.
func (w factors[T]) times(dst, u planes[T]) {
	switch {
	case w.re == nil && w.im == nil:
		clear(dst.re)
		clear(dst.im)
	case w.im == nil:
		w.k.Mul(dst.re, w.re, u.re)
		w.k.Mul(dst.im, w.re, u.im)
	case w.re == nil && &dst.re[0] != &u.re[0]:
		w.k.Mul(dst.re, w.minus, u.im)
		w.k.Mul(dst.im, w.im, u.re)
	case w.re == nil:
		for i, v := range w.im {
			dst.re[i], dst.im[i] = -v*u.im[i], v*u.re[i]
		}
	default:
		w.k.MulComplex(dst.re, dst.im, w.re, w.im, u.re, u.im)
	}
}

// add is dst += w u.
func (w factors[T]) add(dst, u planes[T]) {
	if w.re != nil {
		w.k.MulAdd(dst.re, w.re, u.re)
		w.k.MulAdd(dst.im, w.re, u.im)
	}
	if w.im != nil {
		w.k.MulSub(dst.re, w.im, u.im)
		w.k.MulAdd(dst.im, w.im, u.re)
	}
}
