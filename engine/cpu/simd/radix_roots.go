package simd

import (
	"fmt"
	"math"
)

// number is a complex number.
type number[T Float] struct{ re, im T }

func (a number[T]) plus(b number[T]) number[T]  { return number[T]{a.re + b.re, a.im + b.im} }
func (a number[T]) minus(b number[T]) number[T] { return number[T]{a.re - b.re, a.im - b.im} }

// times is a·c for a real c.
func (a number[T]) times(c T) number[T] { return number[T]{T(a.re * c), T(a.im * c)} }

// minusI is a − i·b, plusI a + i·b.
func (a number[T]) minusI(b number[T]) number[T] { return number[T]{a.re + b.im, a.im - b.re} }
func (a number[T]) plusI(b number[T]) number[T]  { return number[T]{a.re - b.im, a.im + b.re} }

// pass is one transform of r numbers, y_j = Σ_l e^(−2πi·jl/r)·x_l, its sums in the order in which the vector passes make them.
type pass[T Float] struct {
	x, y     [8]number[T]
	cos, sin [8]T // of 2πm/r, for odd r
}

func passOf[T Float](r int) (p pass[T]) {
	switch r {
	case 2, 4, 8:
	case 3, 5:
		for m := range r {
			s, c := math.Sincos(2 * math.Pi * float64(m) / float64(r))
			p.cos[m], p.sin[m] = T(c), T(s)
		}
	default:
		panic(fmt.Sprintf("simd: no pass of radix %d", r))
	}
	return p
}

func (p *pass[T]) transform(r int) {
	x := &p.x
	switch r {
	case 2:
		p.y[0], p.y[1] = x[0].plus(x[1]), x[0].minus(x[1])
	case 4:
		p.y[0], p.y[1], p.y[2], p.y[3] = four(x[0], x[1], x[2], x[3])
	case 8:
		p.eight()
	default:
		p.odd(r)
	}
}

// four is the transform of four numbers.
func four[T Float](x0, x1, x2, x3 number[T]) (y0, y1, y2, y3 number[T]) {
	a, b, c, d := x0.plus(x2), x0.minus(x2), x1.plus(x3), x1.minus(x3)
	return a.plus(c), b.minusI(d), a.minus(c), b.plusI(d)
}

// eight is y_j = even_j + ω^j·odd_j, with ω·o = (o − i·o)/√2 and ω³·o = −(o + i·o)/√2.
func (p *pass[T]) eight() {
	x, y := &p.x, &p.y
	const half = math.Sqrt2 / 2
	e0, e1, e2, e3 := four(x[0], x[2], x[4], x[6])
	o0, o1, o2, o3 := four(x[1], x[3], x[5], x[7])
	t1, t3 := o1.minusI(o1).times(half), o3.plusI(o3).times(half)
	y[0], y[4] = e0.plus(o0), e0.minus(o0)
	y[1], y[5] = e1.plus(t1), e1.minus(t1)
	y[2], y[6] = e2.minusI(o2), e2.plusI(o2)
	y[3], y[7] = e3.minus(t3), e3.plus(t3)
}

// odd is, with t_l = x_l + x_{r−l} and u_l = x_l − x_{r−l}, y_±j = (x₀ + Σ_l cos(2πjl/r)·t_l) ∓ i·Σ_l sin(2πjl/r)·u_l.
func (p *pass[T]) odd(r int) {
	h := (r - 1) / 2
	var t, u [3]number[T]
	p.y[0] = p.x[0]
	for l := 1; l <= h; l++ {
		t[l], u[l] = p.x[l].plus(p.x[r-l]), p.x[l].minus(p.x[r-l])
		p.y[0] = p.y[0].plus(t[l])
	}
	for j := 1; j <= h; j++ {
		a := p.x[0].plus(t[1].times(p.cos[j]))
		b := u[1].times(p.sin[j])
		for l := 2; l <= h; l++ {
			a, b = a.plus(t[l].times(p.cos[j*l%r])), b.plus(u[l].times(p.sin[j*l%r]))
		}
		p.y[j], p.y[r-j] = a.minusI(b), a.plusI(b)
	}
}
