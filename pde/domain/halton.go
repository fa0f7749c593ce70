package domain

// halton fills x with the radical inverses of 1, 2, .. in the first d primes as bases (Halton 1960).
func halton(x []float64, d int) {
	bases := primes(d)
	for i := range x {
		base := bases[i%d]
		f, v := 1.0, 0.0
		for n := i/d + 1; n > 0; n /= base {
			f /= float64(base)
			v += f * float64(n%base)
		}
		x[i] = v
	}
}

// primes are the first n primes.
func primes(n int) []int {
	var list []int
next:
	for p := 2; len(list) < n; p++ {
		for _, q := range list {
			if p%q == 0 {
				continue next
			}
		}
		list = append(list, p)
	}
	return list
}
