package train

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// windows is the number of windows of the time.
func (t *PINN) windows() int { return len(t.whole.Windows()) }

// nextWindow goes to the next window of the time, from the kept weights of this one; false where this is the last. Optimizers begin anew, so only
// the parameters stay.
func (t *PINN) nextWindow() (bool, error) {
	windows := t.whole.Windows()
	if t.state.Window+1 >= len(windows) {
		return false, nil
	}
	if t.state.Best != nil {
		parts, err := readParts(filepath.Join(t.Folder.Path, BestFile))
		if err != nil {
			return false, err
		}
		for name := range t.model.Params() {
			if err := t.store.WriteBytes("param."+name, parts["var/param."+name]); err != nil {
				return false, fmt.Errorf("%w %s: %w", ErrDamaged, BestFile, err)
			}
		}
	}
	store := engine.NewStore(t.Backend)
	if err := declarePINN(t.whole.Params(), t.Precision, store); err != nil {
		return false, err
	}
	into := func(to, from string) error {
		b, err := t.store.ReadBytes("param." + from)
		if err != nil {
			return err
		}
		return store.WriteBytes("param."+to, b)
	}
	for name := range t.whole.Params() {
		from := name
		next := fmt.Sprintf("windows.%d.", t.state.Window+1)
		if own, ok := strings.CutPrefix(name, next); ok && !t.Problem.Windows.Fresh {
			from = fmt.Sprintf("windows.%d.%s", t.state.Window, own)
		}
		if err := into(name, from); err != nil {
			return false, err
		}
	}
	t.store, t.model = store, windows[t.state.Window+1]
	t.state.Window++
	return true, t.beginAnew()
}

// addWindow adds the number of the window, where there are several, to a line of the log.
func (t *PINN) addWindow(line map[string]any) {
	if t.windows() > 1 {
		line["window"] = t.state.Window
	}
}

// handover evaluates what the window before has where this one begins.
type handover struct {
	program *engine.Program
	rows    int
}

// handOver adds to points of a set that goes on from the window before the values there.
func (t *PINN) handOver(set *pinn.Set, n int, feed map[string][]float64) error {
	if !set.HandsOver() {
		return nil
	}
	if t.hand == nil {
		g := op.NewGraph()
		v, err := t.whole.Windows()[t.state.Window-1].Handover(g, t.Precision, set, n)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrConfig, err)
		}
		t.hand = &handover{rows: v.Dims().At(1)}
		if t.hand.program, err = engine.Compile(g, []op.Value{v}, nil, t.store); err != nil {
			return err
		}
	}
	h := t.hand
	if err := t.feedPoints(h.program, map[string][]float64{"points": feed["points."+set.Name]}, t.parameter); err != nil {
		return err
	}
	if err := h.program.Run(); err != nil {
		return err
	}
	values := make([]float64, n*h.rows)
	feed["targets."+set.Name] = values
	return engine.Output(h.program, 0, values)
}
