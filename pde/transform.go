package pde

import "gonum.org/v1/gonum/dsp/fourier"

// transform is the real discrete Fourier transform over all axes of a C-ordered array, û_k = (1/n) Σ_j u_j exp(-2πi k·j/n):
// real to half-complex along the last axis, complex along the others. It allocates only when it is made.
type transform struct {
	points      []int
	size, modes int
	last        lineFFT
	others      []*fourier.CmplxFFT // for all axes but the last
	line        []complex128
}

func newTransform(points []int) *transform {
	d := len(points)
	t := &transform{points: points, size: 1, modes: points[d-1]/2 + 1, last: newLineFFT(points[d-1])}
	longest := 0
	for i, n := range points {
		t.size *= n
		if i < d-1 {
			t.modes *= n
			t.others = append(t.others, fourier.NewCmplxFFT(n))
			longest = max(longest, n)
		}
	}
	t.line = make([]complex128, longest)
	return t
}

// wavenumber is the integer wavenumber of a flat mode index along an axis: 0..n/2 on the last, 0, 1, …, -1 on the others.
func (t *transform) wavenumber(axis, mode int) int {
	d := len(t.points)
	half := t.points[d-1]/2 + 1
	if axis == d-1 {
		return mode % half
	}
	mode /= half
	for i := d - 2; i > axis; i-- {
		mode /= t.points[i]
	}
	n := t.points[axis]
	m := mode % n
	if 2*m >= n && n > 1 {
		m -= n
	}
	return m
}

func (t *transform) forward(dst []complex128, u []float64) {
	n := t.points[len(t.points)-1]
	half := n/2 + 1
	for r := range t.size / n {
		t.last.Coefficients(dst[r*half:(r+1)*half], u[r*n:(r+1)*n])
	}
	for axis := range t.others {
		t.along(axis, dst, t.others[axis].Coefficients)
	}
	scale := complex(1/float64(t.size), 0)
	for i := range dst {
		dst[i] *= scale
	}
}

func (t *transform) inverse(dst []float64, u []complex128) {
	for axis := range t.others {
		t.along(axis, u, t.others[axis].Sequence)
	}
	n := t.points[len(t.points)-1]
	half := n/2 + 1
	for r := range t.size / n {
		t.last.Sequence(dst[r*n:(r+1)*n], u[r*half:(r+1)*half])
	}
}

// along applies a one-dimensional complex transform in place to every line of the spectrum along an axis but the last.
func (t *transform) along(axis int, u []complex128, f func(dst, src []complex128) []complex128) {
	n := t.points[axis]
	stride := t.points[len(t.points)-1]/2 + 1
	for i := axis + 1; i < len(t.points)-1; i++ {
		stride *= t.points[i]
	}
	line := t.line[:n]
	for start := 0; start < len(u); start += n * stride {
		for o := start; o < start+stride; o++ {
			for i := range line {
				line[i] = u[o+i*stride]
			}
			f(line, line)
			for i := range line {
				u[o+i*stride] = line[i]
			}
		}
	}
}
