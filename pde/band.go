package pde

// band is an n×n matrix with b diagonals on either side of the main one, row by row: A_ij at a[i(2b+1) + j-i+b].
type band struct {
	n, b int
	a    []float64
}

func newBand(n, b int) *band { return &band{n, b, make([]float64, n*(2*b+1))} }

func (m *band) at(i, j int) *float64 { return &m.a[i*(2*m.b+1)+j-i+m.b] }

func (m *band) addDiagonal(v float64) {
	for i := range m.n {
		*m.at(i, i) += v
	}
}

// factor replaces the matrix by L and U, without pivoting: for matrices with a dominant diagonal, as 1 - h J of a diffusion is.
func (m *band) factor() {
	w := 2*m.b + 1
	for k := range m.n {
		inv := 1 / m.a[k*w+m.b]
		for i := k + 1; i <= min(m.n-1, k+m.b); i++ {
			l := m.a[i*w+k-i+m.b] * inv
			m.a[i*w+k-i+m.b] = l
			for j := k + 1; j <= min(m.n-1, k+m.b); j++ {
				m.a[i*w+j-i+m.b] -= l * m.a[k*w+j-k+m.b]
			}
		}
	}
}

// solve replaces x by A⁻¹ x after factor.
func (m *band) solve(x []float64) {
	w := 2*m.b + 1
	for i := range m.n {
		for j := max(0, i-m.b); j < i; j++ {
			x[i] -= m.a[i*w+j-i+m.b] * x[j]
		}
	}
	for i := m.n - 1; i >= 0; i-- {
		for j := i + 1; j <= min(m.n-1, i+m.b); j++ {
			x[i] -= m.a[i*w+j-i+m.b] * x[j]
		}
		x[i] /= m.a[i*w+m.b]
	}
}
