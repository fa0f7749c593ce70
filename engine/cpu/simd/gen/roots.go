package main

import "math"

// number is a complex number in each lane.
type number struct{ re, im vector }

// get loads x_l.
func (g *radixKernel) get(l int) number {
	v := number{g.vec(), g.vec()}
	g.row.load(g.x.branch(l), v.re)
	g.row.load(g.xIm.branch(l), v.im)
	return v
}

func (g *radixKernel) plus(a, b number) number  { return number{g.add(a.re, b.re), g.add(a.im, b.im)} }
func (g *radixKernel) minus(a, b number) number { return number{g.sub(a.re, b.re), g.sub(a.im, b.im)} }

// minusI is a − i·b, plusI a + i·b.
func (g *radixKernel) minusI(a, b number) number { return number{g.add(a.re, b.im), g.sub(a.im, b.re)} }
func (g *radixKernel) plusI(a, b number) number  { return number{g.sub(a.re, b.im), g.add(a.im, b.re)} }

func (g *radixKernel) transform() {
	get, put := g.get, g.put
	switch g.r {
	case 2:
		a, b := get(0), get(1)
		put(0, g.plus(a, b))
		put(1, g.minus(a, b))
	case 4:
		y := g.four(get(0), get(1), get(2), get(3))
		for j, v := range y {
			put(j, v)
		}
	case 8: // y_j = even_j + ω^j·odd_j
		even := g.aside(g.four(get(0), get(2), get(4), get(6)))
		odd := g.four(get(1), get(3), get(5), get(7))
		v := even(0)
		put(0, g.plus(v, odd[0]))
		put(4, g.minus(v, odd[0]))
		v = even(2)
		put(2, g.minusI(v, odd[2]))
		put(6, g.plusI(v, odd[2]))
		half := g.num(math.Sqrt2 / 2)
		for j := 1; j < 4; j += 2 {
			o := odd[j] // ω·o = (o − i·o)/√2, ω³·o = −(o + i·o)/√2
			turned := g.minusI(o, o)
			if j == 3 {
				turned = g.plusI(o, o)
			}
			re, im := g.mul(turned.re, half), g.mul(turned.im, half)
			v := even(j)
			a, b := g.plus(v, number{re, im}), g.minus(v, number{re, im})
			if j == 3 {
				a, b = b, a
			}
			put(j, a)
			put(j+4, b)
		}
	default:
		g.odd()
	}
}

// aside keeps four numbers until they are asked for: where sixteen registers are too few, in the places of y_0 … y_3, each read before its
// own y is written.
func (g *radixKernel) aside(v [4]number) func(j int) number {
	if g.masked() {
		return func(j int) number { return v[j] }
	}
	for j, v := range v {
		g.row.store(v.re, g.y.branch(j))
		g.row.store(v.im, g.yIm.branch(j))
	}
	return func(j int) number {
		v := number{g.vec(), g.vec()}
		g.row.load(g.y.branch(j), v.re)
		g.row.load(g.yIm.branch(j), v.im)
		return v
	}
}

// four is the transform of four numbers.
func (g *radixKernel) four(x0, x1, x2, x3 number) [4]number {
	a, b := g.plus(x0, x2), g.minus(x0, x2)
	c, d := g.plus(x1, x3), g.minus(x1, x3)
	return [4]number{g.plus(a, c), g.minusI(b, d), g.minus(a, c), g.plusI(b, d)}
}

// odd is the transform of an odd number r of numbers: with t_l = x_l + x_{r−l} and u_l = x_l − x_{r−l},
// y_±j = (x₀ + Σ_l cos(2πjl/r)·t_l) ∓ i·Σ_l sin(2πjl/r)·u_l.
func (g *radixKernel) odd() {
	get, put := g.get, g.put
	h := (g.r - 1) / 2
	t, u := make([]number, h+1), make([]number, h+1)
	for l := 1; l <= h; l++ {
		a, b := get(l), get(g.r-l)
		t[l], u[l] = g.plus(a, b), g.minus(a, b)
	}
	sum := get(0)
	for l := 1; l <= h; l++ {
		sum = g.plus(sum, t[l])
	}
	put(0, sum)
	for j := 1; j <= h; j++ {
		a := get(0)
		var b number
		for l := 1; l <= h; l++ {
			sin, cos := math.Sincos(2 * math.Pi * float64(j*l%g.r) / float64(g.r))
			a = g.plus(a, number{g.mul(t[l].re, g.num(cos)), g.mul(t[l].im, g.num(cos))})
			c := number{g.mul(u[l].re, g.num(sin)), g.mul(u[l].im, g.num(sin))}
			if l == 1 {
				b = c
			} else {
				b = g.plus(b, c)
			}
		}
		put(j, g.minusI(a, b))
		put(g.r-j, g.plusI(a, b))
	}
}
