package refiner

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// Diffuse is denoising diffusion with K+1 levels t = 0..K, whose variances βₜ grow exponentially to 1, so that the state of level K
// is nothing but noise: with ᾱₜ = Π_{i ≤ t} (1 − βᵢ),
//
//	state = √ᾱₜ·y + √(1−ᾱₜ)·ε,    answer v = √ᾱₜ·ε − √(1−ᾱₜ)·y,    or ε, but y at level K where the state holds nothing of y
//
// Sampling goes from K down to 0. A call gives ŷ; with ᾱ = ᾱₜ, ᾱ′ = ᾱₜ₋₁ (1 at t = 0) and β = 1 − ᾱ/ᾱ′ the next state is
//
//	ancestral  √ᾱ′·β/(1−ᾱ)·ŷ + √(1−β)·(1−ᾱ′)/(1−ᾱ)·state + √((1−ᾱ′)/(1−ᾱ)·β)·ε
//	ddim       √ᾱ′·ŷ + √(1−ᾱ′)·ε̂,    ε̂ = (state − √ᾱ·ŷ)/√(1−ᾱ)
//
// Level K is the k = 0 of Refine. Sources: Ho et al. 2020 (arXiv 2006.11239, eq. 4 and 7), Song et al. 2021 (arXiv 2010.02502,
// eq. 12 with σ = 0), Salimans & Ho 2022 (arXiv 2202.00512, appendix D); PDEArena's refiner is velocity with ancestral sampling.
type Diffuse struct {
	Abar     []float64 // ᾱ₀, .., ᾱ_K = 0
	Velocity bool      // whether the answer is v
	DDIM     bool
}

func newDiffuse(c Config) (Process, error) {
	v, err := exponential(c.Convention, c.Noise, c.Steps)
	if err != nil {
		return nil, err
	}
	d := &Diffuse{Abar: make([]float64, c.Steps+1), Velocity: c.Predict == "velocity", DDIM: c.Sampler == "ddim"}
	if !d.Velocity && c.Predict != "noise" {
		return nil, fmt.Errorf("refiner: diffusion predicts %q: use velocity or noise", c.Predict)
	}
	if !d.DDIM && c.Sampler != "ancestral" {
		return nil, fmt.Errorf("refiner: sampler %q of a diffusion: use ancestral or ddim", c.Sampler)
	}
	round := func(x float64) float64 { return x }
	if c.Single {
		round = func(x float64) float64 { return float64(float32(x)) }
	}
	product := 1.0
	for t := range d.Abar {
		product = round(product * round(1-round(v[c.Steps-t])))
		d.Abar[t] = product
	}
	return d, nil
}

// At implements Process.
func (d *Diffuse) At(u float64) Level {
	t := int(u * float64(len(d.Abar)))
	a, b := math.Sqrt(d.Abar[t]), math.Sqrt(1-d.Abar[t])
	l := Level{Number: float64(t), Signal: a, Noise: b}
	switch {
	case d.Velocity:
		l.AnswerSignal, l.AnswerNoise = -b, a
	case a == 0:
		l.AnswerSignal = 1
	default:
		l.AnswerNoise = 1
	}
	return l
}

// Noises implements Process.
func (d *Diffuse) Noises() int {
	if d.DDIM {
		return 1
	}
	return len(d.Abar)
}

// Last implements Process.
func (d *Diffuse) Last() float64 { return float64(len(d.Abar) - 1) }

// Stages implements Process.
func (d *Diffuse) Stages() int { return len(d.Abar) }

// Sample implements Process: the states after each call. Noise 0 is the first state.
func (d *Diffuse) Sample(call Call, noise Noise, _ op.Value) []op.Value {
	last := len(d.Abar) - 1
	state := noise(0)
	var list []op.Value
	for t := last; t >= 0; t-- {
		y := d.estimate(t, state, call(state, float64(t)))
		switch {
		case t == 0:
			state = y
		case d.DDIM:
			state = d.along(t, state, y)
		default:
			state = d.ancestor(t, state, y, noise(last-t+1))
		}
		list = append(list, state)
	}
	return list
}

// estimate is ŷ from the answer at level t.
func (d *Diffuse) estimate(t int, state, answer op.Value) op.Value {
	a, b := math.Sqrt(d.Abar[t]), math.Sqrt(1-d.Abar[t])
	switch {
	case d.Velocity:
		return mix(a, state, -b, answer)
	case a == 0:
		return answer
	}
	return mix(1/a, state, -b/a, answer)
}

func (d *Diffuse) ancestor(t int, state, y, noise op.Value) op.Value {
	a, before := d.Abar[t], d.Abar[t-1]
	beta := 1 - a/before
	mean := mix(math.Sqrt(before)*beta/(1-a), y, math.Sqrt(1-beta)*(1-before)/(1-a), state)
	return mix(1, mean, math.Sqrt((1-before)/(1-a)*beta), noise)
}

func (d *Diffuse) along(t int, state, y op.Value) op.Value {
	a, before := d.Abar[t], d.Abar[t-1]
	r := math.Sqrt((1 - before) / (1 - a))
	return mix(math.Sqrt(before)-r*math.Sqrt(a), y, r, state)
}
