package train

import "fmt"

// Config is the section `train` of a configuration; a zero value means the default in its help.
type Config struct {
	Epochs          int              `yaml:"epochs" mapstructure:"epochs" json:"epochs" help:"passes over the training data (default 100)"`
	Steps           int              `yaml:"steps" mapstructure:"steps" json:"steps" help:"optimizer steps in all, in the last epoch only as many as are left; 0: epochs decide"`
	LR              float64          `yaml:"lr" mapstructure:"lr" json:"lr" help:"largest learning rate (default 0.001)"`
	Loss            string           `yaml:"loss" mapstructure:"loss" json:"loss" help:"rel_l2 (default), mse (default of the objectives refiner and error_correction where train.objective.kind names them; refiners need it), h1 or sobolev"`
	Objective       ObjectiveConfig  `yaml:"objective" mapstructure:"objective" json:"objective"`
	SobolevOrder    float64          `yaml:"sobolev_order" mapstructure:"sobolev_order" json:"sobolev_order" help:"sobolev: how often fields are differentiated (default 1)"`
	H1Weight        float64          `yaml:"h1_weight" mapstructure:"h1_weight" json:"h1_weight" help:"h1: weight of the differences beside rel_l2 (default 1)"`
	Periodic        bool             `yaml:"periodic" mapstructure:"periodic" json:"periodic" help:"h1: differences across the end of each axis too"`
	Optimizer       OptimizerConfig  `yaml:"optimizer" mapstructure:"optimizer" json:"optimizer"`
	Schedule        ScheduleConfig   `yaml:"schedule" mapstructure:"schedule" json:"schedule"`
	Clip            float64          `yaml:"clip" mapstructure:"clip" json:"clip" help:"largest norm of the gradient; 0: no clipping"`
	EMA             float64          `yaml:"ema" mapstructure:"ema" json:"ema" help:"decay of the averaged weights that evaluation uses; 0: none"`
	Accumulate      int              `yaml:"accumulate" mapstructure:"accumulate" json:"accumulate" help:"batches whose gradients make one step (default 1)"`
	Pushforward     int              `yaml:"pushforward" mapstructure:"pushforward" json:"pushforward" help:"predicted frames in front of the loss that no gradient flows through"`
	Patience        int              `yaml:"patience" mapstructure:"patience" json:"patience" help:"epochs without a better validation metric before stopping; 0: never"`
	Phases          []Phase          `yaml:"phases" mapstructure:"phases" json:"phases" help:"problems: list of optimizers, {method: adam, steps: 1500}, {method: lm} where nothing is given; lm, gauss_newton, ssbroyden, lbfgs, newton_cg, adam, adamw, sgd, soap"`
	Seconds         float64          `yaml:"seconds" mapstructure:"seconds" json:"seconds" help:"problems: time after which training ends; 0: no limit"`
	Restarts        int              `yaml:"restarts" mapstructure:"restarts" json:"restarts" help:"problems: new starts from other weights where the first-order phases leave the second-order one stuck, its first 30 steps or more lowering the validation loss by less than ten times (default 2); negative: none"`
	Points          PointsConfig     `yaml:"points" mapstructure:"points" json:"points"`
	Weights         WeightsConfig    `yaml:"weights" mapstructure:"weights" json:"weights"`
	Curriculum      CurriculumConfig `yaml:"curriculum" mapstructure:"curriculum" json:"curriculum"`
	Bandit          BanditConfig     `yaml:"bandit" mapstructure:"bandit" json:"bandit"`
	CheckpointEvery int              `yaml:"checkpoint_every" mapstructure:"checkpoint_every" json:"checkpoint_every" help:"steps between checkpoints; 0: one each epoch"`
	LogEvery        int              `yaml:"log_every" mapstructure:"log_every" json:"log_every" help:"steps between lines of log.jsonl (default 10)"`
}

// Complete fills in defaults and checks.
func (c Config) Complete() (Config, error) {
	def(&c.Epochs, 100)
	def(&c.LR, 1e-3)
	if k := c.Objective.Kind; k == "refiner" || k == "error_correction" {
		def(&c.Loss, "mse")
	}
	def(&c.Loss, "rel_l2")
	if c.Loss == "sobolev" {
		def(&c.SobolevOrder, 1)
	}
	def(&c.H1Weight, 1)
	def(&c.Accumulate, 1)
	def(&c.Restarts, 2)
	def(&c.LogEvery, 10)
	var err error
	if c.Objective, err = c.Objective.complete(); err != nil {
		return c, err
	}
	if c.Points, err = c.Points.complete(); err != nil {
		return c, err
	}
	if c.Weights, err = c.Weights.complete(); err != nil {
		return c, err
	}
	if c.Curriculum, err = c.Curriculum.complete(); err != nil {
		return c, err
	}
	if c.Bandit, err = c.Bandit.complete(); err != nil {
		return c, err
	}
	if c.Optimizer, err = c.Optimizer.complete(); err != nil {
		return c, err
	}
	if c.Schedule, err = c.Schedule.complete(); err != nil {
		return c, err
	}
	if _, ok := losses()[c.Loss]; !ok {
		return c, fmt.Errorf("%w: train.loss %q: use one of %s", ErrConfig, c.Loss, lossNames())
	}
	for key, n := range map[string]int{"epochs": c.Epochs, "steps": c.Steps, "accumulate": c.Accumulate, "pushforward": c.Pushforward, "patience": c.Patience, "checkpoint_every": c.CheckpointEvery, "log_every": c.LogEvery} {
		if n < 0 {
			return c, fmt.Errorf("%w: train.%s is %d: it cannot be negative", ErrConfig, key, n)
		}
	}
	if !(c.LR > 0) {
		return c, fmt.Errorf("%w: train.lr is %v: it must be positive", ErrConfig, c.LR)
	}
	if !(c.Clip >= 0) || !(c.EMA >= 0 && c.EMA < 1) || !(c.H1Weight >= 0) || !(c.SobolevOrder >= 0) {
		return c, fmt.Errorf("%w: train.clip %v, train.h1_weight %v and train.sobolev_order %v must not be negative, train.ema %v must be in [0, 1)", ErrConfig, c.Clip, c.H1Weight, c.SobolevOrder, c.EMA)
	}
	return c, nil
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
