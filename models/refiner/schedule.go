package refiner

import (
	"fmt"
	"math"
)

// exponential returns the noise variances of K+1 levels, from 1 to the smallest in equal ratios:
//
//	std       σₖ  = n^(k/K)    n the smallest standard deviation, as the paper's pseudo-code has it
//	variance  σₖ² = n^(k/K)    n the smallest variance, as the released code has it
//
// Source: Lippe et al. 2023 (arXiv 2308.05732), algorithm 1; PDEArena. The same n is a much smaller noise by the first.
func exponential(convention string, n float64, steps int) ([]float64, error) {
	power := map[string]float64{"std": 2, "variance": 1}[convention]
	if power == 0 {
		return nil, fmt.Errorf("refiner: convention %q: use std, where noise is a standard deviation, or variance", convention)
	}
	if !(n > 0 && n < 1) || steps < 1 {
		return nil, fmt.Errorf("refiner: smallest noise %v in %d steps: want a number between 0 and 1, and at least one step", n, steps)
	}
	v := make([]float64, steps+1)
	for k := range v {
		v[k] = math.Pow(n, power*float64(k)/float64(steps))
	}
	return v, nil
}
