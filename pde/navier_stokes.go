package pde

import "math"

// Vorticity is the equation of a plane incompressible flow on a periodic box of two axes,
//
//	w_t + u w_x + v w_y = ν ∇²w - d w + f,  u = ψ_y, v = -ψ_x, ∇²ψ = -w, w = v_x - u_y
//
// The mean of w is conserved (less the drag); without viscosity, drag and force the energy and the enstrophy are.
// Stability of the explicit part: h max|u| k_max ≲ 2 at order 4.
type Vorticity struct {
	Nu       float64                    // viscosity ν
	Drag     float64                    // d
	Force    func(x, y float64) float64 // f; nil for none
	Reversed bool                       // ∇²ψ = +w: w is minus the curl, the convention of exponax
	AtPoints bool                       // the products u w_x + v w_y are taken at the points, as in the script of Li et al. 2021
}

// Equation is the flow's equation. The term is written as (∂_xx - ∂_yy)(u v) + ∂_x∂_y(v² - u²), four transforms instead of five;
// where no alias reaches a kept mode this is the product at the points to rounding.
// Source: Basdevant 1983.
func (p Vorticity) Equation() Equation {
	sign := 1.0
	if p.Reversed {
		sign = -1
	}
	velocity := func(axis int, c float64) Symbol { // of i k_axis c/|k|²
		return func(k []float64) complex128 {
			q := square(k)
			if q == 0 {
				return 0
			}
			return complex(0, sign*c*k[axis]/q)
		}
	}
	t := Term{Fields: []Combination{{{0, velocity(1, 1)}}, {{0, velocity(0, -1)}}}}
	if p.AtPoints {
		t.Fields = append(t.Fields, Combination{{0, Derivative(0)}}, Combination{{0, Derivative(1)}})
		t.Products = []Polynomial{{{-1, []int{0, 2}}, {-1, []int{1, 3}}}}
		t.Results = []Combination{ones(0)}
	} else {
		t.Products = []Polynomial{{{1, []int{0, 1}}}, {{1, []int{1, 1}}, {-1, []int{0, 0}}}}
		t.Results = []Combination{{
			{0, func(k []float64) complex128 { return complex(sign*(k[0]*k[0]-k[1]*k[1]), 0) }},
			{1, func(k []float64) complex128 { return complex(sign*k[0]*k[1], 0) }},
		}}
	}
	if p.Force != nil {
		t.Source = func(_ int, x []float64) float64 { return p.Force(x[0], x[1]) }
	}
	return Equation{Linear: []Symbol{Sum(Diffusion(p.Nu), Growth(-p.Drag))}, Term: t, Axes: 2}
}

// KolmogorovForce is the curl of a shear force: -n γ cos(2π n y/L), n waves on the side L.
func KolmogorovForce(n int, gamma, length float64) func(x, y float64) float64 {
	k := float64(n)
	return func(_, y float64) float64 { return -k * gamma * math.Cos(2*math.Pi*k*y/length) }
}

// DiagonalForce is a (sin 2π(x+y) + cos 2π(x+y)), on the unit square; a = 0.1 in Li et al. 2021.
func DiagonalForce(a float64) func(x, y float64) float64 {
	return func(x, y float64) float64 {
		sin, cos := math.Sincos(2 * math.Pi * (x + y))
		return a * (sin + cos)
	}
}

// Velocity is u_t + (u·∇)u + ∇p = ν ∇²u, ∇·u = 0 on a periodic box of two or three axes, one channel per axis, in the form
//
//	u_t = P(u × ω) + ν ∇²u,  ω = ∇ × u,  P = 1 - k k/|k|²
//
// with the projection P of Leray. Momentum is conserved, and without viscosity the energy is. An initial velocity must be free of
// divergence: [Leray] makes it so.
func Velocity(axes int, nu float64) Equation {
	t := Term{}
	for i := range axes {
		t.Fields = append(t.Fields, ones(i))
	}
	curl := func(i, j int) Combination { return Combination{{j, Derivative(i)}, {i, Times(-1, Derivative(j))}} } // ∂_i u_j - ∂_j u_i
	if axes == 2 {
		t.Fields = append(t.Fields, curl(0, 1))
		t.Products = []Polynomial{{{1, []int{1, 2}}}, {{-1, []int{0, 2}}}}
	} else {
		t.Fields = append(t.Fields, curl(1, 2), curl(2, 0), curl(0, 1))
		for i := range axes {
			j, l := (i+1)%3, (i+2)%3
			t.Products = append(t.Products, Polynomial{{1, []int{j, 3 + l}}, {-1, []int{l, 3 + j}}})
		}
	}
	t.Results = projection(axes)
	linear := make([]Symbol, axes)
	for i := range linear {
		linear[i] = Diffusion(nu)
	}
	return Equation{Linear: linear, Term: t, Axes: axes}
}

// projection is P, one combination per axis.
func projection(axes int) []Combination {
	var list []Combination
	for i := range axes {
		var c Combination
		for j := range axes {
			c = append(c, Part{j, func(k []float64) complex128 {
				v := 0.0
				if i == j {
					v = 1
				}
				if q := square(k); q > 0 {
					v -= k[i] * k[j] / q
				}
				return complex(v, 0)
			}})
		}
		list = append(list, c)
	}
	return list
}
