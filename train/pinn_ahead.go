package train

import "github.com/kolmogo/kolmogo/train/optimize"

// several is a method that does steps at the same points with few launches of a device.
type several interface {
	Steps(n int, report func(optimize.Report)) error
	Most() int
}

// advance does the next step, or as many as nobody looks in between.
func (t *PINN) advance() (reports []optimize.Report, err error) {
	m, ok := t.method.(several)
	if !ok {
		r, err := t.method.Step()
		return []optimize.Report{r}, err
	}
	err = m.Steps(t.together(m.Most()), func(r optimize.Report) { reports = append(reports, r) })
	return reports, err
}

// together is the number of steps, of most, until somebody looks at the parameters, at a loss, or changes what they are made from.
func (t *PINN) together(most int) int {
	phase := t.phases[t.state.Epoch]
	if phase.Until > 0 || t.Config.Points.Tolerance > 0 {
		return 1
	}
	n := max(most, 1)
	until := func(at, every int) {
		if every > 0 {
			n = min(n, every-at%every)
		}
	}
	until(t.state.PhaseStep, t.resample())
	until(t.state.Step, t.Config.CheckpointEvery)
	if t.Config.Weights.Kind != "fixed" {
		until(t.state.PhaseStep, t.Config.Weights.Every)
	}
	if len(t.model.Coefficients()) > 0 {
		until(t.state.Step, t.Config.LogEvery)
	}
	if phase.Steps > 0 {
		n = min(n, phase.Steps-t.state.PhaseStep)
	}
	return max(n, 1)
}
