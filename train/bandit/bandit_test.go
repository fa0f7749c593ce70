package bandit

import (
	"math"
	"math/rand/v2"
	"testing"
)

func source() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }

// worth is a reward of four options: the first is good, the second good below a context of a half and bad above, the third bad, the last
// does nothing.
func worth(context float64, a []bool) (v float64) {
	for i, w := range []float64{1, 0.8 * math.Copysign(1, 0.5-context), -0.5, 0} {
		if a[i] {
			v += w
		}
	}
	return v
}

// TestConverges: with either policy the expected regret of the last plays of a stationary noisy reward is a small part of that of random
// choices, and the best subset is known in each context.
func TestConverges(t *testing.T) {
	for _, policy := range Policies() {
		rnd := source()
		b := Bandit{Options: 4, Policy: policy, Random: 5}
		regret := func(context float64, a []bool) float64 {
			most := math.Inf(-1)
			for _, p := range b.all(nil) {
				most = math.Max(most, worth(context, p.Chosen))
			}
			return most - worth(context, a)
		}
		random, late := 0.0, 0.0
		for k := range 60 {
			x := rnd.Float64()
			a, err := b.Choose([]float64{x}, rnd)
			if err != nil {
				t.Fatal(err)
			}
			other := b.all(nil)[rnd.IntN(15)].Chosen
			if k >= 40 {
				random, late = random+regret(x, other), late+regret(x, a)
			}
			b.Plays = append(b.Plays, Play{[]float64{x}, a, worth(x, a) + 0.1*rnd.NormFloat64()})
		}
		if !(late < random/4) {
			t.Errorf("%s: the last 20 plays lose %v, random ones %v", policy, late, random)
		}
		for _, x := range []float64{0.1, 0.9} {
			a, v, err := b.Best([]float64{x})
			if err != nil {
				t.Fatal(err)
			}
			if r := regret(x, a); !(r <= 1e-12) || !(math.Abs(v-worth(x, a)) <= 0.25) {
				t.Errorf("%s: at %v the best is thought to be %v, of worth %v: regret %v", policy, x, a, v, r)
			}
		}
	}
}

// TestGradient: the gradient of the objective is that of its values.
func TestGradient(t *testing.T) {
	rnd := source()
	b := Bandit{Options: 3}
	var plays []Play
	for range 12 {
		x := []float64{rnd.Float64(), rnd.Float64()}
		plays = append(plays, Play{x, b.all(nil)[rnd.IntN(7)].Chosen, rnd.NormFloat64()})
	}
	p, err := fit(plays)
	if err != nil {
		t.Fatal(err)
	}
	z := first(3)
	grad := make([]float64, len(z))
	if _, err := p.objective(z, grad); err != nil {
		t.Fatal(err)
	}
	const h = 1e-5
	for i := range z {
		up, down := append([]float64{}, z...), append([]float64{}, z...)
		up[i], down[i] = up[i]+h, down[i]-h
		a, _ := p.objective(up, nil)
		c, _ := p.objective(down, nil)
		if d := (a - c) / (2 * h); !(math.Abs(d-grad[i]) <= 1e-6*(1+math.Abs(d))) {
			t.Errorf("∂/∂z%d is %v, want %v", i, grad[i], d)
		}
	}
}

// TestPosterior: at plays the posterior has their rewards, within the noise, and less doubt than far away.
func TestPosterior(t *testing.T) {
	rnd := source()
	b := Bandit{Options: 2}
	var plays []Play
	for i := range 20 {
		x, a := float64(i)/40, b.all(nil)[rnd.IntN(3)].Chosen
		plays = append(plays, Play{[]float64{x}, a, math.Sin(6*x) + worth(0, append(a, false, false))})
	}
	p, err := fit(plays)
	if err != nil {
		t.Fatal(err)
	}
	mean, covariance := p.posterior(append(plays, Play{[]float64{3}, plays[0].Chosen, 0}))
	for i, q := range plays {
		if got := p.mean + p.scale*mean[i]; !(math.Abs(got-q.Reward) <= 0.1) {
			t.Errorf("play %d: %v, want %v", i, got, q.Reward)
		}
		if !(covariance.At(i, i) < covariance.At(20, 20)/4) {
			t.Errorf("play %d: variance %v, far away %v", i, covariance.At(i, i), covariance.At(20, 20))
		}
	}
}
