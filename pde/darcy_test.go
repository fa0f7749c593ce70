package pde_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// u = sin(πx) sin(2πy) e^x with a = 1 + x y² solves the equation for f = -∇·(a∇u); the error must fall like h².
func TestDarcyOrder(t *testing.T) {
	for _, layout := range []pde.PointLayout{pde.Nodes, pde.Cells} {
		for _, mean := range []pde.FaceMean{pde.Harmonic, pde.Arithmetic} {
			t.Run(fmt.Sprintf("layout %d, mean %d", layout, mean), func(t *testing.T) {
				coarse := manufactured(t, pde.Darcy{N: 33, Points: layout, Mean: mean})
				fine := manufactured(t, pde.Darcy{N: 65, Points: layout, Mean: mean})
				finest := manufactured(t, pde.Darcy{N: 129, Points: layout, Mean: mean})
				ratio := 2.0 // h halves exactly at nodes
				if layout == pde.Cells {
					ratio = 129.0 / 65
				}
				if order := math.Log(fine/finest) / math.Log(ratio); !(math.Abs(order-2) <= 0.1) || !(coarse > fine) {
					t.Errorf("order %.3f from errors %.3g, %.3g, %.3g", order, coarse, fine, finest)
				}
			})
		}
	}
}

func manufactured(t *testing.T, problem pde.Darcy) float64 {
	t.Helper()
	n := problem.N
	a, f, want, u := make([]float64, n*n), make([]float64, n*n), make([]float64, n*n), make([]float64, n*n)
	for i := range n {
		for j := range n {
			x, y := float64(i)/float64(n-1), float64(j)/float64(n-1)
			if problem.Points == pde.Cells {
				x, y = (float64(i)+0.5)/float64(n), (float64(j)+0.5)/float64(n)
			}
			p := i*n + j
			e, sx, cx, sy, cy := math.Exp(x), math.Sin(math.Pi*x), math.Cos(math.Pi*x), math.Sin(2*math.Pi*y), math.Cos(2*math.Pi*y)
			ux := e * (sx + math.Pi*cx) * sy
			uxx := e * (sx + 2*math.Pi*cx - math.Pi*math.Pi*sx) * sy
			uy, uyy := e*sx*2*math.Pi*cy, -4*math.Pi*math.Pi*e*sx*sy
			a[p], want[p] = 1+x*y*y, e*sx*sy
			f[p] = -(a[p]*(uxx+uyy) + y*y*ux + 2*x*y*uy)
		}
	}
	s, err := problem.Solver()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Solve(u, a, f); err != nil {
		t.Fatal(err)
	}
	return difference(u, want)
}

// The maximum principle, and the symmetries of the square: a transposed or flipped coefficient gives the transposed or flipped solution.
func TestDarcySymmetry(t *testing.T) {
	const n = 24
	for _, layout := range []pde.PointLayout{pde.Nodes, pde.Cells} {
		a := permeability(n, layout)
		s, err := pde.Darcy{N: n, Points: layout}.Solver()
		if err != nil {
			t.Fatal(err)
		}
		solve := func(a []float64) []float64 {
			u := make([]float64, n*n)
			if _, err := s.Solve(u, a, nil); err != nil {
				t.Fatal(err)
			}
			return u
		}
		u := solve(a)
		for name, to := range map[string]func(i, j int) int{
			"transpose": func(i, j int) int { return j*n + i },
			"flip":      func(i, j int) int { return (n-1-i)*n + j },
		} {
			b, want := make([]float64, n*n), make([]float64, n*n)
			for i := range n {
				for j := range n {
					b[to(i, j)], want[to(i, j)] = a[i*n+j], u[i*n+j]
				}
			}
			if d := difference(solve(b), want); !(d <= 1e-12) {
				t.Errorf("layout %d: %s off by %.3g", layout, name, d)
			}
		}
		for p, v := range u {
			wall := layout == pde.Nodes && (p < n || p >= n*(n-1) || p%n == 0 || p%n == n-1)
			if wall != (v == 0) || !(v >= 0) {
				t.Fatalf("layout %d: u = %v at point %d", layout, v, p)
			}
		}
	}
}

// On 421×421 points with the paper's jump of 12 to 3 the solver converges in O(N^½) iterations.
func TestDarcyConverges(t *testing.T) {
	for _, c := range []struct{ n, limit int }{{106, 75}, {421, 160}} {
		s, err := pde.Darcy{N: c.n}.Solver()
		if err != nil {
			t.Fatal(err)
		}
		u := make([]float64, c.n*c.n)
		iterations, err := s.Solve(u, permeability(c.n, pde.Nodes), nil)
		if err != nil || iterations > c.limit {
			t.Errorf("%d×%d: %d iterations (%v), want at most %d", c.n, c.n, iterations, err, c.limit)
		}
	}
}

func TestDarcyRefusals(t *testing.T) {
	for _, d := range []pde.Darcy{{N: 2}, {N: 0, Points: pde.Cells}, {N: 9, Points: 7}, {N: 9, Mean: 7}} {
		if _, err := d.Solver(); err == nil {
			t.Errorf("%+v accepted", d)
		}
	}
	s, err := pde.Darcy{N: 17, Limit: 2}.Solver()
	if err != nil {
		t.Fatal(err)
	}
	u, a := make([]float64, 17*17), permeability(17, pde.Nodes)
	if _, err := s.Solve(u, a, nil); !errors.Is(err, pde.ErrNotConverged) || !strings.Contains(err.Error(), "residual") {
		t.Errorf("at the cap: %v", err)
	}
	if _, err := s.Solve(u, a[1:], nil); err == nil {
		t.Error("a short coefficient was accepted")
	}
	a[20] = math.NaN()
	if _, err := s.Solve(u, a, nil); err == nil || !strings.Contains(err.Error(), "(1, 3)") {
		t.Errorf("NaN in the coefficient: %v", err)
	}
}

func permeability(n int, layout pde.PointLayout) []float64 {
	a := make([]float64, n*n)
	f := pde.NeumannGaussian{Alpha: 2, Tau: 3, Modes: 32}.Draw(pde.Rand(5, 0))
	if layout == pde.Cells {
		f.Cells(a, n)
	} else {
		f.Nodes(a, n)
	}
	pde.Threshold(a, 3, 12)
	return a
}

func BenchmarkDarcy(b *testing.B) {
	for _, n := range []int{85, 421} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := pde.Darcy{N: n}.Solver()
			if err != nil {
				b.Fatal(err)
			}
			u, a := make([]float64, n*n), permeability(n, pde.Nodes)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Solve(u, a, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
