package pde

import "math"

// movingCorner is the flow without inertia in a quarter plane whose one side slides along itself with speed U + S r, in polar coordinates
// about the corner with θ = 0 on that side:
//
//	ψ = r (B sin θ + C θ cos θ + D θ sin θ),   C = U/(1 − π²/4),  B = −C π²/4,  D = C π/2
//	  + E r² (θ − π/4 + π/4 cos 2θ + sin 2θ/2),  E = S/2
//
// Its pressure, ν(2C X + 2D Y)/r² + 4νE log r, has no bound at the corner. Source: Taylor 1962, On scraping viscous fluid from a plane surface;
// the second line in the same way.
type movingCorner struct {
	right         bool // at (1, 1), instead of (0, 1)
	b, c, d, e, u float64
	nu            float64
}

// newMovingCorner is the corner of a lid at x = 0 or 1.
func newMovingCorner(x float64, lid func(float64) float64, nu float64) movingCorner {
	m := movingCorner{right: x > 0.5, nu: nu, u: lid(x)}
	speed, h := m.u, 1e-4
	if m.right {
		speed, h = -speed, -h // away from the corner
	}
	m.c = speed / (1 - math.Pi*math.Pi/4)
	m.b, m.d = -m.c*math.Pi*math.Pi/4, m.c*math.Pi/2
	m.e = (4*lid(x+h) - 3*lid(x) - lid(x+2*h)) / (4 * h)
	return m
}

// cornerFlow is a flow at a point: velocity, its gradient, pressure.
type cornerFlow struct{ u, v, ux, uy, vx, vy, p float64 }

func (a cornerFlow) plus(b cornerFlow) cornerFlow {
	return cornerFlow{a.u + b.u, a.v + b.v, a.ux + b.ux, a.uy + b.uy, a.vx + b.vx, a.vy + b.vy, a.p + b.p}
}

// at is the flow at a point of the unit square; at the corner itself the velocity is the lid's, the gradient is given as 0, and a
// pressure without bound as NaN.
func (m movingCorner) at(x, y float64) cornerFlow {
	sign := 1.0 // of the direction away from the corner
	if m.right {
		x, sign = 1-x, -1
	}
	y = 1 - y
	b, c, d, e := m.b, m.c, m.d, m.e
	if x == 0 && y == 0 {
		f := cornerFlow{u: m.u}
		if c != 0 || e != 0 {
			f.p = math.NaN()
		}
		return f
	}
	q, theta := 1/(x*x+y*y), math.Atan2(y, x)
	qq := q * q
	turn := x*x - y*y
	f := cornerFlow{
		u:  b + c*x*x*q + d*theta + d*x*y*q + e*(2*x+(2*theta-math.Pi)*y),
		v:  -c*theta + c*x*y*q + d*y*y*q - 2*e*x*theta,
		ux: 2*c*x*y*y*qq - d*y*q - d*y*turn*qq + 2*e*x*x*q,
		uy: -2*c*x*x*y*qq + d*x*q + d*x*turn*qq + e*(2*theta-math.Pi+2*x*y*q),
		vx: c*y*q - c*y*turn*qq - 2*d*x*y*y*qq + 2*e*(x*y*q-theta),
		vy: -c*x*q + c*x*turn*qq + 2*d*x*x*y*qq - 2*e*x*x*q,
		p:  2*m.nu*(c*x+d*y)*q - 2*m.nu*e*math.Log(q),
	}
	// from the coordinates of the corner to those of the square: x turns with the sign, y is turned
	return cornerFlow{u: sign * f.u, v: -f.v, ux: f.ux, uy: -sign * f.uy, vx: -sign * f.vx, vy: f.vy, p: f.p}
}
