package pde

import "math"

// SorptionNodes is [DiffusionSorption] on nodes that hold both walls, x_i = i/N, i = 0 … N = Cells, second order throughout: u_0 = Left, and
// u = −D u_x at the right wall, u_N = D (4 u_(N-1) − u_(N-2))/(2Δx + 3D). The state is the nodes 1 … N−1 between them.
type SorptionNodes struct{ DiffusionSorption }

// Size implements [Rates].
func (p SorptionNodes) Size() int { return p.Cells - 1 }

// Right is the value at the right wall for a state.
func (p SorptionNodes) Right(u []float64) float64 {
	n := len(u)
	return p.D * (4*u[n-1] - u[n-2]) / (2/float64(p.Cells) + 3*p.D)
}

// Rate implements [Rates].
func (p SorptionNodes) Rate(dst, u []float64) {
	dx := 1 / float64(p.Cells)
	c := (1 - p.Porosity) / p.Porosity * p.Density * p.K * p.NF
	right := p.Right(u)
	for i, v := range u {
		l, r := p.Left, right
		if i > 0 {
			l = u[i-1]
		}
		if i < len(u)-1 {
			r = u[i+1]
		}
		dst[i] = p.D / (1 + c*math.Pow(math.Max(v, 0)+1e-6, p.NF-1)) * (l - 2*v + r) / (dx * dx)
	}
}
