package train

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/models/pinn"
)

// adaptation is a way to choose points of the domain by the residuals there.
type adaptation struct {
	// choose returns n points of the domain's set for the next steps.
	choose func(t *PINN, set *pinn.Set, n int, how pinn.Draw) ([]float64, error)
	// added is how many points the next draw adds to the set; nil: none.
	added func(t *PINN) int
	// prepare makes what the run needs before its first step; nil: nothing.
	prepare func(t *PINN) error
	// first tells whether points are chosen in first-order phases too; nil: they are not.
	first func(t *PINN) bool
}

// adaptations is the table of PointsConfig.Adaptive: a new one is a line here and the file that it names.
func adaptations() map[string]adaptation {
	return map[string]adaptation{
		"adversarial": {choose: (*PINN).contested, prepare: (*PINN).oppose, first: (*PINN).allFirst},
		"rad":         {choose: (*PINN).sifted},
		"rar_d":       {choose: (*PINN).refined, added: (*PINN).refinement, first: func(*PINN) bool { return true }},
	}
}

func checkAdaptive(name string) error {
	if _, ok := adaptations()[name]; !ok {
		return fmt.Errorf("%w: train.points.adaptive %q: use one of %s", ErrConfig, name, strings.Join(slices.Sorted(maps.Keys(adaptations())), ", "))
	}
	return nil
}

// adaptation returns that of the configuration; false where points are drawn evenly now.
func (t *PINN) adaptation() (adaptation, bool) {
	a := adaptations()[t.Config.Points.Adaptive]
	first := slices.Contains(firstOrder(), t.phases[min(t.state.Epoch, len(t.phases)-1)].Method)
	return a, t.Config.Points.Candidates > 0 && (!first || a.first != nil && a.first(t))
}

// allFirst tells whether every phase is of first order. Otherwise an even start serves the second-order phases better.
func (t *PINN) allFirst() bool {
	return !slices.ContainsFunc(t.phases, func(p Phase) bool { return !slices.Contains(firstOrder(), p.Method) })
}
