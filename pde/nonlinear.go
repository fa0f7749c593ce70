package pde

// nonlinear is a [Term] on a space: its symbols evaluated, its buffers allocated.
type nonlinear[T Float] struct {
	space    *space[T]
	fields   [][]operand[T]
	products []Polynomial
	results  [][]operand[T]
	source   planes[T]
	values   [][]T // of the fields at the points
	product  []T
	piece    []T // of a monomial that is added
	scratch  planes[T]
	written  []bool // per channel: whether its rate has a first part already
}

type operand[T Float] struct {
	of       int
	weight   factors[T]
	identity bool
}

func newNonlinear[T Float](t Term, s *space[T]) *nonlinear[T] {
	n := &nonlinear[T]{space: s, products: t.Products, scratch: s.newSpectrum(s.kept, 1), product: make([]T, s.all.size*s.batch), piece: make([]T, piece), written: make([]bool, len(t.Results))}
	for _, c := range t.Fields {
		n.fields = append(n.fields, n.operands(c, false))
		n.values = append(n.values, make([]T, s.all.size*s.batch))
	}
	for _, c := range t.Results {
		n.results = append(n.results, n.operands(c, true))
	}
	if t.Source != nil {
		n.source = s.newSpectrum(s.kept, s.channels)
		x := make([]float64, len(s.Points))
		for c := range s.channels {
			for p := range s.all.size {
				s.coordinates(x, p)
				for b := range s.batch {
					n.product[p*s.batch+b] = T(t.Source(c, x))
				}
			}
			dst := s.spectrum(s.kept, c, n.source)
			s.kept.forward(dst, n.product)
			s.drop(dst)
		}
	}
	return n
}

func (n *nonlinear[T]) operands(c Combination, result bool) []operand[T] {
	var list []operand[T]
	s := n.space
	for _, p := range c {
		o := operand[T]{of: p.Of, identity: p.Symbol == nil && !(result && s.dropped != nil)}
		if !o.identity {
			o.weight = newFactors(s.kept, func(mode int) complex128 {
				switch {
				case result && s.dropped != nil && s.dropped[mode]:
					return 0
				case p.Symbol == nil:
					return 1
				}
				return s.symbol(s.kept, p.Symbol, mode)
			})
		}
		list = append(list, o)
	}
	return list
}

func (s *space[T]) drop(u planes[T]) {
	for mode, dropped := range s.dropped {
		if dropped {
			clear(u.re[mode*s.batch : (mode+1)*s.batch])
			clear(u.im[mode*s.batch : (mode+1)*s.batch])
		}
	}
}

// rate is dst = N̂(û) on the kept modes.
func (n *nonlinear[T]) rate(dst, u planes[T]) {
	s := n.space
	for i, parts := range n.fields {
		spectrum := n.scratch
		if len(parts) == 1 && parts[0].identity {
			spectrum = s.spectrum(s.kept, parts[0].of, u)
		} else {
			for j, p := range parts {
				of := s.spectrum(s.kept, p.of, u)
				switch {
				case j == 0 && p.identity:
					copy(spectrum.re, of.re)
					copy(spectrum.im, of.im)
				case j == 0:
					p.weight.times(spectrum, of)
				case p.identity:
					s.k.Axpy(spectrum.re, 1, of.re)
					s.k.Axpy(spectrum.im, 1, of.im)
				default:
					p.weight.add(spectrum, of)
				}
			}
		}
		s.kept.inverse(n.values[i], spectrum)
	}
	if n.source.re != nil {
		copy(dst.re, n.source.re)
		copy(dst.im, n.source.im)
	}
	for c, parts := range n.results {
		if n.written[c] = n.source.re != nil; !n.written[c] && len(parts) == 0 {
			to := s.spectrum(s.kept, c, dst)
			clear(to.re)
			clear(to.im)
		}
	}
	for j, p := range n.products {
		n.evaluate(n.product, p)
		s.kept.forward(n.scratch, n.product)
		for c, parts := range n.results {
			for _, r := range parts {
				if r.of != j {
					continue
				}
				to := s.spectrum(s.kept, c, dst)
				switch {
				case r.identity && !n.written[c]:
					copy(to.re, n.scratch.re)
					copy(to.im, n.scratch.im)
				case r.identity:
					s.k.Axpy(to.re, 1, n.scratch.re)
					s.k.Axpy(to.im, 1, n.scratch.im)
				case !n.written[c]:
					r.weight.times(to, n.scratch)
				default:
					r.weight.add(to, n.scratch)
				}
				n.written[c] = true
			}
		}
	}
}

// piece is how much of a product is evaluated at a time: it stays in the first-level cache.
const piece = 1024

// evaluate writes the polynomial's values.
func (n *nonlinear[T]) evaluate(dst []T, p Polynomial) {
	for at := 0; at < len(dst); at += piece {
		end := min(at+piece, len(dst))
		for i, m := range p {
			n.monomial(dst[at:end], m, at, end, i > 0)
		}
	}
}

// monomial writes or adds the values at … end-1 of one.
func (n *nonlinear[T]) monomial(dst []T, m Monomial, at, end int, add bool) {
	k, c := n.space.k, T(m.Coefficient)
	first := n.values[m.Factors[0]][at:end]
	if len(m.Factors) == 1 {
		if add {
			k.Axpy(dst, c, first)
		} else {
			k.Scale(dst, first, c)
		}
		return
	}
	last := n.values[m.Factors[len(m.Factors)-1]][at:end]
	product := n.piece[:len(dst)]
	if !add {
		product = dst
	}
	for i, f := range m.Factors[1 : len(m.Factors)-1] {
		if i > 0 {
			first = product
		}
		k.Mul(product, first, n.values[f][at:end])
	}
	if len(m.Factors) > 2 {
		first = product
	}
	switch {
	case add && c == 1:
		k.MulAdd(dst, first, last)
	case add && c == -1:
		k.MulSub(dst, first, last)
	default:
		k.Mul(product, first, last)
		if add {
			k.Axpy(dst, c, product)
		} else if c != 1 {
			k.Scale(dst, dst, c)
		}
	}
}
