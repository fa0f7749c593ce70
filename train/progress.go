package train

import (
	"encoding/json"
	"fmt"
	"os"
)

func (t *Trainer) observe(p Progress) {
	if t.Observe == nil {
		return
	}
	p.Steps = t.total()
	p.Epoch, p.Epochs = t.state.Epoch, t.Config.Epochs
	t.Observe(p)
}

// writeLog appends a line to log.jsonl. Numbers only depend on the run, never on the clock.
func (t *Trainer) writeLog(line map[string]any) error {
	n, err := writeLine(t.log, line)
	t.state.LogBytes += n
	return err
}

// writeLine appends an object to a log and returns its length.
func writeLine(log *os.File, line map[string]any) (int64, error) {
	b, err := json.Marshal(line)
	if err != nil {
		return 0, fmt.Errorf("train: log: %w", err)
	}
	n, err := log.Write(append(b, '\n'))
	if err != nil {
		return int64(n), fmt.Errorf("train: log: %w", err)
	}
	return int64(n), nil
}
