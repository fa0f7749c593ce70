package train

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
)

// start takes up a checkpoint or writes the first one, and goes to the right place in the log.
func (t *Trainer) start() error {
	last := filepath.Join(t.Folder.Path, LastFile)
	_, err := os.Stat(last)
	fresh := os.IsNotExist(err)
	var c checkpoint
	if !fresh {
		if c, err = readCheckpoint(last); err != nil {
			return err
		}
		t.state = c.state
	}
	if !fresh && !equalJSON(c.model, t.Description) {
		return fmt.Errorf("%w: %s was made with other data: their statistics differ from those of now", ErrData, last)
	}
	if t.LRScale > 0 {
		t.state.LRScale *= t.LRScale
	}
	if t.state.LogBytes, err = cutLog(t.log, t.state.LogBytes); err != nil {
		return err
	}
	if err := removeUnfinished(t.Folder.Path); err != nil {
		return fmt.Errorf("train: run folder: %w", err)
	}
	if _, err := t.declare(context.Background()); err != nil {
		return err
	}
	if err := declareWeights(t.surrogate, t.Precision, t.store); err != nil {
		return err
	}
	if fresh {
		if err := t.fit(context.Background()); err != nil {
			return err
		}
		for name, p := range t.surrogate.Params() {
			for _, kind := range []string{"param.", "ema."} {
				if _, ok := t.store.Var(kind + name); !ok {
					continue
				}
				if err := t.store.Set(kind+name, p.Data); err != nil {
					return err
				}
			}
		}
		return t.save(LastFile)
	}
	for _, name := range t.store.Names() {
		data, ok := c.vars[name]
		if !ok {
			return fmt.Errorf("%w %s: it lacks %q", ErrDamaged, last, name)
		}
		if err := t.store.WriteBytes(name, data); err != nil {
			return fmt.Errorf("%w %s: %w", ErrDamaged, last, err)
		}
	}
	if t.LRScale > 0 { // remembered at once: the run may diverge again before its next checkpoint
		return t.save(LastFile)
	}
	return nil
}

// equalJSON reports whether two values are written as the same JSON.
func equalJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// cutLog drops the lines after those that a checkpoint knows, and goes to their end, which it returns. A log that was made shorter
// since goes on where it ends.
func cutLog(log *os.File, bytes int64) (int64, error) {
	info, err := log.Stat()
	if err == nil {
		bytes = min(bytes, info.Size())
		err = log.Truncate(bytes)
	}
	if err == nil {
		_, err = log.Seek(bytes, io.SeekStart)
	}
	if err != nil {
		return bytes, fmt.Errorf("train: log: %w", err)
	}
	return bytes, nil
}

// declare compiles the programs of the first batch, which creates every variable, and returns the one that runs on the batch.
func (t *Trainer) declare(ctx context.Context) (*engine.Program, error) {
	for b, err := range t.Train.Batches(ctx, 0, 0) {
		if err != nil {
			return nil, err
		}
		if err := models.CheckGrid(t.surrogate.Net, b.InputShape[1:len(b.InputShape)-1]...); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrConfig, err)
		}
		p, err := t.program(t.batchKind(), b)
		if err == nil && t.Config.Accumulate > 1 {
			_, err = t.program(apply, b) // second: it reads the accumulators that the first one has
		}
		return p, err
	}
	return nil, fmt.Errorf("%w: there are no training samples", ErrConfig)
}

// program returns the step's program for a batch's shape.
func (t *Trainer) program(kind stepKind, b datasets.Batch) (*engine.Program, error) {
	key := fmt.Sprint(kind, b.InputShape, b.TargetShape, b.ConditionShape)
	if kind == apply {
		key = fmt.Sprint(kind)
	}
	if p, ok := t.programs[key]; ok {
		return p, nil
	}
	p, err := buildStep(t.Config, t.Precision, t.surrogate, t.objective, t.Seed, kind, stepShape{b.InputShape, b.TargetShape, b.ConditionShape, t.samples}, t.store)
	if err != nil {
		return nil, err
	}
	t.programs[key] = p
	return p, p.Ahead()
}
