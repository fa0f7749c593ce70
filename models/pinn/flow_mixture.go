package pinn

import (
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Mixture is a density on [0, 1], of the uniform one and K logistic ones that are cut off at the ends:
//
//	F(x) = (x + Σ_k w_k (σ((x − c_k) e_k) − σ(−c_k e_k))) / M,  M = 1 + Σ_k w_k (σ((1 − c_k) e_k) − σ(−c_k e_k))
//
// with w_k = exp a_k and e_k = exp b_k. Its values are a_1..a_K, c_1..c_K, b_1..b_K.
type Mixture []float64

// evenChannels are those of K components, half as heavy together as the uniform one, side by side.
func evenChannels(k int) []float64 {
	var a, c, b []float64
	for i := range k {
		a = append(a, -math.Log(2*float64(k)))
		c = append(c, (float64(i)+0.5)/float64(k))
		b = append(b, math.Log(2*float64(k)))
	}
	return slices.Concat(a, c, b)
}

// Distribution is F(x).
func (m Mixture) Distribution(x float64) float64 { return m.distribution()(x) }

func (m Mixture) distribution() func(x float64) float64 {
	k := len(m) / 3
	weight, centre, sharp, low := make([]float64, k), m[k:2*k], make([]float64, k), make([]float64, k)
	mass := 1.0
	for i := range k {
		weight[i], sharp[i] = math.Exp(m[i]), math.Exp(m[2*k+i])
		low[i] = logistic(-centre[i] * sharp[i])
		mass += weight[i] * (logistic((1-centre[i])*sharp[i]) - low[i])
	}
	return func(x float64) float64 {
		sum := x
		for i, w := range weight {
			sum += w * (logistic((x-centre[i])*sharp[i]) - low[i])
		}
		return sum / mass
	}
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Quantile is F⁻¹(z) by bisection, to the last bit but a few.
func (m Mixture) Quantile(z float64) float64 {
	low, high, f := 0.0, 1.0, m.distribution()
	for range 53 {
		if middle := (low + high) / 2; f(middle) < z {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// mixtureJets is a Mixture at each point, as jets [m, K], that changes from point to point.
type mixtureJets struct {
	weight, centre, sharpness models.Jet
	spread, sum               op.Value // [1, K] and [K, 1] of ones
	sigmoid                   models.JetFunc
}

func newMixtureJets(plan *models.JetPlan, channels models.Jet) mixtureJets {
	v := channels.Value()
	g, t, k := v.Graph(), v.Dtype(), v.Dims().At(1)/3
	ones := slices.Repeat([]float64{1}, k)
	exp, err := models.JetFunction("exp")
	if err == nil {
		var sigmoid models.JetFunc
		if sigmoid, err = models.JetFunction("sigmoid"); err == nil {
			return mixtureJets{
				weight:    channels.Columns(0, k).Compose(exp),
				centre:    channels.Columns(k, k),
				sharpness: channels.Columns(2*k, k).Compose(exp),
				spread:    g.Constant(fmt.Sprintf("ones %v 1 %d", t, k), t, op.Of(1, k), ones),
				sum:       g.Constant(fmt.Sprintf("ones %v %d 1", t, k), t, op.Of(k, 1), ones),
				sigmoid:   sigmoid,
			}
		}
	}
	v.Fail(fmt.Errorf("pinn: flow: %w", err))
	return mixtureJets{}
}

// below is σ((x − c) e) for x [m, K].
func (m mixtureJets) below(x models.Jet) models.Jet {
	return x.Sub(m.centre).Mul(m.sharpness).Compose(m.sigmoid)
}

// start and end are below at 0 and 1.
func (m mixtureJets) start() models.Jet {
	return m.centre.Scale(-1).Mul(m.sharpness).Compose(m.sigmoid)
}

func (m mixtureJets) end() models.Jet {
	v := m.centre.Value()
	return m.centre.Scale(-1).Shift(v.Graph().Scalar(v.Dtype(), 1)).Mul(m.sharpness).Compose(m.sigmoid)
}

// share is v divided by 1 + Σ_k w_k (end_k − start_k).
func (m mixtureJets) share(v models.Jet) models.Jet {
	mass := m.end().Sub(m.start()).Mul(m.weight).MatMul(m.sum)
	return v.Mul(mass.Shift(v.Value().Graph().Scalar(v.Value().Dtype(), 1)).Compose(models.PowJet(-1)))
}

// distribution is F at x [m, 1].
func (m mixtureJets) distribution(x models.Jet) models.Jet {
	return m.share(x.Add(m.below(x.MatMul(m.spread)).Sub(m.start()).Mul(m.weight).MatMul(m.sum)))
}

// density is F' at x [m, 1].
func (m mixtureJets) density(x models.Jet) models.Jet {
	s := m.below(x.MatMul(m.spread))
	slopes := s.Sub(s.Mul(s)).Mul(m.sharpness).Mul(m.weight).MatMul(m.sum)
	return m.share(slopes.Shift(x.Value().Graph().Scalar(x.Value().Dtype(), 1)))
}
