package train

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// WeightsConfig says how the residuals of a problem are balanced while training. The validation loss keeps the weights of the problem.
type WeightsConfig struct {
	Kind   string  `yaml:"kind" mapstructure:"kind" json:"kind" help:"problems: fixed (default), gradient_norm, ntk, self_adaptive or lagrangian"`
	Every  int     `yaml:"every" mapstructure:"every" json:"every" help:"problems: steps between changes of the weights (default 100)"`
	Rate   float64 `yaml:"rate" mapstructure:"rate" json:"rate" help:"self_adaptive: growth of a point's weight by its squared residual (default 0.1)"`
	Causal float64 `yaml:"causal" mapstructure:"causal" json:"causal" help:"problems in time: residuals count by exp(-causal times the sum of earlier ones); 0: all from the start"`
	Chunks int     `yaml:"chunks" mapstructure:"chunks" json:"chunks" help:"causal: parts of the time (default 32)"`
}

// weightings is the table of WeightsConfig.Kind, and whether the kind has numbers of its own for the points of conditions, which then stay.
func weightings() map[string]bool {
	return map[string]bool{"fixed": false, "gradient_norm": false, "ntk": false, "self_adaptive": true, "lagrangian": true}
}

func (c WeightsConfig) complete() (WeightsConfig, error) {
	def(&c.Kind, "fixed")
	def(&c.Every, 100)
	def(&c.Rate, 0.1)
	def(&c.Chunks, 32)
	if _, ok := weightings()[c.Kind]; !ok {
		return c, fmt.Errorf("%w: train.weights.kind %q: use one of %s", ErrConfig, c.Kind, strings.Join(slices.Sorted(maps.Keys(weightings())), ", "))
	}
	if c.Every < 1 || c.Chunks < 2 || !(c.Rate > 0) || !(c.Causal >= 0) {
		return c, fmt.Errorf("%w: train.weights: every %d and rate %v must be positive, chunks %d two or more, causal %v not negative", ErrConfig, c.Every, c.Rate, c.Chunks, c.Causal)
	}
	return c, nil
}

// The numbers that weightings keep are feeds, which checkpoints hold: weight.K [1] for residual K, attention.K and multiplier.K [n, 1] for the
// points of a condition, chunks.SET [n, chunks] for those of the domain.

// kept tells whether a set's points stay, because they have numbers of their own.
func (t *PINN) kept(set *pinn.Set) bool {
	return weightings()[t.Config.Weights.Kind] && !set.Inside() && t.feeds["points."+set.Name] != nil
}

// weigh applies the weights of now to the residuals of a set, of which the first has the given number among all.
func (t *PINN) weigh(g *op.Graph, set *pinn.Set, number int, rows []op.Value) []op.Value {
	c := t.Config.Weights
	out := slices.Clone(rows)
	inside := set.Inside()
	for i, r := range rows {
		k := number + i
		switch {
		case c.Kind == "gradient_norm" || c.Kind == "ntk":
			out[i] = op.Mul(r, g.Input(fmt.Sprintf("weight.%d", k), t.Precision, op.Of(1)))
		case c.Kind == "self_adaptive" && !inside:
			out[i] = op.Mul(r, g.Input(fmt.Sprintf("attention.%d", k), t.Precision, r.Dims()))
		case c.Kind == "lagrangian" && !inside: // mean (r + λ)² is the mean of r² + 2λr but for a constant
			out[i] = op.Add(r, g.Input(fmt.Sprintf("multiplier.%d", k), t.Precision, r.Dims()))
		}
	}
	if inside && t.causal() {
		w := causalRoots(g.Input("chunks."+set.Name, t.Precision, op.Of(rows[0].Dims().At(0), c.Chunks)), rows, c.Causal)
		for i := range out {
			out[i] = op.Mul(out[i], w)
		}
	}
	return out
}

func (t *PINN) causal() bool { return t.Config.Weights.Causal > 0 && len(t.Problem.Domain.Time) > 0 }

// causalRoots is √w_c at the points of chunk c of the time, w_c = exp(−ε Σ_{b<c} L_b) with the mean square L_b of the residuals in chunk b, through
// which no gradient flows (Wang, Sankaran & Perdikaris 2022, arXiv 2203.07404, eq. 2.21). chunks [n, c] is one where a point is in a chunk.
func causalRoots(chunks op.Value, rows []op.Value, epsilon float64) op.Value {
	g, t, n := chunks.Graph(), chunks.Dtype(), chunks.Dims().At(1)
	var squares op.Value
	for i, r := range rows {
		if s := op.Mul(r, r); i == 0 {
			squares = s
		} else {
			squares = op.Add(squares, s)
		}
	}
	count := op.ReshapeTo(op.SumOver(chunks, op.AxisSet(0)), op.Of(n, 1))
	means := op.Div(op.MatMul(chunks, op.Detach(squares), true, false), op.Affine(count, 1, 1e-30))
	before := make([]float64, n*n)
	for i := range n {
		for j := range i {
			before[i*n+j] = -epsilon / 2
		}
	}
	lower := g.Constant(fmt.Sprintf("causal %v %d %v", t, n, epsilon), t, op.Of(n, n), before)
	return op.MatMul(chunks, op.Exp(op.MatMul(lower, means, false, false)), false, false)
}

