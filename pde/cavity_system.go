package pde

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// cavitySystem are the equations of a [CavityFlow] at its inner nodes, x-momentum, y-momentum and continuity, the last of which at the
// first node is p(0, 0) = 0 instead: the others imply it.
type cavitySystem struct {
	f          *CavityFlow
	nu         float64
	d, d2, dp  [][]float64 // derivatives of velocities, and of the pressure
	known      []cornerFlow
	u          []cornerFlow // the whole flow at the inner nodes, with gradients
	r          []float64
	matrix     *mat.Dense
	origin     []float64 // of the pressure's basis
	cornerZero float64   // pressure of the corners at (0, 0)
}

func newCavitySystem(f *CavityFlow, nu float64) *cavitySystem {
	m := len(f.inner.x)
	s := &cavitySystem{f: f, nu: nu, d: f.nodes.derivative(), dp: f.inner.derivative(),
		known: make([]cornerFlow, m*m), u: make([]cornerFlow, m*m), r: make([]float64, 3*m*m), matrix: mat.NewDense(3*m*m, 3*m*m, nil), origin: make([]float64, m)}
	for i := range s.d {
		row := make([]float64, len(s.d))
		for k, a := range s.d[i] {
			axpy(row, a, s.d[k])
		}
		s.d2 = append(s.d2, row)
	}
	f.inner.basis(s.origin, 0)
	for _, c := range f.corners {
		s.cornerZero += c.at(0, 0).p
		for i, x := range f.inner.x {
			for j, y := range f.inner.x {
				s.known[i*m+j] = s.known[i*m+j].plus(c.at(x, y))
			}
		}
	}
	return s
}

// residual evaluates the equations and returns the root mean square.
func (s *cavitySystem) residual() float64 {
	f, m := s.f, len(s.f.inner.x)
	n := m + 2
	along := func(d []float64, a []float64, j int) (sum float64) { // in x
		for k, w := range d {
			sum += w * a[k*n+j]
		}
		return sum
	}
	sum := 0.0
	for i := range m {
		for j := range m {
			k, at := i*m+j, (i+1)*n
			row, row2 := s.d[i+1], s.d2[i+1]
			col, col2 := s.d[j+1], s.d2[j+1]
			flow := s.known[k].plus(cornerFlow{
				u: f.u[at+j+1], ux: along(row, f.u, j+1), uy: dot(col, f.u[at:at+n]),
				v: f.v[at+j+1], vx: along(row, f.v, j+1), vy: dot(col, f.v[at:at+n]),
			})
			s.u[k] = flow
			px := 0.0
			for l, w := range s.dp[i] {
				px += w * f.p[l*m+j]
			}
			py := dot(s.dp[j], f.p[i*m:(i+1)*m])
			s.r[k] = flow.u*flow.ux + flow.v*flow.uy + px - s.nu*(along(row2, f.u, j+1)+dot(col2, f.u[at:at+n]))
			s.r[m*m+k] = flow.u*flow.vx + flow.v*flow.vy + py - s.nu*(along(row2, f.v, j+1)+dot(col2, f.v[at:at+n]))
			s.r[2*m*m+k] = flow.ux + flow.vy
		}
	}
	s.r[2*m*m] = s.cornerZero
	for i, w := range s.origin {
		s.r[2*m*m] += w * dot(s.origin, f.p[i*m:(i+1)*m])
	}
	for _, r := range s.r {
		sum += r * r
	}
	return math.Sqrt(sum / float64(len(s.r)))
}

// linearise writes the matrix of derivatives at the flow of the last residual.
func (s *cavitySystem) linearise() {
	m := len(s.f.inner.x)
	all := m * m
	s.matrix.Zero()
	add := func(row, column int, v float64) {
		line := s.matrix.RawRowView(row)
		line[column] += v
	}
	for i := range m {
		for j := range m {
			k := i*m + j
			flow := s.u[k]
			for _, c := range []int{0, all} { // the component of the momentum
				for l := range m {
					add(c+k, c+l*m+j, flow.u*s.d[i+1][l+1]-s.nu*s.d2[i+1][l+1])
					add(c+k, c+i*m+l, flow.v*s.d[j+1][l+1]-s.nu*s.d2[j+1][l+1])
				}
			}
			add(k, k, flow.ux)
			add(k, all+k, flow.uy)
			add(all+k, k, flow.vx)
			add(all+k, all+k, flow.vy)
			for l := range m {
				add(k, 2*all+l*m+j, s.dp[i][l])
				add(all+k, 2*all+i*m+l, s.dp[j][l])
				if k > 0 {
					add(2*all+k, l*m+j, s.d[i+1][l+1])
					add(2*all+k, all+i*m+l, s.d[j+1][l+1])
				}
			}
		}
	}
	for i, a := range s.origin {
		for j, b := range s.origin {
			add(2*all, 2*all+i*m+j, a*b)
		}
	}
}
