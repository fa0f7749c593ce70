package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// AdversarialConfig is the opponent of the solution, a density p that grows where residuals r are large (Tang, Zhai, Wan & Yang 2024, arXiv
// 2305.18702, eq. 8):
//
//	min_u max_p ∫ r² p,  p the maximum of ∫ ρ log p − β ∫ |∇p|²,  ρ = |r|^k / ∫ |r|^k
//
// over the domain's bounds as unit cube. The second term keeps p near the uniform density, without it p is ρ. The paper has r² p in place of ρ log p:
// that is the same direction where p is even and k = 2, but next to nothing moves p where it is small, its maximum is a point, and in units of r²
// β would mean another thing at every size of the loss. The first term is a mean over points of density ρ, chosen among candidates. A
// method of second order goes so far between draws that k = 1 serves it better.
type AdversarialConfig struct {
	Share      float64 `yaml:"share" mapstructure:"share" json:"share" help:"adversarial: part of the points that are drawn from the density, the others evenly (default 0.5)"`
	Beta       float64 `yaml:"beta" mapstructure:"beta" json:"beta" help:"adversarial: weight of the mean square slope of the density, which keeps it even (default 1e-6)"`
	Power      float64 `yaml:"power" mapstructure:"power" json:"power" help:"adversarial: power of the residual that the density follows (default 1)"`
	Steps      int     `yaml:"steps" mapstructure:"steps" json:"steps" help:"adversarial: Adam steps of the density at each draw of points (default 50)"`
	LR         float64 `yaml:"lr" mapstructure:"lr" json:"lr" help:"adversarial: their rate (default 0.05)"`
	Samples    int     `yaml:"samples" mapstructure:"samples" json:"samples" help:"adversarial: points at which the density is trained, chosen among as many of its own and train.points.candidates even ones (default 2000)"`
	Components int     `yaml:"components" mapstructure:"components" json:"components" help:"adversarial: of the density along each coordinate (default 8)"`
	Width      int     `yaml:"width" mapstructure:"width" json:"width" help:"adversarial: of the density's networks (default 24)"`
}

func (c AdversarialConfig) complete() (AdversarialConfig, error) {
	def(&c.Share, 0.5)
	def(&c.Beta, 1e-6)
	def(&c.Power, 1)
	def(&c.Steps, 50)
	def(&c.LR, 0.05)
	def(&c.Samples, 2000)
	def(&c.Components, 8)
	def(&c.Width, 24)
	if !(c.Share > 0 && c.Share <= 1) || !(c.Beta >= 0) || !(c.Power > 0) || c.Steps < 1 || !(c.LR > 0) || c.Samples < 1 || c.Components < 1 || c.Width < 1 {
		return c, fmt.Errorf("%w: train.points.adversarial: share %v must be in (0, 1], beta %v not negative, power %v, steps %d, lr %v, components %d, width %d and samples %d positive", ErrConfig, c.Share, c.Beta, c.Power, c.Steps, c.LR, c.Components, c.Width, c.Samples)
	}
	return c, nil
}

// adversary is the density with the programs that train it and draw from it.
type adversary struct {
	flow      *pinn.Flow
	config    AdversarialConfig
	optimizer OptimizerConfig
	residual  *sifter           // at all candidates
	density   *engine.Program   // p there
	ascent    *engine.Program   // one step up
	channels  []*engine.Program // by coordinate, at the samples
}

