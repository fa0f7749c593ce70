package train

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// A checkpoint of a problem has, beside the parts of every checkpoint, "method", the optimizer's state, and "feed/NAME", the points.
// Variables named "work." are made anew.

// save writes a checkpoint of everything.
func (t *PINN) save(name string) error {
	var method []byte
	var err error
	if t.method != nil {
		if method, err = t.method.State(); err != nil {
			return err
		}
	}
	if t.state.Random, err = t.random.MarshalBinary(); err != nil {
		return err
	}
	var parts []part
	for _, p := range []struct {
		name  string
		value any
	}{{"state", t.state}, {"model", struct{}{}}, {"config", t.Folder.config}} {
		b, err := json.Marshal(p.value)
		if err != nil {
			return fmt.Errorf("train: checkpoint: %s: %w", p.name, err)
		}
		parts = append(parts, part{p.name, b})
	}
	parts = append(parts, part{"method", method})
	for _, name := range slices.Sorted(maps.Keys(t.feeds)) {
		var b []byte
		for _, x := range t.feeds[name] {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
		parts = append(parts, part{"feed/" + name, b})
	}
	for _, name := range slices.Sorted(slices.Values(t.store.Names())) {
		if strings.HasPrefix(name, "work.") {
			continue
		}
		b, err := t.store.ReadBytes(name)
		if err != nil {
			return err
		}
		v, _ := t.store.Var(name)
		if parameter, ok := strings.CutPrefix(name, "param."); ok && !finiteBytes(v, b) {
			return &DivergedError{Step: t.state.Step, Epoch: t.state.Epoch, What: "a weight", Parameter: parameter}
		}
		parts = append(parts, part{"var/" + name, b})
	}
	if err := t.log.Sync(); err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	return writeParts(filepath.Join(t.Folder.Path, name), parts)
}

// start takes up a checkpoint or writes the first one, and goes to the right place in the log.
func (t *PINN) start() error {
	last := filepath.Join(t.Folder.Path, LastFile)
	_, err := os.Stat(last)
	if os.IsNotExist(err) {
		if t.state.LogBytes, err = cutLog(t.log, 0); err != nil {
			return err
		}
		if err := declarePINN(t.whole.Params(), t.Precision, t.store); err != nil {
			return err
		}
		for name, p := range t.whole.Params() {
			if err := t.store.Set("param."+name, p.Data); err != nil {
				return err
			}
		}
		if err := t.prepare(); err != nil {
			return err
		}
		return t.save(LastFile)
	}
	parts, err := readParts(last)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(parts["state"], &t.state); err != nil {
		return fmt.Errorf("%w %s: %w", ErrDamaged, last, err)
	}
	if n := t.windows(); t.state.Window < 0 || t.state.Window >= n {
		return fmt.Errorf("%w %s: window %d of %d", ErrDamaged, last, t.state.Window, n)
	}
	t.model = t.whole.Windows()[t.state.Window]
	if t.state.LogBytes, err = cutLog(t.log, t.state.LogBytes); err != nil {
		return err
	}
	if err := removeUnfinished(t.Folder.Path); err != nil {
		return fmt.Errorf("train: run folder: %w", err)
	}
	if err := t.random.UnmarshalBinary(t.state.Random); err != nil {
		return fmt.Errorf("%w %s: %w", ErrDamaged, last, err)
	}
	t.feeds = map[string][]float64{}
	for name, b := range parts {
		if name, ok := strings.CutPrefix(name, "feed/"); ok {
			x := make([]float64, len(b)/8)
			for i := range x {
				x[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
			}
			t.feeds[name] = x
		}
	}
	if err := declarePINN(t.whole.Params(), t.Precision, t.store); err != nil {
		return err
	}
	if err := t.prepare(); err != nil {
		return err
	}
	if t.state.Epoch < len(t.phases) && !t.state.Done && len(parts["method"]) > 0 {
		if err := t.begin(parts["method"]); err != nil {
			return err
		}
	}
	for _, name := range t.store.Names() {
		data, ok := parts["var/"+name]
		switch {
		case strings.HasPrefix(name, "work."):
		case !ok:
			return fmt.Errorf("%w %s: it lacks %q", ErrDamaged, last, name)
		default:
			if err := t.store.WriteBytes(name, data); err != nil {
				return fmt.Errorf("%w %s: %w", ErrDamaged, last, err)
			}
		}
	}
	return nil
}

// prepare makes what the choice of points needs beside the network.
func (t *PINN) prepare() error {
	if a := adaptations()[t.Config.Points.Adaptive]; a.prepare != nil {
		return a.prepare(t)
	}
	return nil
}

// declarePINN creates parameters in a store.
func declarePINN(params paramSeq, dt op.Dtype, store *engine.Store) error {
	g := op.NewGraph()
	var all []op.Value
	for _, p := range params {
		all = append(all, p.In(g, dt))
	}
	_, err := engine.Compile(g, all, nil, store)
	return err
}
