package eval

import "math"

// apeSmallest is the size below which APEBench sets a coefficient of its unnormalised transform to zero.
const apeSmallest = 1e-5

// apeFourier are APEBench's errors in Fourier space, over the box low ≤ max|k_a| ≤ high of wavenumbers and with a derivative of some order,
// on a domain of extent one,
//
//	A_a = (Σ_k |û (2πk_a)^order|^p / N²)^q    X = Σ_a A_a
//
// with (p, q) = (1, 1) for MAE, (2, 1) for MSE and (2, ½) for RMSE. All axes contribute for order 0 too, so that absolute errors are as
// many times the plain ones. The H1 errors add that of order 1 to the plain one, counted once; relative ones add the two ratios.
func apeFourier() []definition {
	var all []definition
	for _, s := range []apeNorm{{"mae", "mean|·|", 1, 1}, {"mse", "mean(·)²", 2, 1}, {"rmse", "√mean(·)²", 2, 0.5}} {
		box := []param{{"low", "0"}, {"high", "all"}, {"order", "0"}}
		fourier := func(relative bool) func(a *args) func(e element) float64 {
			return func(a *args) func(e element) float64 {
				b := apeBox{a.count("low", 0), math.MaxInt, a.count("order", 0)}
				if a.values["high"] != "all" {
					b.high = a.count("high", 0)
				}
				return func(e element) float64 { return s.error(e, b, relative) }
			}
		}
		sobolev := func(relative bool) func(a *args) func(e element) float64 {
			return func(*args) func(e element) float64 {
				return func(e element) float64 {
					plain, slope := apeBox{0, math.MaxInt, 0}, apeBox{0, math.MaxInt, 1}
					first := s.error(e, plain, relative)
					if !relative {
						first /= float64(len(e.grid))
					}
					return first + s.error(e, slope, relative)
				}
			}
		}
		all = append(all,
			apeRow("ape.fourier_"+s.name, s.doc+" of p−t in a box of wavenumbers, of a derivative of some order", box, nil, fourier(false)),
			apeRow("ape.fourier_n"+s.name, s.doc+" of p−t over that of t in a box of wavenumbers, of a derivative of some order", box, isZero, fourier(true)),
			apeRow("ape.h1_"+s.name, s.doc+" of p−t and of its slopes, by transforms", nil, nil, sobolev(false)),
			apeRow("ape.h1_n"+s.name, s.doc+" of p−t over that of t, and the same of their slopes", nil, isZero, sobolev(true)))
	}
	return all
}

// apeBox is a range of wavenumbers and the order of a derivative.
type apeBox struct{ low, high, order int }

// apeNorm is (Σ|·|^p)^q.
type apeNorm struct {
	name, doc string
	p, q      float64
}

// error is the size of p−t, over that of t if relative.
func (s apeNorm) error(e element, b apeBox, relative bool) float64 {
	size := s.size(difference(e.p, e.t), e.grid, b)
	if relative {
		size /= s.size(e.t, e.grid, b)
	}
	return size
}

// size is Σ_a A_a.
func (s apeNorm) size(u []float64, grid []int, b apeBox) float64 {
	sums := make([]float64, len(grid))
	hat, n := newTransform(grid).forward(u), float64(len(u))
	eachMode(grid, func(at int, k []int) {
		highest := 0
		for _, i := range k {
			highest = max(highest, i, -i)
		}
		modulus := math.Sqrt(squaredModulus(hat[at]))
		if highest < b.low || highest > b.high || modulus < apeSmallest {
			return
		}
		for a, i := range k {
			sums[a] += math.Pow(modulus*math.Pow(2*math.Pi*math.Abs(float64(i)), float64(b.order)), s.p)
		}
	})
	total := 0.0
	for _, v := range sums {
		total += math.Pow(v/(n*n), s.q)
	}
	return total
}
