package train

import (
	"encoding/json"
	"fmt"
)

func (t *Trainer) observe(p Progress) {
	if t.Observe == nil {
		return
	}
	p.Step, p.Steps = t.state.Step, t.total()
	p.Epoch, p.Epochs = t.state.Epoch, t.Config.Epochs
	t.Observe(p)
}

// writeLog appends a line to log.jsonl. Numbers only depend on the run, never on the clock.
func (t *Trainer) writeLog(line map[string]any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	n, err := t.log.Write(append(b, '\n'))
	t.state.LogBytes += int64(n)
	if err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	return nil
}
