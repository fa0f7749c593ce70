package pinn

import (
	"iter"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Layer: y = σ(a·((x W) ⊙ exp(s) + b)), with W [in, out], b [out]. The scales s and the slope a are trained where there are any, and
// y is affine where there is no activation.
type Layer struct {
	Weight, Bias *models.Param
	Scale        *models.Param // s [out]; nil: weights are not factorised
	Slope        *models.Param // a [1]; nil: the activation is not adaptive
	Activation   models.JetFunc
}

// Activation is the activation of hidden layers, and whether its slope is trained (Jagtap, Kawaguchi & Karniadakis 2020, Proc. R. Soc. A
// 476, eq. 2.5, with one slope for each layer, at first 1).
type Activation struct {
	Function models.JetFunc
	adaptive bool
}

// newLayer draws W from N(0, 2/(in + out)) (Glorot & Bengio 2010, eq. 16, in the normal form); b is zero. A factorised layer draws s from
// N(1, 0.1²) and divides W by exp(s) (Wang et al. 2022, arXiv 2210.01274, random weight factorisation).
func newLayer(name string, in, out int, factorised bool, act Activation, rnd *rand.Rand) *Layer {
	zeros := func(suffix string, n int) *models.Param {
		return &models.Param{Name: name + suffix, Dims: op.Of(n), Data: make([]float64, n)}
	}
	l := &Layer{Bias: zeros(".bias", out), Activation: act.Function}
	l.Weight = &models.Param{Name: name + ".weight", Dims: op.Of(in, out), Data: make([]float64, in*out)}
	sigma := math.Sqrt(2 / float64(in+out))
	for i := range l.Weight.Data {
		l.Weight.Data[i] = sigma * rnd.NormFloat64()
	}
	if factorised {
		l.Scale = zeros(".scale", out)
		for k := range out {
			s := 1 + 0.1*rnd.NormFloat64()
			l.Scale.Data[k] = s
			for i := k; i < in*out; i += out {
				l.Weight.Data[i] /= math.Exp(s)
			}
		}
	}
	if act.adaptive {
		l.Slope = zeros(".slope", 1)
		l.Slope.Data[0] = 1
	}
	return l
}

// ApplyJet implements Network.
func (l *Layer) ApplyJet(x models.Jet) models.Jet {
	g, t := x.Value().Graph(), x.Value().Dtype()
	x = x.MatMul(l.Weight.In(g, t))
	if l.Scale != nil {
		x = x.Times(op.Exp(l.Scale.In(g, t)))
	}
	x = x.Shift(l.Bias.In(g, t))
	if l.Slope != nil {
		x = x.Times(l.Slope.In(g, t))
	}
	if l.Activation.Derivatives == nil {
		return x
	}
	return x.Compose(l.Activation)
}

// Params implements Network.
func (l *Layer) Params() iter.Seq2[string, *models.Param] {
	return own(l.Weight, l.Scale, l.Bias, l.Slope)
}
