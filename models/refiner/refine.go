package refiner

import (
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// Refine is PDE-Refiner as published: a first guess, then K refinements that each add noise and predict it.
//
//	k = 0      û = NN(0, 0)
//	k = 1..K   ũ = û + σₖ·ε, û = ũ − σₖ·NN(ũ, k)
//
// Trained on y itself at k = 0, and on ε in y + σₖ·ε at k ≥ 1, k uniform in 0..K: the noise is on the truth and never on the
// network's own guess. Source: Lippe et al. 2023 (arXiv 2308.05732), §3.1 and algorithm 1.
type Refine struct {
	Sigma []float64 // σ₀ = 1, σ₁, .., σ_K
}

func newRefine(c Config) (Process, error) {
	v, err := exponential(c.Convention, c.Noise, c.Steps)
	if err != nil {
		return nil, err
	}
	r := &Refine{}
	for _, x := range v {
		r.Sigma = append(r.Sigma, math.Sqrt(x))
	}
	return r, nil
}

// At implements Process.
func (r *Refine) At(u float64) Level {
	k := int(u * float64(len(r.Sigma)))
	if k == 0 {
		return Level{AnswerSignal: 1}
	}
	return Level{Number: float64(k), Signal: 1, Noise: r.Sigma[k], AnswerNoise: 1}
}

// Noises implements Process.
func (r *Refine) Noises() int { return len(r.Sigma) - 1 }

// Last implements Process.
func (r *Refine) Last() float64 { return float64(len(r.Sigma) - 1) }

// Stages implements Process.
func (r *Refine) Stages() int { return len(r.Sigma) }

// Sample implements Process: the estimates û.
func (r *Refine) Sample(call Call, noise Noise, zero op.Value) []op.Value {
	u := call(zero, 0)
	list := []op.Value{u}
	for k, sigma := range r.Sigma[1:] {
		noised := mix(1, u, sigma, noise(k))
		u = mix(1, noised, -sigma, call(noised, float64(k+1)))
		list = append(list, u)
	}
	return list
}
