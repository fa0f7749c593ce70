package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/internal/wholefile"
	"github.com/kolmogo/kolmogo/train"
)

// trained is a run opened for its surrogate.
type trained struct {
	folder    string
	config    Config
	backend   backend
	predictor *train.Predictor
}

// runOptions are the flags of the commands that take a RUN.
type runOptions struct {
	device     string
	threads    int
	checkpoint string
	sets       []string // of keys of model.constraint
}

// openRun opens a run folder's configuration and its best checkpoint, or the last one where there is no best.
func openRun(folder string, o runOptions) (*trained, error) {
	r := &trained{folder: folder}
	var err error
	for _, set := range o.sets {
		if !strings.HasPrefix(set, "model.constraint.") {
			return nil, usagef("--set %s: of a run, only keys of model.constraint can change", set)
		}
	}
	if r.config, err = runConfig(folder, o.sets...); err != nil {
		return nil, err
	}
	if r.config.isProblem() {
		return nil, usagef("%s is the solution of a boundary value problem: of such, eval makes metrics and a report, and export writes weights or a graph", folder)
	}
	path, err := checkpointPath(folder, o.checkpoint)
	if err != nil {
		return nil, err
	}
	if r.backend, err = openBackend(o.device, o.threads); err != nil {
		return nil, err
	}
	if err := keepChoices(r.backend, folder); err != nil {
		return nil, errors.Join(err, r.close())
	}
	if r.predictor, err = train.OpenPredictor(path, r.backend); err != nil {
		return nil, errors.Join(dataError{err}, r.close())
	}
	r.predictor.Seed = r.config.Seed
	if len(o.sets) > 0 {
		if err := r.predictor.Constrain(r.config.Model.Constraint); err != nil {
			return nil, errors.Join(inUsage(err), r.close())
		}
	}
	return r, nil
}

// runConfig reads the configuration of a run folder, with keys set to other values.
func runConfig(folder string, sets ...string) (Config, error) {
	c := defaults()
	file := filepath.Join(folder, train.ConfigFile)
	text, err := os.ReadFile(file)
	if err != nil {
		return c, dataError{fmt.Errorf("%s is no run folder: %w", folder, err)}
	}
	if err := load(&c, file, text, nil, nil); err != nil {
		return c, inData(err)
	}
	return c, inUsage(load(&c, file, text, nil, sets))
}

// checkpointPath is the checkpoint of a run that is meant by best, the last one where there is no best, or by last.
func checkpointPath(folder, which string) (string, error) {
	best, last := filepath.Join(folder, train.BestFile), filepath.Join(folder, train.LastFile)
	switch {
	case which != "best" && which != "last":
		return "", usagef("--checkpoint %q: use best or last", which)
	case which == "best" && fileExists(best):
		return best, nil
	}
	return last, nil
}

func (r *trained) close() error {
	r.backend.Close()
	return nil
}

// writeJSON replaces a file by a value in JSON.
func writeJSON(path string, v any) error {
	text, err := indented(v)
	if err != nil {
		return err
	}
	return wholefile.Replace(path, func(f io.Writer) error {
		_, err := f.Write(text)
		return err
	})
}

// newRandom is the generator of a seed.
func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func goVersion() string { return runtime.Version() }

func join(list []string) string { return strings.Join(list, ", ") }

// sameData compares the fingerprints of the data with those in the manifest of a run that has begun.
func sameData(run string, now map[string]datasets.Fingerprint) error {
	if _, err := os.Stat(filepath.Join(run, train.LastFile)); err != nil {
		return nil // it has not
	}
	text, err := os.ReadFile(filepath.Join(run, train.ManifestFile))
	if err != nil {
		return nil // it was killed before it wrote one
	}
	var manifest struct {
		Data map[string]datasets.Fingerprint
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return dataError{fmt.Errorf("%s: %w", filepath.Join(run, train.ManifestFile), err)}
	}
	for path, f := range now {
		if old, ok := manifest.Data[path]; ok && old != f {
			return dataError{fmt.Errorf("%s has changed since the run in %s began: put the file back, or start a new run with --run", path, run)}
		}
	}
	return nil
}
