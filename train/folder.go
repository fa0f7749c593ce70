package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/internal/wholefile"
)

// The files of a run.
const (
	ConfigFile   = "config.yaml"
	ManifestFile = "manifest.json"
	LogFile      = "log.jsonl"
	LastFile     = "last.ckpt"
	BestFile     = "best.ckpt"
)

// Folder is where a run lives.
type Folder struct {
	Path   string
	config map[string]any
}

// free are the keys that a resumed run may change: they have no influence on the result, or none beyond rounding.
var free = []string{"threads", "device", "name"}

// OpenFolder creates a run's folder or, with resume, opens the one of a run with the same configuration. A folder that holds another
// configuration is refused, naming the first key that differs.
func OpenFolder(path string, config map[string]any, resume bool) (*Folder, error) {
	f := &Folder{path, config}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("train: run folder: %w", err)
	}
	last := filepath.Join(path, LastFile)
	_, err := os.Stat(last)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil // nothing yet, or killed before the first checkpoint: start from the beginning
	}
	if err != nil {
		return nil, fmt.Errorf("train: run folder: %w", err)
	}
	c, err := readCheckpoint(last)
	if err != nil {
		return nil, err
	}
	if key, ours, theirs := difference(config, c.config); key != "" {
		return nil, fmt.Errorf("%w: %s holds a run with %s = %v, this one has %v: choose another folder with --run", ErrConfig, path, key, theirs, ours)
	}
	if !resume {
		return nil, fmt.Errorf("%w: %s holds a run with this configuration, at step %d: continue it with --resume, or choose another folder with --run", ErrConfig, path, c.state.Step)
	}
	return f, nil
}

// Write puts a small file into the folder, all or nothing.
func (f *Folder) Write(name string, data []byte) error {
	if err := wholefile.ReplaceBytes(filepath.Join(f.Path, name), data); err != nil {
		return fmt.Errorf("train: run folder: %w", err)
	}
	return nil
}

// openLog opens the log for one process alone.
func (f *Folder) openLog() (*os.File, error) {
	log, held, err := openLocked(filepath.Join(f.Path, LogFile))
	if held {
		return nil, fmt.Errorf("%w: another process is training in %s", ErrConfig, f.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("train: log: %w", err)
	}
	return log, nil
}

// difference returns the first key, in order, whose values differ in two configurations.
func difference(a, b map[string]any) (key string, inA, inB any) {
	fa, fb := Flatten(a), Flatten(b)
	keys := slices.Sorted(maps.Keys(fa))
	for k := range fb {
		if _, ok := fa[k]; !ok {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		if !slices.Contains(free, k) && !reflect.DeepEqual(fa[k], fb[k]) {
			return k, fa[k], fb[k]
		}
	}
	return "", nil, nil
}

// Flatten joins the keys of nested maps with dots and turns the values into what JSON makes of them.
func Flatten(m map[string]any) map[string]any {
	var plain map[string]any
	b, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(b, &plain)
	}
	if err != nil {
		panic("train: a configuration is not JSON: " + err.Error())
	}
	flat := map[string]any{}
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		if sub, ok := v.(map[string]any); ok {
			for k, v := range sub {
				walk(prefix+"."+k, v)
			}
			return
		}
		flat[strings.TrimPrefix(prefix, ".")] = v
	}
	walk("", plain)
	return flat
}
