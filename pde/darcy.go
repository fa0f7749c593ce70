package pde

import (
	"fmt"
	"math"
)

// Darcy is -∇·(a ∇u) = f on the unit square, u = 0 on the wall, by finite volumes on N×N points:
//
//	Σ_faces a_face (u_p - u_neighbour)/h² = f_p
//
// Nodes: point (i,j) at (i/(N-1), j/(N-1)), wall points included, h = 1/(N-1). Cells: at ((i+1/2)/N, (j+1/2)/N), h = 1/N;
// a wall face lies h/2 away and carries 2 a_p (u_p - 0)/h².
//
// a_face is the harmonic mean 2ab/(a+b), right where a jumps between points, or the arithmetic mean (a+b)/2 of the 2021 FNO script.
// Second order in h for smooth a; first order near a jump. The linear system is solved by conjugate gradients with modified
// incomplete Cholesky, in O(√N) iterations.
type Darcy struct {
	N         int
	Points    PointLayout
	Mean      FaceMean
	Tolerance float64 // of the residual relative to f; 0 means 1e-12
	Limit     int     // of iterations, reaching it is an error; 0 means 10 N + 100
}

// PointLayout says where the points of a square grid sit.
type PointLayout int

const (
	Nodes PointLayout = iota // on the wall too: i/(N-1)
	Cells                    // cell centres: (i+1/2)/N
)

// FaceMean is how a coefficient given at points is taken to the face between two of them.
type FaceMean int

const (
	Harmonic FaceMean = iota
	Arithmetic
)

// DarcySolver is a [Darcy] problem with its memory: one goroutine uses it, for any number of coefficients.
type DarcySolver struct {
	Darcy
	m    int // unknowns per axis
	a    *stencil
	cg   *conjugateGradient
	x, b []float64
}

// Solver allocates the memory of a solve.
func (d Darcy) Solver() (*DarcySolver, error) {
	if d.Points != Nodes && d.Points != Cells {
		return nil, fmt.Errorf("pde: Darcy: unknown point layout %d", d.Points)
	}
	if d.Mean != Harmonic && d.Mean != Arithmetic {
		return nil, fmt.Errorf("pde: Darcy: unknown face mean %d", d.Mean)
	}
	m := d.N
	if d.Points == Nodes {
		m -= 2
	}
	if m < 1 {
		return nil, fmt.Errorf("pde: Darcy: %d points per axis leave no unknown", d.N)
	}
	if d.Tolerance == 0 {
		d.Tolerance = 1e-12
	}
	if d.Limit == 0 {
		d.Limit = 10*d.N + 100
	}
	a := newStencil(m, m)
	return &DarcySolver{Darcy: d, m: m, a: a, cg: newConjugateGradient(a), x: a.vector(), b: a.vector()}, nil
}

// Solve writes u for the coefficient a > 0 and the source f, all [N, N]; a nil f is the constant 1.
// It starts from zero, so that the result is a function of a and f alone. It returns the number of iterations.
func (s *DarcySolver) Solve(u, a, f []float64) (int, error) {
	n := s.N
	if len(u) != n*n || len(a) != n*n || f != nil && len(f) != n*n {
		return 0, fmt.Errorf("pde: Darcy: u, a, f have %d, %d, %d values, want %d×%d", len(u), len(a), len(f), n, n)
	}
	for p, v := range a {
		if !(v > 0) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("pde: Darcy: coefficient %v at (%d, %d), must be positive and finite", v, p/n, p%n)
		}
	}
	s.assemble(a, f)
	clear(s.x)
	iterations, err := s.cg.solve(s.x, s.b, s.Tolerance, s.Limit)
	if err != nil {
		return iterations, fmt.Errorf("pde: Darcy on %d×%d points: %w", n, n, err)
	}
	clear(u)
	o, x := s.offset(), s.a.inner(s.x, 0)
	for i := range s.m {
		copy(u[(i+o)*n+o:], x[i*s.m:(i+1)*s.m])
	}
	return iterations, nil
}

// offset is the grid index of the first unknown on each axis.
func (s *DarcySolver) offset() int { return (s.N - s.m) / 2 }

// assemble writes the matrix and the right-hand side, both multiplied by h².
func (s *DarcySolver) assemble(a, f []float64) {
	n, m, o := s.N, s.m, s.offset()
	h := 1 / float64(n)
	if s.Points == Nodes {
		h = 1 / float64(n-1)
	}
	clear(s.a.diag)
	clear(s.a.right)
	clear(s.a.up)
	for i := range m {
		for j := range m {
			p, g := (i+1)*m+j, (i+o)*n+j+o // one row of padding before the first unknown
			s.b[p] = h * h
			if f != nil {
				s.b[p] *= f[g]
			}
			for _, side := range [...]struct {
				k, dg int // unknown's index along the axis beyond the face, distance in the grid array
				next  []float64
			}{{i - 1, -n, nil}, {i + 1, n, s.a.right}, {j - 1, -1, nil}, {j + 1, 1, s.a.up}} {
				inside := side.k >= 0 && side.k < m
				face := 2 * a[g] // a cell's wall face
				if inside || s.Points == Nodes {
					face = s.face(a[g], a[g+side.dg])
				}
				s.a.diag[p] += face
				if inside && side.next != nil {
					side.next[p] = face
				}
			}
		}
	}
}

func (s *DarcySolver) face(a, b float64) float64 {
	if s.Mean == Arithmetic {
		return (a + b) / 2
	}
	return 2 * a * b / (a + b)
}
