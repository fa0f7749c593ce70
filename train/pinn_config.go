package train

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/train/optimize"
)

// PointsConfig says at which points the residuals of a problem are small, and where that is checked.
type PointsConfig struct {
	Resample    int               `yaml:"resample" mapstructure:"resample" json:"resample" help:"problems: second-order steps between new points, of first-order ones ten times as many (default 30); negative: never"`
	Candidates  int               `yaml:"candidates" mapstructure:"candidates" json:"candidates" help:"problems: points of which those with large residuals are drawn more often (default 20000); negative: points are drawn as problem.sampling says"`
	Horizon     int               `yaml:"horizon" mapstructure:"horizon" json:"horizon" help:"problems in time: draws of points over which the horizon grows from a tenth of the time to all of it; 0: all from the start"`
	Adaptive    string            `yaml:"adaptive" mapstructure:"adaptive" json:"adaptive" help:"problems: how residuals choose points: rad (default; in second-order phases), rar_d (in all), or adversarial (in second-order phases, or where all are of first order)"`
	Added       int               `yaml:"added" mapstructure:"added" json:"added" help:"rar_d: points that a draw adds until the set has doubled (default a twentieth of it)"`
	Adversarial AdversarialConfig `yaml:"adversarial" mapstructure:"adversarial" json:"adversarial"`
	Validation  int               `yaml:"validation" mapstructure:"validation" json:"validation" help:"problems: fixed points that choose the weights that are kept (default 10000)"`
	Tolerance   float64           `yaml:"tolerance" mapstructure:"tolerance" json:"tolerance" help:"problems: loss at which training ends; 0: never"`
}

func (c PointsConfig) complete() (PointsConfig, error) {
	def(&c.Resample, 30)
	def(&c.Candidates, 20000)
	def(&c.Validation, 10000)
	def(&c.Adaptive, "rad")
	if err := checkAdaptive(c.Adaptive); err != nil {
		return c, err
	}
	var err error
	if c.Adversarial, err = c.Adversarial.complete(); err != nil {
		return c, err
	}
	if c.Horizon < 0 || c.Validation < 0 || c.Added < 0 || !(c.Tolerance >= 0) {
		return c, fmt.Errorf("%w: train.points: horizon %d, validation %d, added %d and tolerance %v must not be negative", ErrConfig, c.Horizon, c.Validation, c.Added, c.Tolerance)
	}
	return c, nil
}

// Phase is one optimizer for a number of steps, in a list of which each goes on where the one before ends.
type Phase struct {
	Method  string  `yaml:"method" json:"method"`                       // lm, gauss_newton, ssbroyden, lbfgs, newton_cg, or adam, adamw, sgd, soap
	Steps   int     `yaml:"steps,omitempty" json:"steps,omitempty"`     // 0: until the time is up or no step helps
	Seconds float64 `yaml:"seconds,omitempty" json:"seconds,omitempty"` // of this phase at most; 0: no limit
	Until   float64 `yaml:"until,omitempty" json:"until,omitempty"`     // loss at which the next phase begins; 0: none
	LR      float64 `yaml:"lr,omitempty" json:"lr,omitempty"`           // first-order: largest rate, falling to 0 as a cosine (default train.lr)
	Points  int     `yaml:"points,omitempty" json:"points,omitempty"`   // of the domain in this phase (default problem.points)

	optimize.LevenbergMarquardtConfig `yaml:",inline"`
	optimize.GaussNewtonConfig        `yaml:",inline"`
	optimize.LBFGSConfig              `yaml:",inline"`
	Sketch                            optimize.NewtonCGConfig `yaml:"sketch,omitempty" json:"sketch"` // newton_cg
}

// UnmarshalYAML reads a phase; a key that it does not know is an error.
func (p *Phase) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&p.Method)
	}
	text, err := yaml.Marshal(n)
	if err != nil {
		return err
	}
	type plain Phase
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	return d.Decode((*plain)(p))
}

// newcomers is what a problem is solved with where nothing is said: a short first-order start, which keeps the second-order method from
// the bad minima near random weights, then Levenberg–Marquardt.
func newcomers() []Phase {
	return []Phase{{Method: "adam", Steps: 1500, LR: 5e-3, Points: 1000}, {Method: "lm"}}
}

func firstOrder() []string { return []string{"adam", "adamw", "sgd", "soap"} }

// phases returns the list of a configuration, complete.
func (c Config) phases() ([]Phase, error) {
	list := slices.Clone(c.Phases)
	if len(list) == 0 {
		list = newcomers()
	}
	for i := range list {
		p := &list[i]
		p.LR = cmp.Or(p.LR, c.LR)
		known := append(firstOrder(), optimize.Methods()...)
		if !slices.Contains(known, p.Method) {
			return nil, fmt.Errorf("%w: train.phases: method %q: use one of %s", ErrConfig, p.Method, strings.Join(known, ", "))
		}
		if p.Steps < 0 || p.Points < 0 || !(p.Seconds >= 0) || !(p.Until >= 0) || !(p.LR > 0) {
			return nil, fmt.Errorf("%w: train.phases: %s: steps %d, seconds %v, until %v and points %d must not be negative, lr %v positive", ErrConfig, p.Method, p.Steps, p.Seconds, p.Until, p.Points, p.LR)
		}
		if slices.Contains(firstOrder(), p.Method) {
			def(&p.Steps, 10000)
		} else if p.Steps == 0 && p.Seconds == 0 && c.Seconds == 0 {
			p.Steps = 1000
		}
	}
	return list, nil
}
