package term

import "slices"

// Collapse joins derivatives of one order that are only added up, c₁ u_xx + c₂ u_yy, into an Operator, wherever a sum holds several:
// what carries derivatives then needs one row for them instead of one each.
func Collapse(e Expr) Expr {
	switch e := e.(type) {
	case Sum, Product:
		var parts []summand
		flatten(&parts, e, 1)
		if len(parts) > 1 {
			return joinSummands(parts)
		}
		if p, ok := e.(Product); ok {
			return Mul(Collapse(p.X), Collapse(p.Y))
		}
	case Quotient:
		return Div(Collapse(e.X), Collapse(e.Y))
	case Power:
		return Pow(Collapse(e.X), e.P)
	case Call:
		return Apply(e.F, Collapse(e.X))
	}
	return e
}

// summand is c·e.
type summand struct {
	c float64
	e Expr
}

// flatten lists the terms of c·e.
func flatten(list *[]summand, e Expr, c float64) {
	switch e := e.(type) {
	case Sum:
		flatten(list, e.X, c)
		flatten(list, e.Y, c)
		return
	case Product:
		if k, ok := e.X.(Number); ok {
			flatten(list, e.Y, c*float64(k))
			return
		}
	}
	*list = append(*list, summand{c, e})
}

// group is what may be joined: derivatives of the same order of the same unknown.
type group struct {
	name  string
	order int
}

func joinSummands(parts []summand) Expr {
	var keys []group
	members := map[group][]Weighted{}
	for _, p := range parts {
		if u, ok := p.e.(Unknown); ok && len(u.D) > 1 {
			k := group{u.Name, len(u.D)}
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
			members[k] = append(members[k], Weighted{p.c, u.D})
		}
	}
	var sum Expr = Number(0)
	for _, p := range parts {
		if u, ok := p.e.(Unknown); ok && len(members[group{u.Name, len(u.D)}]) > 1 {
			continue
		}
		sum = Add(sum, Mul(Number(p.c), Collapse(p.e)))
	}
	for _, k := range keys {
		if terms := merge(members[k]); len(members[k]) > 1 {
			sum = Add(sum, Operator{k.name, terms})
		}
	}
	return sum
}
