package pde

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/kolmogo/kolmogo/pde/domain"
)

// LaplaceDiscs is ∇²u = 0 in a rectangle without discs, u = Outer on its walls and Hole on the circles. With z_j = (x − centre of disc j)/radius,
//
//	u = Re [ Σ_k a_k z^k + Σ_j (b_j log z_j + Σ_k c_jk z_j^-k) ]
//
// and the poles' images behind the walls, by least squares on the boundary. The largest difference there bounds the error everywhere, by the maximum principle.
// Source: Trefethen 2018, Series solution of Laplace problems, ANZIAM J. 60.
type LaplaceDiscs struct {
	Box         domain.Box
	Discs       []domain.Ball
	Outer, Hole float64
}

// Orders of the two kinds of series: discs as far apart as they are wide need no more for ten digits.
const (
	laplacePowers = 32
	laplacePoles  = 20
)

// Solve returns u and the bound on its error.
func (p LaplaceDiscs) Solve() (u func(x, y float64) float64, bound float64, err error) {
	var points [][2]float64
	var values []float64
	const side = 8 * laplacePowers
	for i := range side {
		s := (1 - math.Cos(math.Pi*(float64(i)+0.5)/side)) / 2
		x, y := p.Box.Low[0]+s*(p.Box.High[0]-p.Box.Low[0]), p.Box.Low[1]+s*(p.Box.High[1]-p.Box.Low[1])
		points = append(points, [2]float64{x, p.Box.Low[1]}, [2]float64{x, p.Box.High[1]}, [2]float64{p.Box.Low[0], y}, [2]float64{p.Box.High[0], y})
		values = append(values, p.Outer, p.Outer, p.Outer, p.Outer)
	}
	for _, d := range p.Discs {
		const around = 6 * laplacePoles
		for i := range around {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / around)
			points = append(points, [2]float64{d.Centre[0] + d.Radius*cos, d.Centre[1] + d.Radius*sin})
			values = append(values, p.Hole)
		}
	}
	n := len(p.basis(0, 0))
	a, b := mat.NewDense(len(points), n, nil), mat.NewVecDense(len(points), values)
	for i, at := range points {
		a.SetRow(i, p.basis(at[0], at[1]))
	}
	var qr mat.QR
	qr.Factorize(a)
	var c, r mat.VecDense
	if err := qr.SolveVecTo(&c, false, b); err != nil {
		return nil, 0, fmt.Errorf("pde: LaplaceDiscs: %w", err)
	}
	r.MulVec(a, &c)
	for i, v := range values {
		if e := math.Abs(r.AtVec(i) - v); e > bound || math.IsNaN(e) {
			bound = e
		}
	}
	return func(x, y float64) float64 { return dot(c.RawVector().Data, p.basis(x, y)) }, bound, nil
}

// basis are the real and imaginary parts of the powers, and the poles with their logarithms, from which those of the eight nearest images are
// taken: they vanish at the walls, nearly.
func (p LaplaceDiscs) basis(x, y float64) []float64 {
	middle, half := [2]float64{(p.Box.Low[0] + p.Box.High[0]) / 2, (p.Box.Low[1] + p.Box.High[1]) / 2}, math.Hypot(p.Box.High[0]-p.Box.Low[0], p.Box.High[1]-p.Box.Low[1])/2
	z, power := complex(x-middle[0], y-middle[1])/complex(half, 0), complex(1, 0)
	list := []float64{1}
	for range laplacePowers {
		power *= z
		list = append(list, real(power), imag(power))
	}
	poles := len(list)
	list = append(list, make([]float64, len(p.Discs)*(1+2*laplacePoles))...)
	for ix, x := range [3]float64{x, 2*p.Box.Low[0] - x, 2*p.Box.High[0] - x} {
		for iy, y := range [3]float64{y, 2*p.Box.Low[1] - y, 2*p.Box.High[1] - y} {
			sign := 1.0
			if (ix > 0) != (iy > 0) {
				sign = -1
			}
			p.addPoles(list[poles:], sign, x, y)
		}
	}
	return list
}

// addPoles adds the logarithms and negative powers, times a number.
func (p LaplaceDiscs) addPoles(list []float64, times, x, y float64) {
	for _, d := range p.Discs {
		z := complex(x-d.Centre[0], y-d.Centre[1]) / complex(d.Radius, 0)
		list[0] += times * math.Log(math.Hypot(real(z), imag(z)))
		power := complex(times, 0)
		for k := range laplacePoles {
			power /= z
			list[1+2*k], list[2+2*k] = list[1+2*k]+real(power), list[2+2*k]+imag(power)
		}
		list = list[1+2*laplacePoles:]
	}
}
