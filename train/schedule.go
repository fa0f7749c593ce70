package train

import (
	"fmt"
	"math"
)

// ScheduleConfig says how the learning rate changes; the zero value is cosine.
type ScheduleConfig struct {
	Kind   string  `yaml:"kind" mapstructure:"kind" json:"kind" help:"constant, cosine, step, exponential, one_cycle or plateau"`
	Warmup int     `yaml:"warmup" mapstructure:"warmup" json:"warmup" help:"steps of linear warm-up"`
	Final  float64 `yaml:"final" mapstructure:"final" json:"final" help:"cosine, one_cycle: last rate as a fraction of the first"`
	Every  int     `yaml:"every" mapstructure:"every" json:"every" help:"step: epochs between decays; plateau: epochs without improvement"`
	Factor float64 `yaml:"factor" mapstructure:"factor" json:"factor" help:"step, exponential (per epoch), plateau: the decay"`
}

// factor returns what the learning rate is multiplied with at a step (0, 1, …) of total, in runs of perEpoch steps. The plateau
// schedule's own decay is state of the run.
//
//	constant    1
//	cosine      f + (1 − f)(1 + cos πp)/2, p the progress after warm-up
//	step        Factor^⌊epoch/Every⌋
//	exponential Factor^epoch, epoch counted continuously
//	one_cycle   from 1/25 up to 1 over the first 30 %, then cosine down to f (Smith & Topin 2017, arXiv 1708.07120)
//
// All but one_cycle rise linearly over the first Warmup steps.
func (s ScheduleConfig) factor(step, total, perEpoch int) float64 {
	if s.Kind == "one_cycle" {
		p := float64(step) / float64(max(total, 1))
		if p < .3 {
			return 1./25 + (1-1./25)*(1-math.Cos(math.Pi*p/.3))/2
		}
		return s.Final + (1-s.Final)*(1+math.Cos(math.Pi*(p-.3)/.7))/2
	}
	f := 1.0
	switch s.Kind {
	case "cosine":
		p := float64(max(step-s.Warmup, 0)) / float64(max(total-s.Warmup, 1))
		f = s.Final + (1-s.Final)*(1+math.Cos(math.Pi*math.Min(p, 1)))/2
	case "step":
		f = math.Pow(s.Factor, float64(step/max(perEpoch, 1)/s.Every))
	case "exponential":
		f = math.Pow(s.Factor, float64(step)/float64(max(perEpoch, 1)))
	}
	if step < s.Warmup {
		f *= float64(step+1) / float64(s.Warmup)
	}
	return f
}

// complete fills in defaults and checks.
func (s ScheduleConfig) complete() (ScheduleConfig, error) {
	switch s.Kind {
	case "":
		s.Kind = "cosine"
	case "constant", "cosine", "one_cycle":
	case "step", "exponential", "plateau":
		if s.Factor == 0 {
			s.Factor = 0.5
		}
		if !(s.Factor > 0 && s.Factor <= 1) {
			return s, fmt.Errorf("%w: train.schedule.factor %v: give a number in (0, 1]", ErrConfig, s.Factor)
		}
	default:
		return s, fmt.Errorf("%w: train.schedule.kind %q: use constant, cosine, step, exponential, one_cycle or plateau", ErrConfig, s.Kind)
	}
	if s.Every == 0 {
		s.Every = 10
	}
	if s.Warmup < 0 || s.Every < 0 || !(s.Final >= 0 && s.Final <= 1) {
		return s, fmt.Errorf("%w: train.schedule: warmup %d, every %d, final %v: none may be negative, final at most 1", ErrConfig, s.Warmup, s.Every, s.Final)
	}
	return s, nil
}
