package optimize

import "math"

// wolfe finds a step α along a descent direction d with the strong conditions
//
//	f(x + αd) ≤ f(x) + c₁ α gᵀd   and   |g(x + αd)ᵀd| ≤ c₂ |gᵀd|,
//
// by bracketing and then narrowing with cubic interpolation. Source: Nocedal & Wright 2006, algorithms 3.5 and 3.6, eq. 3.59.
type wolfe struct {
	c1, c2      float64
	evaluations int // most, of one search
}

// place is a point of a search with its value, gradient and slope along the direction.
type place struct {
	alpha, f, slope float64
	x, g            []float64
}

// search returns the best place that it found and whether it meets both conditions. Of places that do not, it is the lowest below
// f(x); start itself where there is none.
func (w wolfe) search(fn Function, start place, d []float64, alpha float64) (best place, met bool, evaluations int, err error) {
	start.alpha = 0
	at := func(alpha float64) (place, error) {
		p := place{alpha: alpha, x: make([]float64, len(d)), g: make([]float64, len(d))}
		for i := range d {
			p.x[i] = start.x[i] + alpha*d[i]
		}
		evaluations++
		p.f, err = fn.At(p.x, p.g)
		p.slope = dot(p.g, d)
		if p.f < best.f {
			best = p
		}
		return p, err
	}
	armijo := func(p place) bool { return p.f <= start.f+w.c1*p.alpha*start.slope }
	flat := func(p place) bool { return math.Abs(p.slope) <= -w.c2*start.slope }
	best = start
	low, high := start, place{}
	for previous := start; evaluations < w.evaluations; alpha *= 2 {
		p, err := at(alpha)
		if err != nil {
			return best, false, evaluations, err
		}
		if !armijo(p) || previous.alpha > 0 && p.f >= previous.f {
			low, high = previous, p
			break
		}
		if flat(p) {
			return p, true, evaluations, nil
		}
		if p.slope >= 0 {
			low, high = p, previous
			break
		}
		previous = p
	}
	for evaluations < w.evaluations && low.alpha != high.alpha {
		p, err := at(between(low, high))
		if err != nil {
			return best, false, evaluations, err
		}
		switch {
		case !armijo(p) || p.f >= low.f:
			high = p
		case flat(p):
			return p, true, evaluations, nil
		case p.slope*(high.alpha-low.alpha) >= 0:
			low, high = p, low
		default:
			low = p
		}
		if math.Abs(high.alpha-low.alpha) <= 1e-14*low.alpha {
			break
		}
	}
	return best, false, evaluations, nil
}

// between is the minimum of the cubic through two places, kept a tenth of their distance away from both; their middle where there is
// none.
func between(a, b place) float64 {
	width := b.alpha - a.alpha
	d1 := a.slope + b.slope - 3*(a.f-b.f)/(a.alpha-b.alpha)
	d2 := math.Copysign(math.Sqrt(d1*d1-a.slope*b.slope), width)
	t := 1 - (b.slope+d2-d1)/(b.slope-a.slope+2*d2)
	if !(t == t) || math.IsInf(t, 0) {
		t = 0.5
	}
	return a.alpha + width*min(max(t, 0.1), 0.9)
}

func dot(a, b []float64) (s float64) {
	for i, x := range a {
		s += x * b[i]
	}
	return s
}
