package train

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train/bandit"
)

// BanditConfig learns which couplings of subdomains to use (METALIC; Li et al. 2023, arXiv 2210.12669): so many trainings from scratch, each
// with a parameter of the equations drawn anew, and then the one that counts, with the choice of which most is expected. The reward
// of a choice is −log₁₀ of the relative error at the end of the phase that it was made for.
type BanditConfig struct {
	Plays     int       `yaml:"plays" mapstructure:"plays" json:"plays" help:"problems in subdomains: trainings that learn which of subdomains.interface to use, before the last, which does; 0: all are used"`
	Parameter string    `yaml:"parameter" mapstructure:"parameter" json:"parameter" help:"bandit: one of problem.varied that each play draws: the context (default none)"`
	Range     []float64 `yaml:"range" mapstructure:"range" json:"range" help:"bandit: [low, high] of the parameter"`
	Policy    string    `yaml:"policy" mapstructure:"policy" json:"policy" help:"bandit: thompson (default) or ucb"`
	Random    int       `yaml:"random" mapstructure:"random" json:"random" help:"bandit: first plays, whose choices are drawn evenly (default 5)"`
	Phases    bool      `yaml:"phases" mapstructure:"phases" json:"phases" help:"bandit: choose anew for each phase"`
}

func (c BanditConfig) complete() (BanditConfig, error) {
	def(&c.Policy, "thompson")
	def(&c.Random, 5)
	if !slices.Contains(bandit.Policies(), c.Policy) {
		return c, fmt.Errorf("%w: train.bandit.policy %q: use one of %s", ErrConfig, c.Policy, strings.Join(bandit.Policies(), ", "))
	}
	if c.Plays < 0 || c.Random < 1 {
		return c, fmt.Errorf("%w: train.bandit: plays %d must not be negative, random %d positive", ErrConfig, c.Plays, c.Random)
	}
	if (c.Parameter == "") != (len(c.Range) == 0) || len(c.Range) > 0 && (len(c.Range) != 2 || !(c.Range[0] < c.Range[1])) {
		return c, fmt.Errorf("%w: train.bandit: parameter %q with range %v: want a name of problem.varied and [low, high], or neither", ErrConfig, c.Parameter, c.Range)
	}
	return c, nil
}

// checkBandit reports a problem in which nothing can be chosen.
func (t *PINN) checkBandit() error {
	c := t.Config.Bandit
	switch n := len(t.whole.Couplings()); {
	case c.Plays == 0:
		return nil
	case n == 0 || n > bandit.MostOptions || t.windows() > 1:
		return fmt.Errorf("%w: train.bandit: %d couplings in %d windows: want problem.subdomains with 1 to %d in one window", ErrConfig, n, t.windows(), bandit.MostOptions)
	case c.Parameter != "" && !slices.Contains(t.Problem.Varied, c.Parameter):
		return fmt.Errorf("%w: train.bandit.parameter: %q is not among problem.varied, %v", ErrConfig, c.Parameter, t.Problem.Varied)
	case len(t.Config.Curriculum.From) > 0:
		return fmt.Errorf("%w: train.bandit: a curriculum changes parameters, too: remove one", ErrConfig)
	}
	return nil
}

// BanditState is what a bandit has done: the play of now, what it chose, and all plays before.
type BanditState struct {
	Play   int             // those before learn, the last one counts
	Value  float64         // of the parameter in this play
	Chosen []bool          // now, by coupling
	Plays  [][]bandit.Play // that are over, by phase; one list where all phases share a choice
	Used   [][]string      // in the play that counts, by phase
}

// learning tells whether this play is one of those that learn.
func (t *PINN) learning() bool { return t.state.Bandit.Play < t.Config.Bandit.Plays }

// context is where the parameter lies in its range.
func (t *PINN) context() []float64 {
	c := t.Config.Bandit
	if c.Parameter == "" {
		return []float64{}
	}
	return []float64{(t.target(c.Parameter) - c.Range[0]) / (c.Range[1] - c.Range[0])}
}

// target is the value that a varied parameter has in the end: of the problem, or in a play that learns.
func (t *PINN) target(name string) float64 {
	if c := t.Config.Bandit; c.Plays > 0 && name == c.Parameter && t.learning() {
		return t.state.Bandit.Value
	}
	return float64(t.Problem.Parameters[name])
}

// player is the bandit that chooses for the present phase.
func (t *PINN) player() (*bandit.Bandit, int) {
	c, list := t.Config.Bandit, 0
	if c.Phases {
		list = min(t.state.Epoch, len(t.phases)-1)
	}
	for len(t.state.Bandit.Plays) <= list {
		t.state.Bandit.Plays = append(t.state.Bandit.Plays, nil)
	}
	return &bandit.Bandit{Options: len(t.whole.Couplings()), Policy: c.Policy, Random: c.Random, Plays: t.state.Bandit.Plays[list]}, list
}

