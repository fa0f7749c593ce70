package eval

// sobolev is Σ u² + Σ_a Σ (D_a u)² over the points of a grid, u = [x..]. D_a is the central difference with spacing
// h = length/n along axis a,
//
//	(u[i+1] − u[i−1]) / 2h
//
// wrapped around where periodic; otherwise the two end points take the one-sided difference of third order
//
//	(−11 u[0] + 18 u[1] − 9 u[2] + 2 u[3]) / 6h    and its mirror image with opposite sign.
func sobolev(u []float64, grid []int, length float64, periodic bool) float64 {
	total := sumPower(u, nil, 2)
	stride := len(u)
	for _, n := range grid {
		stride /= n
		h := length / float64(n)
		for i := range u {
			at := i / stride % n
			line := u[i-at*stride:]
			var slope float64
			switch {
			case at > 0 && at < n-1:
				slope = (line[(at+1)*stride] - line[(at-1)*stride]) / (2 * h)
			case periodic:
				slope = (line[(at+1)%n*stride] - line[(at-1+n)%n*stride]) / (2 * h)
			case at == 0:
				slope = (-11*line[0] + 18*line[stride] - 9*line[2*stride] + 2*line[3*stride]) / (6 * h)
			default:
				slope = (11*line[at*stride] - 18*line[(at-1)*stride] + 9*line[(at-2)*stride] - 2*line[(at-3)*stride]) / (6 * h)
			}
			total += slope * slope
		}
	}
	return total
}
