package train

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train/bandit"
)

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
