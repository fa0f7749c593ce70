package op

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Quarter turns are exact, and whole turns change no bit.
func TestTwiddleReducesExactly(t *testing.T) {
	for quarter, want := range [][2]float64{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
		for _, n := range []int{4, 12, 1024} {
			for _, turns := range []int{0, 7, -1 << 30} {
				if cos, sin := Twiddle(turns*n+quarter*n/4, 1, n); cos != want[0] || sin != want[1] {
					t.Errorf("%d quarter turns and %d turns: %v, %v", quarter, turns, cos, sin)
				}
			}
		}
	}
	for k := range 9 {
		cos, sin := Twiddle(k, 1, 9)
		if c, s := Twiddle(k-9<<40, 1, 9); c != cos || s != sin {
			t.Errorf("%d ninths: %v, %v, after whole turns %v, %v", k, cos, sin, c, s)
		}
	}
}

// Against gonum's FFT: the coefficients of RealDFT, and RealSynthesis as their inverse.
func TestRealDFTAgreesWithFFT(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 7, 8, 12, 30} {
		x := field(Of(n, 1))
		want := fourier.NewFFT(n).Coefficients(nil, x.Data)
		got := apply(t, RealDFTOp{Bins: n/2 + 1, Scale: 1}, x)
		tol := 8 * float64(n) * 0x1p-53 * norm(x)
		for k, c := range want {
			if re, im := got.Data[2*k], got.Data[2*k+1]; !(math.Hypot(re-real(c), im-imag(c)) <= tol) {
				t.Errorf("%d points, k = %d: %v + %vi, want %v", n, k, re, im, c)
			}
		}
		got.Data[1] = 5 // plays no role, nor does that of the highest wavenumber of an even number of points
		if n%2 == 0 {
			got.Data[n+1] = 7
		}
		back := apply(t, RealSynthesisOp{N: n, Scale: 1 / float64(n), Twice: true}, got)
		for i, v := range x.Data {
			if !(math.Abs(back.Data[i]-v) <= tol) {
				t.Errorf("%d points: element %d comes back as %v, was %v", n, i, back.Data[i], v)
			}
		}
	}
}

// Against gonum's FFT: the coefficients of DFT for signed wavenumbers, and Synthesis as their inverse.
func TestDFTAgreesWithFFT(t *testing.T) {
	for _, n := range []int{1, 2, 5, 8, 12} {
		x := field(Of(2, n, 1))
		z := make([]complex128, n)
		for i := range z {
			z[i] = complex(x.Data[i], x.Data[n+i])
		}
		fft := fourier.NewCmplxFFT(n).Coefficients(nil, z)
		tol := 8 * float64(n) * 0x1p-53 * norm(x)
		for _, first := range []int{-n / 2, 0, 3} {
			got := apply(t, DFTOp{First: first, Count: n, Scale: 1}, x)
			for i := range n {
				want := fft[((first+i)%n+n)%n]
				if re, im := got.Data[2*i], got.Data[2*i+1]; !(math.Hypot(re-real(want), im-imag(want)) <= tol) {
					t.Errorf("%d points, k = %d: %v + %vi, want %v", n, first+i, re, im, want)
				}
			}
			back := apply(t, SynthesisOp{First: first, N: n, Scale: 1 / float64(n)}, got)
			for i, v := range x.Data {
				if !(math.Abs(back.Data[i]-v) <= tol) {
					t.Errorf("%d points from %d: element %d comes back as %v, was %v", n, first, i, back.Data[i], v)
				}
			}
		}
	}
}

func norm(x Array) float64 {
	s := 0.0
	for _, v := range x.Data {
		s += v * v
	}
	return math.Sqrt(s)
}

// A synthesis written by its user function inverts the analysis: the bins between the first and the last count twice.
func TestTransformsInvertEachOther(t *testing.T) {
	g := NewGraph()
	x := g.Input("x", Float64, Of(2, 9, 6, 3))
	spectrum := DFT(RealDFT(x, 4, 1./6), 1, -4, 9, 1./9)
	y := RealSynthesis(Synthesis(spectrum, 1, -4, 9, 1), 6, 1)
	in := field(x.Dims())
	got := run(t, map[Value]Array{x: in}, y)
	for i, v := range in.Data {
		if !(math.Abs(got.Data[i]-v) <= 1e-14) {
			t.Fatalf("element %d comes back as %v, was %v", i, got.Data[i], v)
		}
	}
}
