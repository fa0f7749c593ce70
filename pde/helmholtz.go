package pde

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Helmholtz is ∇²u + κ u = q on a box of any number of axes, u = 0 on its wall, on Points[i] nodes per axis, the walls included; Poisson's
// equation for κ = 0. The differences have 2 d + 1 points, second order, and are solved directly: the sines
//
//	sin(π m j/(n-1)), eigenvalue -(2/h sin(π m/(2(n-1))))²
//
// diagonalise them, and a κ that meets an eigenvalue has no solution. With Spectral set the eigenvalue is -(π m/L)², that of the
// continuous operator, of spectral accuracy where u continues as an odd function.
type Helmholtz struct {
	Points   []int
	Lengths  []float64
	Kappa    float64
	Spectral bool
}

// Solver allocates the memory of a solve.
func (p Helmholtz) Solver() (*HelmholtzSolver, error) {
	if len(p.Points) == 0 || len(p.Points) != len(p.Lengths) {
		return nil, fmt.Errorf("pde: Helmholtz: points %v and lengths %v must name the same axes, at least one", p.Points, p.Lengths)
	}
	s := &HelmholtzSolver{Helmholtz: p, inner: 1, scale: 1}
	for axis, n := range p.Points {
		if n < 3 || !(p.Lengths[axis] > 0) {
			return nil, fmt.Errorf("pde: Helmholtz: axis %d has %d nodes on a length of %v, need 3 and a positive one", axis, n, p.Lengths[axis])
		}
		m := n - 2
		h := p.Lengths[axis] / float64(n-1)
		lambda := make([]float64, m)
		for i := range lambda {
			w := 2 / h * math.Sin(math.Pi*float64(i+1)/float64(2*(n-1)))
			if p.Spectral {
				w = math.Pi * float64(i+1) / p.Lengths[axis]
			}
			lambda[i] = -w * w
		}
		s.lambda = append(s.lambda, lambda)
		s.sines = append(s.sines, fourier.NewDST(m))
		s.scale /= float64(2 * (n - 1))
		s.inner *= m
		s.line = make([]float64, max(len(s.line), m))
	}
	s.x = make([]float64, s.inner)
	return s, nil
}

// HelmholtzSolver is a [Helmholtz] problem with its memory: one goroutine uses it, for any number of right-hand sides.
type HelmholtzSolver struct {
	Helmholtz
	inner  int
	scale  float64
	lambda [][]float64
	sines  []*fourier.DST
	x      []float64 // the inner nodes
	line   []float64
}

// Solve writes u, wall included, for the right-hand side q at the nodes, whose values on the wall do not matter.
func (s *HelmholtzSolver) Solve(u, q []float64) error {
	total := 1
	for _, n := range s.Points {
		total *= n
	}
	if len(u) != total || len(q) != total {
		return fmt.Errorf("pde: Helmholtz: u and q have %d and %d values, want %d", len(u), len(q), total)
	}
	s.each(func(inner, node int) { s.x[inner] = q[node] })
	s.transform()
	for i := range s.x {
		sum, rest := s.Kappa, i
		size := -s.Kappa
		for axis := len(s.lambda) - 1; axis >= 0; axis-- {
			m := len(s.lambda[axis])
			sum += s.lambda[axis][rest%m]
			size = max(size, -s.lambda[axis][rest%m])
			rest /= m
		}
		if !(math.Abs(sum) > 1e-12*size) {
			return fmt.Errorf("pde: Helmholtz: kappa = %v meets an eigenvalue of the Laplacian: there is no solution", s.Kappa)
		}
		s.x[i] *= s.scale / sum
	}
	s.transform()
	clear(u)
	s.each(func(inner, node int) { u[node] = s.x[inner] })
	return nil
}

// each pairs the inner nodes with their places among all nodes.
func (s *HelmholtzSolver) each(f func(inner, node int)) {
	for i := range s.inner {
		node, stride, rest := 0, 1, i
		for axis := len(s.Points) - 1; axis >= 0; axis-- {
			m := s.Points[axis] - 2
			node += (rest%m + 1) * stride
			stride *= s.Points[axis]
			rest /= m
		}
		f(i, node)
	}
}

// transform is the sine transform along every axis, its own inverse but for the scale.
func (s *HelmholtzSolver) transform() {
	stride := 1
	for axis := len(s.sines) - 1; axis >= 0; axis-- {
		m := len(s.lambda[axis])
		line := s.line[:m]
		for start := 0; start < s.inner; start += m * stride {
			for o := start; o < start+stride; o++ {
				for i := range line {
					line[i] = s.x[o+i*stride]
				}
				s.sines[axis].Transform(line, line)
				for i, v := range line {
					s.x[o+i*stride] = v
				}
			}
		}
		stride *= m
	}
}