// oppose makes the adversary, near the uniform density.
func (t *PINN) oppose() error {
	if n := t.model.Parts(); n > 1 {
		return fmt.Errorf("%w: train.points.adaptive: an adversary is one density for the whole domain, which is cut into %d parts: use rad or rar_d", ErrConfig, n)
	}
	c := t.Config.Points.Adversarial
	flow, err := pinn.NewFlow(len(t.model.Problem.Coordinates), pinn.FlowConfig{Components: c.Components, Width: c.Width}, rand.New(rand.NewPCG(t.Seed, 1<<41)))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	a := &adversary{flow: flow, config: c}
	if a.optimizer, err = (OptimizerConfig{Kind: "adam"}).complete(); err != nil {
		return err
	}
	all := max(0, t.candidates()) + c.Samples
	if a.residual, err = t.newSifter(t.model.Sets[0], all); err != nil {
		return err
	}
	build := func(outputs func(at func(name string, n int) op.Value) (value op.Value, up bool)) *engine.Program {
		if err != nil {
			return nil
		}
		g := op.NewGraph()
		v, up := outputs(func(name string, n int) op.Value { return g.Input(name, t.Precision, op.Of(n, flow.Dimensions())) })
		var updates []engine.Update
		if up {
			updates = a.updates(v)
		}
		var p *engine.Program
		p, err = engine.Compile(g, []op.Value{v}, updates, t.store)
		return p
	}
	a.density = build(func(at func(string, int) op.Value) (op.Value, bool) {
		p, _ := flow.Density(at("samples", all))
		return p, false
	})
	for i := range flow.Dimensions() {
		a.channels = append(a.channels, build(func(at func(string, int) op.Value) (op.Value, bool) {
			return flow.Channels(at("samples", c.Samples), i), false
		}))
	}
	a.ascent = build(func(at func(string, int) op.Value) (op.Value, bool) {
		p, _ := flow.Density(at("targets", c.Samples))
		x := at("samples", c.Samples)
		_, slope := flow.Density(x)
		weight := x.Graph().Input("weight", t.Precision, op.Of(c.Samples, 1))
		return op.Sub(op.MeanAll(op.Log(p)), op.Scale(op.MeanAll(op.Mul(slope, weight)), c.Beta)), true
	})
	if err != nil {
		return err
	}
	for name, p := range flow.Params() {
		if err := t.store.Set("param."+name, p.Data); err != nil {
			return err
		}
	}
	t.adversary = a
	return nil
}

// updates are a step of Adam up.
func (a *adversary) updates(value op.Value) []engine.Update {
	var params []op.Value
	for _, p := range a.flow.Params() {
		params = append(params, p.In(value.Graph(), value.Dtype()))
	}
	var updates []engine.Update
	for i, d := range op.Gradients(op.Neg(value), params...) {
		leaf, _ := params[i].Leaf()
		updates = append(updates, a.optimizer.Update(leaf.Name, params[i], d)...)
	}
	return updates
}

// sample draws points of the unit cube from the density, as many as it is trained at.
func (a *adversary) sample(rnd *rand.Rand) ([]float64, error) {
	x := make([]float64, a.config.Samples*a.flow.Dimensions())
	for i := range x {
		x[i] = rnd.Float64()
	}
	rows := make([]float64, a.config.Samples*3*a.config.Components)
	err := a.flow.Invert(x, func(i int, x []float64) ([]float64, error) { return rows, runAt(a.channels[i], x, rows) })
	return x, err
}

// runAt feeds samples to a program and reads its output.
func runAt(p *engine.Program, samples, out []float64) error {
	if err := engine.Feed(p, "samples", samples); err != nil {
		return err
	}
	if err := p.Run(); err != nil {
		return err
	}
	return engine.Output(p, 0, out)
}

// contested trains the adversary on the residuals of now, and draws n points, a share of them from it.
func (t *PINN) contested(set *pinn.Set, n int, how pinn.Draw) ([]float64, error) {
	if err := t.ascend(set, how); err != nil {
		return nil, err
	}
	d := t.adversary.flow.Dimensions()
	share := int(t.adversary.config.Share*float64(n) + 0.5)
	feed, err := t.model.Draw(set, n-share, how, t.rnd)
	if err != nil {
		return nil, err
	}
	points := feed["points."+set.Name]
	for tried := 0; len(points) < n*d; tried++ {
		x, err := t.adversary.sample(t.rnd)
		if err != nil {
			return nil, err
		}
		t.place(x, how)
		for i := 0; i < len(x) && len(points) < n*d; i += d {
			if t.model.Region.Contains(x[i : i+d]) {
				points = append(points, x[i:i+d]...)
			}
		}
		if tried > 1000 {
			return nil, fmt.Errorf("train: points.adversarial: %d of %d points of the density lie in the domain: give the density more samples or a larger beta", len(points)/d, n)
		}
	}
	return points, nil
}