// feedWeights adds to new points the numbers that belong to them: those of before, or the first ones.
func (t *PINN) feedWeights(next map[string][]float64) {
	k := 0
	for _, set := range t.model.Sets {
		for range set.Rows {
			for name, n := range map[string]int{"weight": 1, "attention": t.count(set), "multiplier": t.count(set)} {
				key := fmt.Sprintf("%s.%d", name, k)
				if !t.uses(name, set) {
					continue
				}
				if next[key] = t.feeds[key]; len(next[key]) == n {
					continue
				}
				next[key] = make([]float64, n)
				for j := range next[key] {
					if name != "multiplier" {
						next[key][j] = 1
					}
				}
			}
			k++
		}
		if set.Inside() && t.causal() {
			next["chunks."+set.Name] = t.chunks(next["points."+set.Name])
		}
	}
}

// uses tells whether residuals of a set have a kind of number.
func (t *PINN) uses(name string, set *pinn.Set) bool {
	switch kind := t.Config.Weights.Kind; name {
	case "weight":
		return kind == "gradient_norm" || kind == "ntk"
	case "attention":
		return kind == "self_adaptive" && !set.Inside()
	default:
		return kind == "lagrangian" && !set.Inside()
	}
}

// chunks tells the part of the time that each point lies in.
func (t *PINN) chunks(x []float64) []float64 {
	n, d := t.Config.Weights.Chunks, len(t.Problem.Coordinates)
	time := t.model.Problem.Domain.Time
	start, end := float64(time[0]), float64(time[1])
	table := make([]float64, len(x)/d*n)
	for i := 0; i < len(x); i += d {
		c := int(float64(n) * (x[i+d-1] - start) / (end - start))
		table[i/d*n+min(max(c, 0), n-1)] = 1
	}
	return table
}

// gauge measures one residual: its gradient's norm, the trace of its kernel over its points, or its values.
type gauge struct {
	program *engine.Program
	values  []float64
}

// reweigh changes the weights by what the residuals are now.
func (t *PINN) reweigh() error {
	c := t.Config.Weights
	if c.Kind == "fixed" || t.state.PhaseStep%c.Every != 0 {
		return nil
	}
	if t.gauges == nil {
		if err := t.newGauges(); err != nil {
			return err
		}
	}
	var sizes []float64
	for k, m := range t.gauges {
		if m == nil {
			continue
		}
		if err := t.feed(m.program); err != nil {
			return err
		}
		if err := m.program.Run(); err != nil {
			return err
		}
		if err := engine.Output(m.program, 0, m.values); err != nil {
			return err
		}
		switch c.Kind {
		case "self_adaptive": // λ ← λ + rate·∂(λ²r²)/∂λ (McClenny & Braga-Neto 2023, J. Comput. Phys. 474, with the mask λ²)
			for i, r := range m.values {
				t.feeds[fmt.Sprintf("attention.%d", k)][i] *= 1 + 2*c.Rate*r*r
			}
		case "lagrangian": // λ ← λ + r, in units of the penalty
			for i, r := range m.values {
				t.feeds[fmt.Sprintf("multiplier.%d", k)][i] += r
			}
		default:
			sizes = append(sizes, m.values[0])
		}
	}
	t.balance(sizes)
	return t.method.Restart()
}

// balance moves each weight a tenth of the way to mean(s)/s_k, at once the first time (Wang, Teng & Perdikaris 2021, with norms of gradients; Wang, Yu
// & Perdikaris 2022, J. Comput. Phys. 449, with traces of kernels). Feeds hold the weights' roots.
func (t *PINN) balance(sizes []float64) {
	mean := 0.0
	for _, s := range sizes {
		mean += s / float64(len(sizes))
	}
	part := 0.1
	if t.state.PhaseStep == 0 {
		part = 1
	}
	for k, s := range sizes {
		root := t.feeds[fmt.Sprintf("weight.%d", k)]
		if w := mean / s; s > 0 && !math.IsInf(w, 0) {
			root[0] = math.Sqrt((1-part)*root[0]*root[0] + part*w)
		}
	}
}

// newGauges compiles a gauge for each residual that the present kind of weights measures, at the points of the present phase.
func (t *PINN) newGauges() error {
	for _, set := range t.model.Sets {
		for k := range set.Rows {
			if set.Inside() && weightings()[t.Config.Weights.Kind] {
				t.gauges = append(t.gauges, nil)
				continue
			}
			g := op.NewGraph()
			rows, err := t.model.Rows(g, t.Precision, set, t.count(set))
			if err != nil {
				return fmt.Errorf("%w: %w", ErrConfig, err)
			}
			r := op.Scale(rows[k].Value, math.Sqrt(rows[k].Weight))
			var params []op.Value
			for _, p := range t.model.Params() {
				params = append(params, p.In(g, t.Precision))
			}
			v := r
			switch t.Config.Weights.Kind {
			case "gradient_norm":
				v = gradientNorm(r, params)
			case "ntk":
				j := op.Jacobian(r, params...)
				v = op.Scale(op.SumAll(op.Mul(j, j)), 1/float64(t.count(set)))
			}
			m := &gauge{values: make([]float64, v.Dims().Size())}
			if m.program, err = engine.Compile(g, []op.Value{v}, nil, t.store); err != nil {
				return err
			}
			t.gauges = append(t.gauges, m)
		}
	}
	return nil
}

// gradientNorm is ‖∇ mean r²‖.
func gradientNorm(r op.Value, params []op.Value) op.Value {
	sum := r.Graph().Scalar(r.Dtype(), 0)
	for _, d := range op.Gradients(op.MeanAll(op.Mul(r, r)), params...) {
		if d.Valid() {
			sum = op.Add(sum, op.SumAll(op.Mul(d, d)))
		}
	}
	return op.Sqrt(sum)
}
