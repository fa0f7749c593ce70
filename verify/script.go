package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Command runs one kolmogo command line in this process and returns the JSON document that it prints with --json.
type Command func(ctx context.Context, args ...string) ([]byte, error)

// Script is what an entry works with.
type Script struct {
	Folder  string // of this entry's runs and files
	Seeds   []int
	Threads int // of training and evaluation; 0: one per core
	Log     func(line string)

	command  Command
	commands []string
}

// Call runs a command line and decodes what it prints into v, which may be nil.
func (s *Script) Call(ctx context.Context, v any, args ...string) error {
	line := "kolmogo " + strings.Join(args, " ")
	s.commands = append(s.commands, line)
	s.Log(line)
	text, err := s.command(ctx, append(slices.Clone(args), "--json")...)
	if err != nil {
		return fmt.Errorf("verify: %s: %w", line, err)
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("verify: %s printed no such document: %w", line, err)
	}
	return nil
}

// Path is a file or run folder of this entry.
func (s *Script) Path(name string) string { return filepath.Join(s.Folder, name) }

// Training is what train --json prints.
type Training struct {
	Run     string  `json:"run"`
	Steps   int     `json:"steps"`
	Seconds float64 `json:"seconds"` // of the whole run, over interruptions
}

// Train trains a configuration into the entry's run folder of that name, or continues or finds it there.
func (s *Script) Train(ctx context.Context, config, run string, seed int, sets ...string) (Training, error) {
	args := []string{"train", config, "--run", s.Path(run), "--resume", "--seed", fmt.Sprint(seed)}
	if s.Threads > 0 {
		args = append(args, "--threads", fmt.Sprint(s.Threads))
	}
	for _, set := range sets {
		args = append(args, "--set", set)
	}
	var t Training
	err := s.Call(ctx, &t, args...)
	return t, err
}

// Generate makes a file of the entry from a recipe, or finds it there.
func (s *Script) Generate(ctx context.Context, recipe, file string, flags ...string) error {
	if err := os.MkdirAll(s.Folder, 0o755); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	return s.Call(ctx, nil, append([]string{"generate", recipe, "-o", s.Path(file)}, flags...)...)
}

// Eval judges a run of the entry and returns its metrics.
func (s *Script) Eval(ctx context.Context, run string, flags ...string) (map[string]float64, error) {
	var report struct {
		Metrics map[string]measured `json:"metrics"`
	}
	args := append([]string{"eval", s.Path(run)}, flags...)
	if s.Threads > 0 {
		args = append(args, "--threads", fmt.Sprint(s.Threads))
	}
	err := s.Call(ctx, &report, args...)
	metrics := map[string]float64{}
	for name, m := range report.Metrics {
		metrics[name] = float64(m)
	}
	return metrics, err
}

// Options say how an entry is run.
type Options struct {
	Folder  string // entries get a sub-folder each
	Seeds   int    // 0: as many as the entry counts
	Threads int
	Command Command
	Log     func(line string)
}

// Run runs an entry.
func Run(ctx context.Context, e Entry, o Options) (Outcome, error) {
	seeds := make([]int, max(1, o.Seeds))
	if o.Seeds == 0 {
		seeds = make([]int, max(1, e.Seeds))
	}
	for i := range seeds {
		seeds[i] = i
	}
	s := &Script{Folder: filepath.Join(o.Folder, e.Name), Seeds: seeds, Threads: o.Threads, Log: o.Log, command: o.Command}
	if s.Log == nil {
		s.Log = func(string) {}
	}
	r, err := e.Run(ctx, s)
	return Outcome{Entry: e, Seeds: seeds, Result: r, Commands: s.commands}, err
}

// Median is the middle of the values, the mean of the middle two for an even number; NaN where one is NaN or there is none.
func Median(values ...float64) float64 {
	v := slices.Clone(values)
	slices.Sort(v) // NaN first
	n := len(v)
	if n == 0 || v[0] != v[0] {
		var zero float64
		return zero / zero
	}
	return (v[(n-1)/2] + v[n/2]) / 2
}
