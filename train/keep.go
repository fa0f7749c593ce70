package train

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/internal/wholefile"
	"github.com/kolmogo/kolmogo/op"
)

// snapshot copies everything that a checkpoint holds. Weights that are not finite make no checkpoint.
func (t *Trainer) snapshot() ([]part, error) {
	var parts []part
	for _, p := range []struct {
		name  string
		value any
	}{{"state", t.state}, {"model", t.Description}, {"config", t.Folder.config}} {
		b, err := json.Marshal(p.value)
		if err != nil {
			return nil, fmt.Errorf("train: checkpoint: %s: %w", p.name, err)
		}
		parts = append(parts, part{p.name, b})
	}
	for _, name := range slices.Sorted(slices.Values(t.store.Names())) {
		b, err := t.store.ReadBytes(name)
		if err != nil {
			return nil, err
		}
		v, _ := t.store.Var(name)
		if parameter, ok := strings.CutPrefix(name, "param."); ok && !finiteBytes(v, b) {
			return nil, &DivergedError{Step: t.state.Step, Epoch: t.state.Epoch, What: "a weight", Parameter: parameter}
		}
		parts = append(parts, part{"var/" + name, b})
	}
	return parts, nil
}

// finiteBytes reports whether every number of a variable is finite: none has an exponent of ones only.
func finiteBytes(v engine.Operand, b []byte) bool {
	high, ones := 2, uint16(0x7f80) // of float32, the upper two bytes
	if v.Dtype == op.Float64 {
		high, ones = 6, 0x7ff0
	}
	for i := high; i < len(b); i += v.Dtype.Size() {
		if (uint16(b[i])|uint16(b[i+1])<<8)&ones == ones {
			return false
		}
	}
	return true
}

// save writes a checkpoint of everything.
func (t *Trainer) save(name string) error {
	parts, err := t.snapshot()
	if err != nil {
		return err
	}
	return t.keep(name, parts)
}

// keepPending writes the snapshot that waits. The step after it gave a finite loss, or validation a finite error, so its weights are
// good: a checkpoint of a run that diverged can always be continued with a lower rate.
func (t *Trainer) keepPending() error {
	parts := t.pending
	t.pending = nil
	if parts == nil {
		return nil
	}
	return t.keep(LastFile, parts)
}

// keep writes a checkpoint after the lines of the log that it counts on.
func (t *Trainer) keep(name string, parts []part) error {
	if err := t.log.Sync(); err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	return writeParts(filepath.Join(t.Folder.Path, name), parts)
}

// removeUnfinished removes what a killed run left of files that it was writing.
func removeUnfinished(folder string) error {
	files, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		for _, name := range []string{LastFile, BestFile, ConfigFile, ManifestFile} {
			if !strings.HasPrefix(f.Name(), name+".") || !strings.HasSuffix(f.Name(), wholefile.Suffix) {
				continue
			}
			if err := os.Remove(filepath.Join(folder, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
