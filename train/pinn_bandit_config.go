package train

import (
	"fmt"
	"slices"
	"strings"

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
