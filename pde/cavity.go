package pde

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Cavity is the steady flow in the unit square whose lid, y = 1, moves along itself:
//
//	(u·∇)u + ∇p = ∇²u/Re,  ∇·u = 0,  u = (Lid(x), 0) on the lid, 0 on the other walls,  p = 0 at (0, 0)
//
// by collocation: velocities of degree Order in x and y, the pressure of degree Order − 2, at Chebyshev's nodes. Where the lid
// moves at a corner the flow is that of [movingCorner] plus a remainder that is smooth enough for polynomials.
// Source: Botella & Peyret 1998, Computers & Fluids 27.
type Cavity struct {
	Reynolds float64
	Lid      func(x float64) float64 // nil: 1
	Order    int                     // 0 means 28
}

// CavityFlow is the solution of a [Cavity].
type CavityFlow struct {
	nodes, inner chebyshev
	corners      []movingCorner
	u, v         []float64 // of the remainder at the nodes, [x, y]
	p            []float64 // at the inner nodes
	scratch      [4][]float64
}

// Solve finds the flow by Newton's method, on coarser grids first.
func (c Cavity) Solve() (*CavityFlow, error) {
	if c.Order == 0 {
		c.Order = 28
	}
	if c.Lid == nil {
		c.Lid = func(float64) float64 { return 1 }
	}
	if !(c.Reynolds > 0) || c.Order < 6 {
		return nil, fmt.Errorf("pde: Cavity: Reynolds number %v and order %d: want a positive one and 6 or more", c.Reynolds, c.Order)
	}
	corners := []movingCorner{newMovingCorner(0, c.Lid, 1/c.Reynolds), newMovingCorner(1, c.Lid, 1/c.Reynolds)}
	var flow *CavityFlow
	for order := max(6, c.Order/3); ; order = min(c.Order, 2*order) {
		next := newCavityFlow(order, corners)
		next.start(c.Lid, flow)
		if err := next.newton(1 / c.Reynolds); err != nil {
			return nil, err
		}
		flow = next
		if order == c.Order {
			return flow, nil
		}
	}
}

func newCavityFlow(order int, corners []movingCorner) *CavityFlow {
	f := &CavityFlow{nodes: newChebyshev(order, true), inner: newChebyshev(order, false), corners: corners}
	n, m := len(f.nodes.x), len(f.inner.x)
	f.u, f.v, f.p = make([]float64, n*n), make([]float64, n*n), make([]float64, m*m)
	for i := range f.scratch {
		f.scratch[i] = make([]float64, n)
	}
	return f
}

// start sets the values on the walls, and takes the others from a coarser flow.
func (f *CavityFlow) start(lid func(x float64) float64, coarse *CavityFlow) {
	n := len(f.nodes.x)
	for i, x := range f.nodes.x {
		for j, y := range f.nodes.x {
			k := i*n + j
			switch wall := i == 0 || i == n-1 || j == 0; {
			case j == n-1:
				f.u[k] = lid(x)
			case !wall && coarse != nil:
				f.u[k], f.v[k], _ = coarse.At(x, y)
			}
			for _, c := range f.corners {
				s := c.at(x, y)
				f.u[k], f.v[k] = f.u[k]-s.u, f.v[k]-s.v
			}
		}
	}
	if coarse == nil {
		return
	}
	m := len(f.inner.x)
	for i, x := range f.inner.x {
		for j, y := range f.inner.x {
			_, _, f.p[i*m+j] = coarse.At(x, y)
			for _, c := range f.corners {
				f.p[i*m+j] -= c.at(x, y).p
			}
		}
	}
}

// newton solves F(z) = 0 for the inner values z of u, v and p. The matrix is kept while it is good for a tenth of the residual.
func (f *CavityFlow) newton(nu float64) error {
	m := len(f.inner.x)
	n := m + 2
	s := newCavitySystem(f, nu)
	var lu mat.LU
	factored, last := false, math.Inf(1)
	const limit = 40
	for range limit {
		norm := s.residual()
		if norm <= 1e-11*float64(m) {
			return nil
		}
		if !factored || !(norm <= last/10) {
			s.linearise()
			lu.Factorize(s.matrix)
			factored = true
		}
		last = norm
		step := mat.NewVecDense(3*m*m, nil)
		if err := lu.SolveVecTo(step, false, mat.NewVecDense(3*m*m, s.r)); err != nil {
			return fmt.Errorf("pde: Cavity: %w", err)
		}
		for i := range m {
			for j := range m {
				k, inner := (i+1)*n+j+1, i*m+j
				f.u[k] -= step.AtVec(inner)
				f.v[k] -= step.AtVec(m*m + inner)
				f.p[inner] -= step.AtVec(2*m*m + inner)
			}
		}
	}
	return fmt.Errorf("pde: Cavity: residual %.3g after %d steps: %w", s.residual(), limit, ErrNotConverged)
}

// At is the flow at a point of the square. At corners where the pressure has no bound it is NaN.
func (f *CavityFlow) At(x, y float64) (u, v, p float64) {
	n, m := len(f.nodes.x), len(f.inner.x)
	bx, by, px, py := f.scratch[0], f.scratch[1], f.scratch[2][:m], f.scratch[3][:m]
	f.nodes.basis(bx, x)
	f.nodes.basis(by, y)
	f.inner.basis(px, x)
	f.inner.basis(py, y)
	for i, w := range bx {
		u += w * dot(by, f.u[i*n:(i+1)*n])
		v += w * dot(by, f.v[i*n:(i+1)*n])
	}
	for i, w := range px {
		p += w * dot(py, f.p[i*m:(i+1)*m])
	}
	for _, c := range f.corners {
		s := c.at(x, y)
		u, v, p = u+s.u, v+s.v, p+s.p
	}
	return u, v, p
}
