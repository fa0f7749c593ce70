package train

import (
	"fmt"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// AdversarialConfig is the opponent of the solution, a density p that grows where residuals r are large (Tang, Zhai, Wan & Yang 2024, arXiv
// 2305.18702, eq. 8):
//
//	min_u max_p ∫ r² p / ∫ r² − β ∫ |∇p|²
//
// over the domain's bounds as unit cube. The second term keeps p near the uniform density; r² is in units of its mean, so that β means the same
// for every problem and all the way to a small loss (in the paper it does not).
type AdversarialConfig struct {
	Share      float64 `yaml:"share" mapstructure:"share" json:"share" help:"adversarial: part of the points that are drawn from the density, the others evenly (default 0.5)"`
	Beta       float64 `yaml:"beta" mapstructure:"beta" json:"beta" help:"adversarial: weight of the mean square slope of the density, which keeps it even (default 1e-5)"`
	Steps      int     `yaml:"steps" mapstructure:"steps" json:"steps" help:"adversarial: Adam steps of the density at each draw of points (default 50)"`
	LR         float64 `yaml:"lr" mapstructure:"lr" json:"lr" help:"adversarial: their rate (default 0.02)"`
	Samples    int     `yaml:"samples" mapstructure:"samples" json:"samples" help:"adversarial: points at which the density is trained, half of them even (default 4000)"`
	Components int     `yaml:"components" mapstructure:"components" json:"components" help:"adversarial: of the density along each coordinate (default 8)"`
	Width      int     `yaml:"width" mapstructure:"width" json:"width" help:"adversarial: of the density's networks (default 24)"`
}

func (c AdversarialConfig) complete() (AdversarialConfig, error) {
	def(&c.Share, 0.5)
	def(&c.Beta, 1e-5)
	def(&c.Steps, 50)
	def(&c.LR, 0.02)
	def(&c.Samples, 4000)
	def(&c.Components, 8)
	def(&c.Width, 24)
	if !(c.Share > 0 && c.Share <= 1) || !(c.Beta >= 0) || c.Steps < 1 || !(c.LR > 0) || c.Samples < 2 || c.Components < 1 || c.Width < 1 {
		return c, fmt.Errorf("%w: train.points.adversarial: share %v must be in (0, 1], beta %v not negative, steps %d, lr %v, components %d and width %d positive, samples %d two or more", ErrConfig, c.Share, c.Beta, c.Steps, c.LR, c.Components, c.Width, c.Samples)
	}
	return c, nil
}

// adversary is the density with the programs that train it and draw from it.
type adversary struct {
	flow      *pinn.Flow
	config    AdversarialConfig
	optimizer OptimizerConfig
	residual  *sifter
	ascent    *engine.Program   // one step up
	density   *engine.Program   // p at the samples
	channels  []*engine.Program // by coordinate, at half as many points
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
	a.config.Samples -= c.Samples % 2
	if a.residual, err = t.newSifter(t.model.Sets[0], a.config.Samples); err != nil {
		return err
	}
	for _, build := range []func(*engine.Store, op.Dtype) error{a.buildAscent, a.buildDensity, a.buildChannels} {
		if err := build(t.store, t.Precision); err != nil {
			return err
		}
	}
	for name, p := range flow.Params() {
		if err := t.store.Set("param."+name, p.Data); err != nil {
			return err
		}
	}
	t.adversary = a
	return nil
}

// buildAscent compiles a step of Adam up the means of p (ρ − 1)/q − β|∇p|²/q over the samples, where ρ is r² in units of its mean and q the density
// of the samples. The 1, as ∫ p is 1 for any flow, changes nothing but the variance: an even residual has none.
func (a *adversary) buildAscent(store *engine.Store, dt op.Dtype) error {
	g := op.NewGraph()
	column := func(name string) op.Value { return g.Input(name, dt, op.Of(a.config.Samples, 1)) }
	p, slope := a.flow.Density(g.Input("samples", dt, op.Of(a.config.Samples, a.flow.Dimensions())))
	gain := op.Sub(op.MeanAll(op.Mul(p, column("gain"))), op.Scale(op.MeanAll(op.Mul(slope, column("weight"))), a.config.Beta))
	loss := op.Neg(gain)
	var params []op.Value
	for _, p := range a.flow.Params() {
		params = append(params, p.In(g, dt))
	}
	var updates []engine.Update
	for i, d := range op.Gradients(loss, params...) {
		leaf, _ := params[i].Leaf()
		updates = append(updates, a.optimizer.Update(leaf.Name, params[i], d)...)
	}
	var err error
	a.ascent, err = engine.Compile(g, []op.Value{gain}, updates, store)
	return err
}

func (a *adversary) buildDensity(store *engine.Store, dt op.Dtype) error {
	g := op.NewGraph()
	p, _ := a.flow.Density(g.Input("samples", dt, op.Of(a.config.Samples, a.flow.Dimensions())))
	var err error
	a.density, err = engine.Compile(g, []op.Value{p}, nil, store)
	return err
}

func (a *adversary) buildChannels(store *engine.Store, dt op.Dtype) error {
	for i := range a.flow.Dimensions() {
		g := op.NewGraph()
		v := a.flow.Channels(g.Input("samples", dt, op.Of(a.config.Samples/2, a.flow.Dimensions())), i)
		p, err := engine.Compile(g, []op.Value{v}, nil, store)
		if err != nil {
			return err
		}
		a.channels = append(a.channels, p)
	}
	return nil
}

// sample draws half as many points of the unit cube from the density as there are samples.
func (a *adversary) sample(rnd *rand.Rand) ([]float64, error) {
	x := make([]float64, a.config.Samples/2*a.flow.Dimensions())
	for i := range x {
		x[i] = rnd.Float64()
	}
	rows := make([]float64, a.config.Samples/2*3*a.config.Components)
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

// ascend draws samples, half of them even and half from the density, measures the residuals there, and goes steps up.
func (t *PINN) ascend(set *pinn.Set, how pinn.Draw) error {
	a := t.adversary
	d, n := a.flow.Dimensions(), a.config.Samples
	samples, err := a.sample(t.rnd)
	if err != nil {
		return err
	}
	for range n / 2 * d {
		samples = append(samples, t.rnd.Float64())
	}
	density := make([]float64, n)
	if err := runAt(a.density, samples, density); err != nil {
		return err
	}
	x := append([]float64{}, samples...)
	t.place(x, how)
	squares, err := a.residual.at(t, map[string][]float64{"points." + set.Name: x})
	if err != nil {
		return err
	}
	gain, weight, mean := make([]float64, n), make([]float64, n), 0.0
	for i, p := range density {
		weight[i] = 2 / (1 + p)
		if t.model.Region.Contains(x[i*d : (i+1)*d]) {
			gain[i] = weight[i] * squares[i]
		}
		mean += gain[i] / float64(n)
	}
	for i := range gain {
		if mean > 0 {
			gain[i] = gain[i]/mean - weight[i]
		}
	}
	if err := engine.Feed(a.ascent, "samples", samples); err != nil {
		return err
	}
	if err := engine.Feed(a.ascent, "gain", gain); err != nil {
		return err
	}
	if err := engine.Feed(a.ascent, "weight", weight); err != nil {
		return err
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
