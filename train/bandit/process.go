package bandit

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Play is a choice in a context, and what it was worth.
type Play struct {
	Context []float64 `json:"context"` // each in [0, 1]
	Chosen  []bool    `json:"chosen"`  // by option
	Reward  float64   `json:"reward"`
}

// process is the Gaussian process y = f(x, a) + ε with the hybrid kernel
//
//	k(x, a; x', a') = s² exp(−|x − x'|²/(2ℓ²)) exp(−Σ θ_i [a_i ≠ a'_i]),  ε ~ N(0, σ²)
//
// over context x and subset a, for rewards of mean 0 and deviation 1. Its hyperparameters z = log(s, ℓ, σ, θ_1, ..) are those of the largest
// posterior density under independent normal priors of deviation 1 about their first values.
type process struct {
	plays       []Play
	mean, scale float64   // of the rewards
	y           []float64 // scaled rewards
	z           []float64
	factor      mat.Cholesky // of K + σ² I
	alpha       *mat.VecDense
}

// errNotPositive is returned for a kernel matrix that rounding has left without a factor.
var errNotPositive = errors.New("bandit: the kernel matrix of the plays has no Cholesky factor")

// first is the centre of the priors.
func first(options int) []float64 {
	z := []float64{0, math.Log(0.5), math.Log(0.3)}
	for range options {
		z = append(z, -math.Log(float64(options)))
	}
	return z
}

// fit fits a process to plays, at least one.
func fit(plays []Play) (*process, error) {
	p := &process{plays: plays, z: first(len(plays[0].Chosen))}
	n := float64(len(plays))
	for _, q := range plays {
		p.mean += q.Reward / n
	}
	for _, q := range plays {
		p.scale += (q.Reward - p.mean) * (q.Reward - p.mean) / n
	}
	if p.scale = math.Sqrt(p.scale); !(p.scale > 0) {
		p.scale = 1
	}
	for _, q := range plays {
		p.y = append(p.y, (q.Reward-p.mean)/p.scale)
	}
	problem := optimize.Problem{
		Func: func(z []float64) float64 { f, _ := p.objective(z, nil); return f },
		Grad: func(grad, z []float64) {
			if _, err := p.objective(z, grad); err != nil {
				for i := range grad {
					grad[i] = 0
				}
			}
		},
	}
	// a search that ends early leaves the best place that it has seen
	if r, _ := optimize.Minimize(problem, p.z, &optimize.Settings{MajorIterations: 40}, &optimize.LBFGS{}); r != nil && !math.IsInf(r.F, 0) {
		p.z = r.X
	}
	return p, p.solve(p.z)
}

// solve factorises the kernel matrix for z.
func (p *process) solve(z []float64) error {
	n := len(p.plays)
	k := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			v := kernel(z, p.plays[i], p.plays[j])
			if i == j {
				v += math.Exp(2*z[2]) + 1e-10
			}
			k.SetSym(i, j, v)
		}
	}
	if !p.factor.Factorize(k) {
		return errNotPositive
	}
	p.alpha = mat.NewVecDense(n, nil)
	return p.factor.SolveVecTo(p.alpha, mat.NewVecDense(n, p.y))
}

// objective is ½ yᵀK⁻¹y + ½ log|K| + ½ |z − z₀|², +∞ where K has no factor, and its gradient ½ tr((K⁻¹ − ααᵀ) ∂K/∂z) + z − z₀.
func (p *process) objective(z, grad []float64) (float64, error) {
	if err := p.solve(z); err != nil {
		return math.Inf(1), err
	}
	n := len(p.plays)
	f := p.factor.LogDet() / 2
	for i, y := range p.y {
		f += y * p.alpha.AtVec(i) / 2
	}
	for i, v := range first(len(p.plays[0].Chosen)) {
		f += (z[i] - v) * (z[i] - v) / 2
		if grad != nil {
			grad[i] = z[i] - v
		}
	}
	if grad == nil {
		return f, nil
	}
	var inverse mat.SymDense
	if err := p.factor.InverseTo(&inverse); err != nil {
		return math.Inf(1), err
	}
	for i := range n {
		for j := range n {
			a, b := p.plays[i], p.plays[j]
			w := (inverse.At(i, j) - p.alpha.AtVec(i)*p.alpha.AtVec(j)) / 2
			k := kernel(z, a, b)
			grad[0] += w * 2 * k
			grad[1] += w * k * distance(a, b) * math.Exp(-2*z[1])
			if i == j {
				grad[2] += w * 2 * math.Exp(2*z[2])
			}
			for o := range a.Chosen {
				if a.Chosen[o] != b.Chosen[o] {
					grad[3+o] -= w * k * math.Exp(z[3+o])
				}
			}
		}
	}
	return f, nil
}

// distance is |x − x'|² of the contexts.
func distance(a, b Play) (d float64) {
	for i, x := range a.Context {
		d += (x - b.Context[i]) * (x - b.Context[i])
	}
	return d
}

func kernel(z []float64, a, b Play) float64 {
	e := 2*z[0] - distance(a, b)*math.Exp(-2*z[1])/2
	for o := range a.Chosen {
		if a.Chosen[o] != b.Chosen[o] {
			e -= math.Exp(z[3+o])
		}
	}
	return math.Exp(e)
}

// posterior is the mean, and the covariance, of f at points, in units of the scaled rewards.
func (p *process) posterior(at []Play) (mean []float64, covariance *mat.SymDense) {
	n, m := len(p.plays), len(at)
	cross := mat.NewDense(n, m, nil)
	for i, a := range p.plays {
		for j, b := range at {
			cross.Set(i, j, kernel(p.z, a, b))
		}
	}
	var mu mat.VecDense
	mu.MulVec(cross.T(), p.alpha)
	var half, gain mat.Dense // L⁻¹ cross
	var l mat.TriDense
	p.factor.LTo(&l)
	_ = half.Solve(&l, cross) // L is regular: the factorisation succeeded
	gain.Mul(half.T(), &half)
	covariance = mat.NewSymDense(m, nil)
	for i := range m {
		for j := i; j < m; j++ {
			covariance.SetSym(i, j, kernel(p.z, at[i], at[j])-gain.At(i, j))
		}
	}
	return mu.RawVector().Data, covariance
}
