package bandit

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Bandit chooses subsets of options that are not empty.
type Bandit struct {
	Options int
	Policy  string // one of Policies
	Random  int    // plays at the beginning whose choices are drawn evenly
	Plays   []Play
}

// MostOptions is the largest number of options: all subsets are compared.
const MostOptions = 10

// Policies are the ways to choose.
func Policies() []string { return []string{"thompson", "ucb"} }

// confidence is the number of deviations that ucb adds to the mean.
const confidence = 1.0

// Choose returns a subset for a context: one at random at the beginning; then that of the largest draw of f from its posterior
// (thompson), or of the largest mean + deviation (ucb).
func (b *Bandit) Choose(context []float64, rnd *rand.Rand) ([]bool, error) {
	all := b.all(context)
	if len(b.Plays) < b.Random || len(b.Plays) == 0 {
		return all[rnd.IntN(len(all))].Chosen, nil
	}
	p, err := fit(b.Plays)
	if err != nil {
		return nil, err
	}
	value, covariance := p.posterior(all)
	switch b.Policy {
	case "ucb":
		for i := range value {
			value[i] += confidence * math.Sqrt(math.Max(covariance.At(i, i), 0))
		}
	case "thompson":
		if err := draw(value, covariance, rnd); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("bandit: unknown policy %q (known: %v)", b.Policy, Policies())
	}
	return all[largest(value)].Chosen, nil
}

// Best returns the subset with the largest expected reward in a context, and that reward.
func (b *Bandit) Best(context []float64) ([]bool, float64, error) {
	if len(b.Plays) == 0 {
		return nil, 0, fmt.Errorf("bandit: nothing was played")
	}
	p, err := fit(b.Plays)
	if err != nil {
		return nil, 0, err
	}
	all := b.all(context)
	value, _ := p.posterior(all)
	i := largest(value)
	return all[i].Chosen, p.mean + p.scale*value[i], nil
}

// all are the subsets in a context.
func (b *Bandit) all(context []float64) []Play {
	var list []Play
	for bits := 1; bits < 1<<b.Options; bits++ {
		p := Play{Context: context, Chosen: make([]bool, b.Options)}
		for o := range p.Chosen {
			p.Chosen[o] = bits>>o&1 == 1
		}
		list = append(list, p)
	}
	return list
}

// draw adds to a mean a sample of N(0, covariance).
func draw(mean []float64, covariance *mat.SymDense, rnd *rand.Rand) error {
	n := len(mean)
	var factor mat.Cholesky
	for jitter := 1e-10; !factor.Factorize(covariance); jitter *= 10 {
		if jitter > 1 {
			return errNotPositive
		}
		for i := range n {
			covariance.SetSym(i, i, covariance.At(i, i)+jitter)
		}
	}
	var l mat.TriDense
	factor.LTo(&l)
	noise := make([]float64, n)
	for i := range noise {
		noise[i] = rnd.NormFloat64()
	}
	for i := range n {
		for j := range i + 1 {
			mean[i] += l.At(i, j) * noise[j]
		}
	}
	return nil
}

func largest(v []float64) int {
	best := 0
	for i, x := range v {
		if x > v[best] || math.IsNaN(v[best]) {
			best = i
		}
	}
	return best
}
