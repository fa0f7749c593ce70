package pde

// FitzHughNagumo is u_t = D_u ∇²u + u - u³ - k - v, v_t = D_v ∇²v + u - v in N cells per axis of a square (or of an interval, Axes = 1)
// of side Length without flux through its wall; five-point differences, second order. A state is [u, v] of [y, x].
// Explicit integrators need a step below Δx²/(2 Axes max(D_u, D_v)). Source: Takamoto et al. 2022 (PDEBench), on [-1, 1]².
type FitzHughNagumo struct {
	Cells, Axes int
	Length      float64
	Du, Dv, K   float64
}

// Size implements [Rates].
func (p FitzHughNagumo) Size() int {
	if p.Axes == 1 {
		return 2 * p.Cells
	}
	return 2 * p.Cells * p.Cells
}

// Rate implements [Rates].
func (p FitzHughNagumo) Rate(dst, state []float64) {
	half := p.Size() / 2
	u, v := state[:half], state[half:2*half]
	p.laplace(dst[:half], u, p.Du)
	p.laplace(dst[half:2*half], v, p.Dv)
	for i, x := range u {
		dst[i] += x - x*x*x - p.K - v[i]
		dst[half+i] += x - v[i]
	}
}

// laplace is dst = d ∇²u; a missing neighbour has the cell's own value.
func (p FitzHughNagumo) laplace(dst, u []float64, d float64) {
	n := p.Cells
	dx := p.Length / float64(n)
	c := d / (dx * dx)
	rows := len(u) / n
	for i := range rows {
		row, out := u[i*n:(i+1)*n], dst[i*n:(i+1)*n]
		down, up := u[max(0, i-1)*n:][:n], u[min(rows-1, i+1)*n:][:n]
		for j, v := range row {
			out[j] = c * (row[max(0, j-1)] + row[min(n-1, j+1)] + down[j] + up[j] - 4*v)
		}
	}
}