// choose chooses the couplings of the phase that begins, and for a play's first phase also its parameter.
func (t *PINN) choose() error {
	c, s := t.Config.Bandit, &t.state.Bandit
	if c.Plays == 0 || t.state.Epoch > 0 && !c.Phases {
		return nil
	}
	if t.state.Epoch == 0 && t.learning() && c.Parameter != "" {
		s.Value = c.Range[0] + (c.Range[1]-c.Range[0])*t.rnd.Float64()
	}
	b, _ := t.player()
	var err error
	if t.learning() {
		s.Chosen, err = b.Choose(t.context(), t.rnd)
	} else if s.Chosen, _, err = b.Best(t.context()); err == nil {
		s.Used = append(s.Used, t.chosen())
	}
	if err != nil {
		return fmt.Errorf("train: bandit: %w", err)
	}
	return nil
}

// chosen are the names of the couplings in use.
func (t *PINN) chosen() (names []string) {
	for i, kind := range t.whole.Couplings() {
		if t.state.Bandit.Chosen[i] {
			names = append(names, kind)
		}
	}
	return names
}

// reward gives the bandit of the phase that has ended what its choice was worth, and logs it.
func (t *PINN) reward(phase int) error {
	c, s := t.Config.Bandit, &t.state.Bandit
	last := t.state.Epoch >= len(t.phases)
	if c.Plays == 0 || !last && !c.Phases {
		return nil
	}
	if err := t.startJudge(); err != nil {
		return err
	}
	e, ok, err := t.judge.relative()
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: train.bandit: rewards are errors against a reference, and the problem has none: give reference.formula or solver", ErrConfig)
	}
	r := -math.Log10(math.Max(e, 1e-16))
	if math.IsNaN(r) {
		r = -16
	}
	line := map[string]any{"step": t.state.Step, "epoch": phase, "play": s.Play, "chosen": t.chosen(), "rel_l2": e, "reward": r}
	if c.Parameter != "" {
		line[c.Parameter] = t.target(c.Parameter)
	}
	if err := t.writeLog(line); err != nil {
		return err
	}
	if t.learning() {
		list := 0
		if c.Phases {
			list = phase
		}
		s.Plays[list] = append(s.Plays[list], bandit.Play{Context: t.context(), Chosen: slices.Clone(s.Chosen), Reward: r})
	}
	return nil
}

// couple multiplies rows where subdomains meet by 1 or 0, as the bandit has chosen.
func (t *PINN) couple(g *op.Graph, set *pinn.Set, rows []op.Value) {
	if t.Config.Bandit.Plays == 0 || set.Kinds == nil {
		return
	}
	for i, kind := range set.Kinds {
		rows[i] = op.Mul(rows[i], g.Input("chosen."+kind, t.Precision, op.Of(1)))
	}
}

// feedChoice sets the factors of couple.
func (t *PINN) feedChoice(p *engine.Program) error {
	if t.Config.Bandit.Plays == 0 {
		return nil
	}
	for i, kind := range t.whole.Couplings() {
		v := 0.0
		if i < len(t.state.Bandit.Chosen) && t.state.Bandit.Chosen[i] {
			v = 1
		}
		if err := engine.Feed(p, "chosen."+kind, []float64{v}); err != nil {
			return err
		}
	}
	return nil
}

// nextPlay begins the next play, from other weights; false where this is the one that counts.
func (t *PINN) nextPlay() (bool, error) {
	if !t.learning() {
		return false, nil
	}
	fresh, err := pinn.New(t.Problem, t.Network, t.rnd)
	if err != nil {
		return false, err
	}
	t.store = engine.NewStore(t.Backend)
	if err := declarePINN(t.whole.Params(), t.Precision, t.store); err != nil {
		return false, err
	}
	for name, p := range fresh.Params() {
		if err := t.store.Set("param."+name, p.Data); err != nil {
			return false, err
		}
	}
	t.state.Bandit.Play++
	return true, t.beginAnew()
}

// playing is the problem of this play.
func (t *PINN) playing() (*pinn.Model, error) {
	if t.Config.Bandit.Plays == 0 || t.Config.Bandit.Parameter == "" || !t.learning() {
		return t.whole, nil
	}
	p := t.Problem
	p.Parameters = maps.Clone(p.Parameters)
	p.Parameters[t.Config.Bandit.Parameter] = pinn.Number(t.state.Bandit.Value)
	return pinn.New(p, t.Network, rand.New(rand.NewPCG(t.Seed, 0)))
}
