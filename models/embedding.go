package models

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// Embedding turns scalars c [batch, scalars] into the vector e [batch, channels] that a model's blocks are modulated by:
//
//	e = Σ_j MLP_j(φ(c_j)),   φ(t) = (cos ω₀t, …, cos ω_(h−1)t, sin ω₀t, …, sin ω_(h−1)t),   ω_i = 10000^(−i/h),
//
// with h = ⌊Features/2⌋, a zero behind φ where Features is odd, and MLPs Features → channels → channels. So scalars are best of the
// order of 1 to 1000. A nil Embedding has no scalars.
//
// Source: Vaswani et al., Attention Is All You Need (2017), §3.5; Ho et al., Denoising Diffusion Probabilistic Models (2020), App. B.
type Embedding struct {
	Nets     []*MLP // one per scalar
	Features int
}

// embeddingPeriod is the ratio of the slowest to the fastest feature's period.
const embeddingPeriod = 10000

// newEmbedding returns the embedding of a model's scalars, with as many features as the model is wide.
func newEmbedding(c Config, p Ports, act Activation, rnd *rand.Rand) *Embedding {
	if p.Scalars == 0 {
		return nil
	}
	e := &Embedding{Features: c.Width}
	for j := range p.Scalars {
		e.Nets = append(e.Nets, NewMLP(fmt.Sprintf("condition.%d", j), act, rnd, c.Width, c.embedding(p), c.embedding(p)))
	}
	return e
}

// embedding is the number of channels that the scalars are embedded in, 0 without any.
func (c Config) embedding(p Ports) int {
	if p.Scalars == 0 {
		return 0
	}
	return cmp.Or(c.Embedding, 4*c.Width)
}

// Apply implements Model on scalars instead of a field. Of none it is the zero Value.
func (e *Embedding) Apply(c op.Value) op.Value {
	if e == nil || !c.Valid() {
		return op.Value{}
	}
	var sum op.Value
	for j, net := range e.Nets {
		v := net.Apply(e.features(op.SliceAxis(c, 1, j, 1)))
		if j > 0 {
			v = op.Add(sum, v)
		}
		sum = v
	}
	return sum
}

// features is φ of t [batch, 1].
func (e *Embedding) features(t op.Value) op.Value {
	half := e.Features / 2
	omega := make([]float64, half)
	for i := range omega {
		omega[i] = math.Exp(-math.Log(embeddingPeriod) * float64(i) / float64(half))
	}
	phase := op.Mul(t, t.Graph().Constant(fmt.Sprintf("embedding.frequencies.%d", half), t.Dtype(), op.Of(half), omega))
	return op.Pad(op.Concat(1, op.Cos(phase), op.Sin(phase)), op.PadZero, 1, 0, e.Features%2)
}

// Params implements Model.
func (e *Embedding) Params() iter.Seq2[string, *Param] {
	if e == nil {
		return own()
	}
	nets := make([]holder, len(e.Nets))
	for i, n := range e.Nets {
		nets[i] = n
	}
	return chain(nets...)
}
