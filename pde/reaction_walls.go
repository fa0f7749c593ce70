package pde

// ReactionWalls is u_t = ν u_xx + f(u) at Nodes nodes of an interval, its ends included, each of which keeps its value or lets no flux
// through; differences of five points, fourth order. What lies beyond an end, for k = 1, 2:
//
//	no flux:  u_{-k} = u_k
//	fixed:    u_{-k} = 2 u_0 − u_k − (k h)² f(u_0)/ν,  since u_xx = −f/ν where u_t = 0
type ReactionWalls struct {
	Nodes    int
	Length   float64
	Nu       float64
	Reaction func(u float64) float64
	NoFlux   bool // at both ends; otherwise they keep their values
}

// Size implements [Rates].
func (r ReactionWalls) Size() int { return r.Nodes }

// Band implements [Banded].
func (r ReactionWalls) Band() int { return 2 }

// Rate implements [Rates].
func (r ReactionWalls) Rate(dst, u []float64) {
	n := r.Nodes
	h := r.Length / float64(n-1)
	beyond := func(end, inner, k int) float64 {
		if r.NoFlux {
			return u[inner]
		}
		d := float64(k) * h
		return 2*u[end] - u[inner] - d*d*r.Reaction(u[end])/r.Nu
	}
	at := func(i int) float64 {
		switch {
		case i < 0:
			return beyond(0, -i, -i)
		case i >= n:
			return beyond(n-1, 2*(n-1)-i, i-n+1)
		}
		return u[i]
	}
	for i := range dst {
		if !r.NoFlux && (i == 0 || i == n-1) {
			dst[i] = 0
			continue
		}
		second := (16*(at(i-1)+at(i+1)) - at(i-2) - at(i+2) - 30*u[i]) / (12 * h * h)
		dst[i] = r.Nu*second + r.Reaction(u[i])
	}
}