// place carries points of the unit cube into the domain's bounds, up to the horizon in time.
func (t *PINN) place(x []float64, how pinn.Draw) {
	low, high := t.model.Region.Bounds()
	d := len(low)
	if len(t.Problem.Domain.Time) > 0 && how.Horizon > 0 {
		high[d-1] = low[d-1] + (high[d-1]-low[d-1])*how.Horizon
	}
	for i := range x {
		x[i] = low[i%d] + (high[i%d]-low[i%d])*x[i]
	}
}

// ascend measures the residuals r at candidates, some drawn from the density and the others evenly, together with the density q, and goes steps up
// with points that are chosen by |r|^k/q, and as many of the first by 1/q for the slope.
func (t *PINN) ascend(set *pinn.Set, how pinn.Draw) error {
	a := t.adversary
	d, n, all := a.flow.Dimensions(), a.config.Samples, len(a.residual.squares)
	x, err := a.sample(t.rnd)
	if err != nil {
		return err
	}
	for len(x) < all*d {
		x = append(x, t.rnd.Float64())
	}
	density := make([]float64, all)
	if err := runAt(a.density, x, density); err != nil {
		return err
	}
	placed := slices.Clone(x)
	t.place(placed, how)
	squares, err := a.residual.at(t, map[string][]float64{"points." + set.Name: placed})
	if err != nil {
		return err
	}
	gain, even := make([]float64, all), make([]float64, all)
	for i, p := range density {
		even[i] = float64(all) / (float64(all-n) + float64(n)*p)
		if t.model.Region.Contains(placed[i*d : (i+1)*d]) {
			gain[i] = even[i] * math.Pow(squares[i], a.config.Power/2)
		}
	}
	targets := pick(x, d, drawn(gain, n, t.rnd))
	order := t.rnd.Perm(all)[:n]
	weight := make([]float64, n)
	for i, k := range order {
		weight[i] = even[k]
	}
	for name, data := range map[string][]float64{"targets": targets, "samples": pick(x, d, order), "weight": weight} {
		if err := engine.Feed(a.ascent, name, data); err != nil {
			return err
		}
	}
	for range a.config.Steps {
		t.state.Ascents++
		if err := a.optimizer.Feed(a.ascent, t.state.Ascents, a.config.LR); err != nil {
			return err
		}
		if err := a.ascent.Run(); err != nil {
			return err
		}
	}
	value, err := a.ascent.Scalar(0)
	if err != nil {
		return err
	}
	return t.writeLog(map[string]any{"step": t.state.Step, "epoch": t.state.Epoch, "adversary": value})
}

// pick returns the points of the given numbers.
func pick(x []float64, d int, numbers []int) []float64 {
	var list []float64
	for _, i := range numbers {
		list = append(list, x[i*d:(i+1)*d]...)
	}
	return list
}

// drawn returns n numbers, each as often as its weight asks for, but for less than once (systematic resampling); where no weight is positive, 0, 1, ..
func drawn(weights []float64, n int, rnd *rand.Rand) []int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	list := make([]int, 0, n)
	sum, at := 0.0, rnd.Float64()
	for i, w := range weights {
		if total > 0 {
			sum += w / total * float64(n)
		} else {
			sum += float64(n) / float64(len(weights))
		}
		for ; at < sum && len(list) < n; at++ {
			list = append(list, i)
		}
	}
	for len(list) < n { // rounding
		list = append(list, len(weights)-1)
	}
	return list
}
