package eval

import "gonum.org/v1/gonum/dsp/fourier"

// transform is the discrete Fourier transform over all axes of a grid, of one size, with its memory:
//
//	û[k..] = Σ_x.. u[x..] exp(−2πi Σ_a k_a x_a / n_a)
//
// without a factor, every axis in the order 0, 1, .., −1.
type transform struct {
	grid  []int
	lines []*fourier.CmplxFFT // by axis
	hat   []complex128
	line  []complex128
}

func newTransform(grid []int) *transform {
	t := &transform{grid: grid, hat: make([]complex128, product(grid))}
	for _, n := range grid {
		t.lines = append(t.lines, fourier.NewCmplxFFT(n))
		if n > len(t.line) {
			t.line = make([]complex128, n)
		}
	}
	return t
}

// forward transforms u, [x..]; the result is overwritten by the next call.
func (t *transform) forward(u []float64) []complex128 {
	for i, v := range u {
		t.hat[i] = complex(v, 0)
	}
	t.along(func(plan *fourier.CmplxFFT, line []complex128) { plan.Coefficients(line, line) })
	return t.hat
}

// along applies f to every line of t.hat along each axis in turn.
func (t *transform) along(f func(plan *fourier.CmplxFFT, line []complex128)) {
	stride := len(t.hat)
	for a, n := range t.grid {
		stride /= n
		line := t.line[:n]
		for first := range t.hat {
			if first/stride%n != 0 {
				continue
			}
			for i := range line {
				line[i] = t.hat[first+i*stride]
			}
			f(t.lines[a], line)
			for i := range line {
				t.hat[first+i*stride] = line[i]
			}
		}
	}
}

// wavenumber is the signed wavenumber of place i of n: 0, 1, .., −1, the highest of an even n counting as −n/2.
func wavenumber(i, n int) int {
	if i < (n+1)/2 {
		return i
	}
	return i - n
}

// eachMode calls f with every place of a transform and its signed wavenumbers, which the next call overwrites.
func eachMode(grid []int, f func(at int, k []int)) {
	k := make([]int, len(grid))
	for at := range product(grid) {
		rest := at
		for a := len(grid) - 1; a >= 0; a-- {
			k[a] = wavenumber(rest%grid[a], grid[a])
			rest /= grid[a]
		}
		f(at, k)
	}
}
