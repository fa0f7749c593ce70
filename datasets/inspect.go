package datasets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Report says what a file or a folder holds.
type Report struct {
	Path        string            `json:"path"`
	Format      string            `json:"format"`
	Fingerprint *Fingerprint      `json:"fingerprint,omitempty"`
	Arrays      []ArrayReport     `json:"arrays,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	View        *ViewReport       `json:"view,omitempty"`
	// Problem says why there is no view, or what is wrong with its values.
	Problem string `json:"problem,omitempty"`
	// Nonfinite says where values are not finite, as far as they were looked at.
	Nonfinite *NonfiniteError `json:"nonfinite,omitempty"`
	// Config is a proposed configuration in YAML.
	Config string `json:"config,omitempty"`
	// Files holds the reports of a folder.
	Files []Report `json:"files,omitempty"`
}

// ArrayReport describes one array; Problem says why it cannot be read.
type ArrayReport struct {
	Name string `json:"name"`
	Info
	Problem string `json:"problem,omitempty"`
}

// ViewReport describes the canonical view.
type ViewReport struct {
	Kind    string `json:"kind"` // "trajectories" or "pairs"
	Keys    Keys   `json:"keys"`
	Fields  []int  `json:"fields,omitempty"`  // [trajectory, time, x.., channel]
	Inputs  []int  `json:"inputs,omitempty"`  // [trajectory, x.., channel]
	Outputs []int  `json:"outputs,omitempty"` // [trajectory, x.., channel]
	Meta    Meta   `json:"meta"`
	// Input and Output hold the statistics of inputs and of outputs or fields, of at most a few frames of a large file.
	Input  *Statistics `json:"input_statistics,omitempty"`
	Output *Statistics `json:"output_statistics,omitempty"`
}

// inspectValues is the number of values that the statistics of a file above scanLimit are computed from.
const inspectValues = 1 << 22

// Inspect looks into a data file, or into all data files of a folder.
func Inspect(ctx context.Context, path string, keys Keys) (Report, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return Report{}, fmt.Errorf("datasets: %w", err)
	}
	if stat.IsDir() {
		return inspectFolder(ctx, path, keys)
	}
	return inspectFile(ctx, path, keys)
}

func inspectFolder(ctx context.Context, path string, keys Keys) (Report, error) {
	if train, split := splitFolders(path); train != path {
		return inspectSplit(ctx, path, keys, train, split)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return Report{}, fmt.Errorf("datasets: %w", err)
	}
	r := Report{Path: path, Format: "folder"}
	var failed error
	proposal := "" // the name of the file whose configuration the folder proposes: one to train with, else the first
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		file, err := inspectFile(ctx, filepath.Join(path, entry.Name()), keys)
		if ctx.Err() != nil {
			return Report{}, err
		}
		if err != nil { // a README among the data
			failed = err
			continue
		}
		r.Files = append(r.Files, file)
		training := strings.Contains(entry.Name(), "train") && !strings.Contains(proposal, "train")
		if file.Config != "" && (proposal == "" || training) {
			proposal, r.Config = entry.Name(), file.Config
		}
	}
	if len(r.Files) == 0 {
		return Report{}, fmt.Errorf("datasets: %s: no data file in this folder (the last one tried: %v)", path, failed)
	}
	return r, nil
}

// inspectSplit looks into a folder that holds folders to train, validate and test with; its configuration is for all of them.
func inspectSplit(ctx context.Context, path string, keys Keys, train string, split Split) (Report, error) {
	r := Report{Path: path, Format: "folder"}
	for _, inner := range []string{train, split.Valid.Path, split.Test.Path} {
		if inner == "" {
			continue
		}
		files, err := inspectFolder(ctx, inner, keys)
		if err != nil {
			return Report{}, err
		}
		r.Files = append(r.Files, files.Files...)
	}
	set, err := OpenSet(train, keys)
	if err != nil {
		r.Problem = err.Error()
		return r, nil
	}
	r.Config = proposeConfig(path, keys, set)
	return r, set.Close()
}

func inspectFile(ctx context.Context, path string, keys Keys) (Report, error) {
	c, format, err := openFormat(path)
	if err != nil {
		return Report{}, err
	}
	defer c.Close()
	fingerprint, err := FingerprintFile(path)
	if err != nil {
		return Report{}, err
	}
	r := Report{Path: path, Format: format, Fingerprint: &fingerprint, Metadata: c.Metadata()}
	for _, name := range c.Names() {
		info, err := c.Info(name)
		a := ArrayReport{Name: name, Info: info}
		if err != nil {
			a.Problem = err.Error()
		}
		r.Arrays = append(r.Arrays, a)
	}
	set, err := view(c, path, keys)
	if err != nil {
		r.Problem = err.Error()
		return r, nil
	}
	r.View = &ViewReport{Kind: "trajectories", Keys: set.Keys, Meta: set.Meta}
	if set.Pairs() {
		r.View.Kind = "pairs"
		r.View.Inputs, r.View.Outputs = withoutTime(set.Inputs.Shape()), withoutTime(set.Outputs.Shape())
	} else {
		r.View.Fields = set.Fields.Shape()
	}
	err = r.View.measure(ctx, set)
	switch {
	case err == nil:
		r.Config = proposeConfig(path, keys, set)
	case ctx.Err() != nil:
		return Report{}, err
	default:
		r.Problem = err.Error()
		errors.As(err, &r.Nonfinite)
	}
	return r, nil
}

func (v *ViewReport) measure(ctx context.Context, set *Set) error {
	if err := set.scan(); err != nil {
		return err
	}
	some := func(f Fields, names []string) (*Statistics, error) {
		shape := f.Shape()
		frames := shape[0] * shape[1]
		if size, err := byteSize(f.Dtype(), shape); err != nil || size > scanLimit {
			frames = max(1, inspectValues/frameSize(shape))
		}
		s, err := measure(ctx, f, names, frames)
		return &s, err
	}
	output, err := some(set.Target(), set.Meta.Channels)
	if err != nil {
		return err
	}
	v.Output = output
	if !set.Pairs() {
		return nil
	}
	input, err := some(set.Inputs, set.Meta.InputChannels)
	if err == nil {
		v.Input = input
	}
	return err
}
