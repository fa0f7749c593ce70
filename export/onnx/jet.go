package onnx

import "github.com/kolmogo/kolmogo/op"

// jet writes Σ c f⁽ᵏ⁾(z₀ + b) Π z_l, slot by slot.
func (s *site) jet(o op.JetOp) (string, bool) {
	n, out, terms, err := o.Rules.Read()
	if err != nil {
		return "", false
	}
	m := s.in[0].Dims().At(0) / n
	z := make([]string, n)
	for l := range z {
		z[l] = s.slice(s.names[0], 0, l*m, (l+1)*m)
	}
	at := z[0]
	if len(s.names) == 2 {
		at = s.apply("Add", at, s.names[1])
	}
	derivative := s.derivatives(o.Fn, at)
	slots := make([]string, out)
	for _, t := range terms {
		p := derivative(len(t.Blocks))
		for _, l := range t.Blocks {
			p = s.apply("Mul", p, z[l])
		}
		if t.C != 1 {
			p = s.apply("Mul", p, s.number(t.C))
		}
		if slots[t.Slot] != "" {
			p = s.apply("Add", slots[t.Slot], p)
		}
		slots[t.Slot] = p
	}
	for i, slot := range slots {
		if slot == "" {
			slots[i] = s.apply("Mul", z[0], s.number(0))
		}
	}
	return s.concat(0, slots...), true
}

// derivatives returns f⁽ᵏ⁾(z), k ≤ 4, each written when it is first asked for; the formulas are those of op.JetFunction.
func (s *site) derivatives(f op.JetFunction, z string) func(k int) string {
	var made [5]string
	number, mul := s.number, func(a, b string) string { return s.apply("Mul", a, b) }
	var at func(k int) string
	write := func(k int) string {
		if f != op.JetTanh {
			order := k
			if f == op.JetCos {
				order++ // cos is the derivative of sin
			}
			y := s.apply([]string{"Sin", "Cos"}[order%2], z)
			if order%4 > 1 {
				y = s.apply("Neg", y)
			}
			return y
		}
		polynomial := func(c0, c2 float64) string { // c0 + c2 y²
			return s.apply("Add", mul(mul(at(0), at(0)), number(c2)), number(c0))
		}
		switch k {
		case 0:
			return s.apply("Tanh", z)
		case 1:
			return polynomial(1, -1)
		case 2:
			return mul(mul(at(0), number(-2)), at(1))
		case 3:
			return mul(polynomial(-2, 6), at(1))
		}
		return mul(mul(polynomial(16, -24), at(0)), at(1))
	}
	at = func(k int) string {
		if made[k] == "" {
			made[k] = write(k)
		}
		return made[k]
	}
	return at
}
