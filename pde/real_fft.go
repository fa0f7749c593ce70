package pde

import (
	"math"
	"math/bits"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// lineFFT is the unnormalised real transform of one line: Coefficients takes u to Σ_j u_j exp(-2πi jk/n), k = 0..n/2,
// Sequence takes c to Σ_k c_k exp(2πi jk/n) over all n modes.
type lineFFT interface {
	Coefficients(dst []complex128, u []float64) []complex128
	Sequence(dst []float64, c []complex128) []float64
}

// newLineFFT picks the faster transform of the length: a step of a pseudo-spectral method is little else.
func newLineFFT(n int) lineFFT {
	if n >= 8 && bits.OnesCount(uint(n)) == 1 {
		return newRealFFT(n)
	}
	return fourier.NewFFT(n)
}

// realFFT transforms n = 2m real values, m a power of two, as m complex ones z_j = u_2j + i u_2j+1 with the spectrum Z = E + iO:
//
//	E_k = (Z_k + Z*_(m-k))/2,  O_k = -i (Z_k - Z*_(m-k))/2,  û_k = E_k + exp(-2πi k/n) O_k
//
// The complex transform is Stockham's, radix 4 with one radix-2 pass where m is not a power of four. For n = 512 it takes
// a fifth of the time of the general one (4.2 µs there and back against 20).
type realFFT struct {
	m       int
	w       []complex128 // exp(-2πi k/n), k = 0..m/2
	twiddle []complex128 // per radix-4 pass and p: w^p, w^2p, w^3p
	x, y    []complex128
}

func newRealFFT(n int) *realFFT {
	m := n / 2
	f := &realFFT{m: m, w: make([]complex128, m/2+1), x: make([]complex128, m), y: make([]complex128, m)}
	for k := range f.w {
		f.w[k] = cmplx.Rect(1, -2*math.Pi*float64(k)/float64(n))
	}
	for length := m; length >= 4; length /= 4 {
		for p := range length / 4 {
			for j := 1; j <= 3; j++ {
				f.twiddle = append(f.twiddle, cmplx.Rect(1, -2*math.Pi*float64(j*p)/float64(length)))
			}
		}
	}
	return f
}

// Coefficients implements lineFFT.
func (f *realFFT) Coefficients(dst []complex128, u []float64) []complex128 {
	m := f.m
	u = u[:2*m]
	for j := range f.x {
		f.x[j] = complex(u[2*j], u[2*j+1])
	}
	f.complex()
	z := f.x
	dst[0] = complex(real(z[0])+imag(z[0]), 0)
	dst[m] = complex(real(z[0])-imag(z[0]), 0)
	for k, j := 1, m-1; k <= j; k, j = k+1, j-1 {
		a, b := z[k], z[j]
		er, ei := (real(a)+real(b))/2, (imag(a)-imag(b))/2
		or, oi := (imag(a)+imag(b))/2, (real(b)-real(a))/2
		wr, wi := real(f.w[k]), imag(f.w[k])
		tr, ti := wr*or-wi*oi, wr*oi+wi*or
		dst[k] = complex(er+tr, ei+ti)
		dst[j] = complex(er-tr, ti-ei)
	}
	return dst
}

// Sequence implements lineFFT. The inverse is the forward transform between two conjugations.
func (f *realFFT) Sequence(dst []float64, c []complex128) []float64 {
	m := f.m
	c = c[:m+1]
	f.x[0] = complex(real(c[0])+real(c[m]), real(c[m])-real(c[0]))
	for k, j := 1, m-1; k <= j; k, j = k+1, j-1 {
		a, b := c[k], c[j]
		er, ei := real(a)+real(b), imag(a)-imag(b)
		dr, di := real(a)-real(b), imag(a)+imag(b)
		wr, wi := real(f.w[k]), -imag(f.w[k])
		or, oi := wr*dr-wi*di, wr*di+wi*dr
		f.x[k] = complex(er-oi, -ei-or)
		f.x[j] = complex(er+oi, ei-or)
	}
	f.complex()
	dst = dst[:2*m]
	for j, z := range f.x {
		dst[2*j], dst[2*j+1] = real(z), -imag(z)
	}
	return dst
}

// complex transforms x in place, y being the other half of the ping-pong.
func (f *realFFT) complex() {
	x, y, twiddle := f.x, f.y, f.twiddle
	stride := 1
	length := f.m
	for ; length >= 4; length /= 4 {
		quarter := length / 4
		step := stride * quarter
		for p := range quarter {
			w1, w2, w3 := twiddle[0], twiddle[1], twiddle[2]
			twiddle = twiddle[3:]
			a := x[stride*p:][:stride]
			b := x[stride*p+step:][:stride]
			c := x[stride*p+2*step:][:stride]
			d := x[stride*p+3*step:][:stride]
			out := y[4*stride*p:][:4*stride]
			o0, o1, o2, o3 := out[:stride], out[stride:][:stride], out[2*stride:][:stride], out[3*stride:][:stride]
			for q := range a {
				ac, bd := a[q]+c[q], b[q]+d[q]
				s, t := a[q]-c[q], b[q]-d[q]
				it := complex(imag(t), -real(t)) // -i (b-d)
				o0[q] = ac + bd
				o1[q] = w1 * (s + it)
				o2[q] = w2 * (ac - bd)
				o3[q] = w3 * (s - it)
			}
		}
		x, y = y, x
		stride *= 4
	}
	if length == 2 {
		a, b := x[:stride], x[stride:][:stride]
		c, d := y[:stride], y[stride:][:stride]
		for q := range a {
			c[q], d[q] = a[q]+b[q], a[q]-b[q]
		}
		x, y = y, x
	}
	f.x, f.y = x, y
}
