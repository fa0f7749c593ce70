package domain

import (
	"fmt"
	"math/rand/v2"
)

// Sampling is a way to choose points of the unit cube.
type Sampling string

// The ways. The last two fill the cube evenly; they are shifted at random, modulo one, so that every draw is another.
const (
	Uniform Sampling = "uniform"         // independent
	Latin   Sampling = "latin_hypercube" // one in each of n slices along every axis
	Sobol   Sampling = "sobol"
	Halton  Sampling = "halton"
)

// Samplings lists the ways by name.
func Samplings() []Sampling { return []Sampling{Uniform, Latin, Sobol, Halton} }

// Cube returns n points of the unit cube of d dimensions, one after another. The empty Sampling is Uniform.
func (k Sampling) Cube(n, d int, rnd *rand.Rand) ([]float64, error) {
	x := make([]float64, n*d)
	switch k {
	case Uniform, "":
		for i := range x {
			x[i] = rnd.Float64()
		}
	case Latin:
		latin(x, n, d, rnd)
	case Halton:
		halton(x, d)
		shift(x, d, rnd)
	case Sobol:
		if d > maxSobol {
			return nil, fmt.Errorf("domain: sobol has %d dimensions at most, not %d: use halton", maxSobol, d)
		}
		sobol(x, d)
		shift(x, d, rnd)
	default:
		return nil, fmt.Errorf("domain: unknown sampling %q (known: %v)", k, Samplings())
	}
	return x, nil
}

// latin fills x by x_i = (π(i) + u_i)/n with a permutation for each axis (McKay, Beckman & Conover 1979).
func latin(x []float64, n, d int, rnd *rand.Rand) {
	for k := range d {
		for i, p := range rnd.Perm(n) {
			x[i*d+k] = (float64(p) + rnd.Float64()) / float64(n)
		}
	}
}

// shift adds a random vector modulo one (Cranley & Patterson 1976).
func shift(x []float64, d int, rnd *rand.Rand) {
	by := make([]float64, d)
	for k := range by {
		by[k] = rnd.Float64()
	}
	for i := range x {
		if x[i] += by[i%d]; x[i] >= 1 {
			x[i]--
		}
	}
}
