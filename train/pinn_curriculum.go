package train

import "fmt"

// CurriculumConfig lets parameters of the equations, which problem.varied names, run from easy values to their own.
type CurriculumConfig struct {
	From  map[string]float64 `yaml:"from" mapstructure:"from" json:"from" help:"problems: first values of parameters that problem.varied names"`
	Draws int                `yaml:"draws" mapstructure:"draws" json:"draws" help:"problems: draws of points until the parameters have their own values (default 20)"`
}

func (c CurriculumConfig) complete() (CurriculumConfig, error) {
	def(&c.Draws, 20)
	if c.Draws < 1 {
		return c, fmt.Errorf("%w: train.curriculum.draws is %d: it must be positive", ErrConfig, c.Draws)
	}
	return c, nil
}

// parameter is the value that a varied parameter has now.
func (t *PINN) parameter(name string) float64 {
	to := t.target(name)
	from, ok := t.Config.Curriculum.From[name]
	if done := float64(t.state.Draws-1) / float64(t.Config.Curriculum.Draws); ok && done < 1 {
		return from + (to-from)*max(done, 0)
	}
	return to
}
