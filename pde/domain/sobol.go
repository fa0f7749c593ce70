package domain

// maxSobol is the number of dimensions with direction numbers.
const maxSobol = 11

// directions are degree s, coefficients a and starting values m of a primitive polynomial for each dimension from the second on
// (Joe & Kuo 2008, SIAM J. Sci. Comput. 30, table of criterion D(6)).
var directions = [maxSobol - 1]struct {
	s, a int
	m    [5]uint32
}{
	{1, 0, [5]uint32{1}},
	{2, 1, [5]uint32{1, 3}},
	{3, 1, [5]uint32{1, 3, 1}},
	{3, 2, [5]uint32{1, 1, 1}},
	{4, 1, [5]uint32{1, 1, 3, 3}},
	{4, 4, [5]uint32{1, 3, 5, 13}},
	{5, 2, [5]uint32{1, 1, 5, 5, 17}},
	{5, 4, [5]uint32{1, 1, 5, 5, 5}},
	{5, 7, [5]uint32{1, 1, 7, 11, 19}},
	{5, 11, [5]uint32{1, 1, 5, 1, 1}},
}

// sobol fills x with the first points of Sobol's sequence in the order of the Gray code (Bratley & Fox 1988).
func sobol(x []float64, d int) {
	const bits = 32
	for k := range d {
		var v [bits]uint32
		for i := range v {
			v[i] = 1 << (bits - 1 - i)
		}
		if k > 0 {
			p := directions[k-1]
			for i := range v {
				if i < p.s {
					v[i] = p.m[i] << (bits - 1 - i)
					continue
				}
				v[i] = v[i-p.s] ^ v[i-p.s]>>p.s
				for j := 1; j < p.s; j++ {
					if p.a>>(p.s-1-j)&1 == 1 {
						v[i] ^= v[i-j]
					}
				}
			}
		}
		at := uint32(0)
		for i := k; i < len(x); i += d {
			x[i] = float64(at) / (1 << bits)
			zero := 0 // the lowest bit of the point's number that is not set
			for n := i / d; n&1 == 1; n >>= 1 {
				zero++
			}
			at ^= v[zero]
		}
	}
}
