package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/kolmogo/kolmogo/train"
)

// timeFile holds the wall time that training took. It stands apart from what the run computes, which no clock may change.
const timeFile = "time.json"

// runTime is what timeFile holds.
type runTime struct {
	Seconds float64 `json:"seconds"`
}

// addTime adds the time of one command to the run's, and returns the sum. What a killed command took is not known.
func addTime(folder *train.Folder, d time.Duration) (seconds float64, err error) {
	var t runTime
	text, err := os.ReadFile(filepath.Join(folder.Path, timeFile))
	if err == nil {
		err = json.Unmarshal(text, &t)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("time of the run: %w", err)
	}
	t.Seconds += d.Seconds()
	if text, err = json.Marshal(t); err != nil {
		return 0, err
	}
	return t.Seconds, folder.Write(timeFile, append(text, '\n'))
}
