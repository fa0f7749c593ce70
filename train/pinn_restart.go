package train

import (
	"maps"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/models/pinn"
)

// A first-order start now and then ends where a second-order method goes on by small steps only. A few of its steps tell: from a good place
// they lower the loss by orders of magnitude.
const (
	trialSteps = 30  // of the second-order method, at least
	trialGain  = 0.1 // of the validation loss, at most, is left after them
)

// tried tells whether the present phase is the first of second order, after a start of first order: the one that restarts are judged by. A
// window that goes on from the weights of the one before has no other start.
func (t *PINN) tried() bool {
	if t.state.Window > 0 && !t.Problem.Windows.Fresh {
		return false
	}
	first := slices.IndexFunc(t.phases, func(p Phase) bool { return !slices.Contains(firstOrder(), p.Method) })
	return first > 0 && t.state.Epoch == first && t.state.Restarts < t.Config.Restarts && len(t.Config.Curriculum.From) == 0 && t.Config.Bandit.Plays == 0
}

// stuck tells whether a start has failed, at the first draw of points after enough steps, or where no step helps. While the horizon
// grows, nothing is judged.
func (t *PINN) stuck() bool {
	if !t.tried() || t.state.Valid == nil {
		return false
	}
	if t.state.PhaseStep == 0 {
		t.state.Entry = t.state.Valid
	}
	if t.state.Entry == nil || t.state.PhaseStep < trialSteps && t.state.Stalls == 0 {
		return false
	}
	entry := *t.state.Entry
	t.state.Entry = nil
	return !(*t.state.Valid <= trialGain*entry)
}

// restart begins the first phase anew with other weights. Observations, the best weights so far and those of other windows stay.
func (t *PINN) restart() error {
	fresh, err := pinn.New(t.Problem, t.Network, t.rnd)
	if err != nil {
		return err
	}
	next := map[string][]float64{}
	for name, p := range fresh.Params() {
		next["param."+name] = p.Data
	}
	others := map[string]bool{}
	for name := range t.whole.Params() {
		others["param."+name] = true
	}
	for name := range t.model.Params() {
		delete(others, "param."+name)
	}
	for _, name := range t.store.Names() { // what optimizers remember begins with zeros
		if others[name] {
			continue
		}
		data, ok := next[name]
		if !ok {
			v, _ := t.store.Var(name)
			data = make([]float64, v.Dims.Size())
		}
		if err := t.store.Set(name, data); err != nil {
			return err
		}
	}
	maps.DeleteFunc(t.feeds, func(name string, _ []float64) bool {
		_, set, _ := strings.Cut(name, ".")
		return t.feeds["targets."+set] == nil
	})
	t.state.Added, t.state.Ascents = 0, 0
	if err := t.prepare(); err != nil {
		return err
	}
	t.state.Restarts++
	t.state.Epoch, t.state.PhaseStep, t.state.PhaseSeconds, t.state.Stalls, t.state.Draws = 0, 0, 0, 0, 0
	t.state.Valid, t.state.Entry = nil, nil
	t.method, t.gauges = nil, nil
	return t.writeLog(map[string]any{"step": t.state.Step, "epoch": 0, "restart": t.state.Restarts})
}
