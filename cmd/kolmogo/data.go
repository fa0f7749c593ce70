package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
)

// openData opens the sets that a configuration names, sub-sampled to points per axis (0: as stored), generating them first
// where it says so.
func (a *app) openData(ctx context.Context, c DataConfig, points int) (*datasets.Splits, error) {
	path, err := a.dataPath(ctx, c)
	if err != nil {
		return nil, err
	}
	split := c.Split
	paths := []string{path}
	for _, share := range []*datasets.Share{&split.Train, &split.Valid, &split.Test} {
		if share.Path != "" {
			share.Path = c.inDir(share.Path)
			paths = append(paths, share.Path)
		}
	}
	splits, err := datasets.OpenSplit(path, datasets.Keys(c.Keys), split)
	if err != nil {
		return nil, blame(err, paths, datasets.Keys(c.Keys))
	}
	for _, set := range []**datasets.Set{&splits.Train, &splits.Valid, &splits.Test} {
		if *set == nil {
			continue
		}
		c.turning(&(*set).Meta)
		if points == 0 {
			continue
		}
		if *set, err = (*set).Resolution(points); err != nil {
			return nil, errors.Join(usageError{fmt.Errorf("data.resolution: %w", err)}, splits.Close())
		}
	}
	return splits, nil
}

// turning names the vectors and pseudoscalars that the data does not tell.
func (c DataConfig) turning(m *datasets.Meta) {
	if c.Velocity != nil {
		m.Velocity = c.Velocity
	}
	if c.Vectors != nil {
		m.Vectors = c.Vectors
	}
	if c.Pseudo != nil {
		m.Pseudoscalars = c.Pseudo
	}
}

// inDir is a path relative to the folder of the data.
func (c DataConfig) inDir(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, path)
}

// blame decides whether an error of opening files is one of the data or, if each file opens by itself, of the configuration.
func blame(err error, paths []string, keys datasets.Keys) error {
	for _, path := range paths {
		set, bad := datasets.OpenSet(path, keys)
		if bad != nil {
			return dataError{err}
		}
		if bad := set.Close(); bad != nil {
			return dataError{err}
		}
	}
	return usageError{err}
}

// dataPath is the file to read, which is generated if it is not there; with nothing but zeros for a plan.
func (a *app) dataPath(ctx context.Context, c DataConfig) (string, error) {
	if c.Generate.IsZero() {
		if c.Path == "" {
			return "", usagef("the configuration names no data: set data.path or data.generate")
		}
		return c.inDir(c.Path), nil
	}
	r, name, err := c.recipe()
	if err != nil {
		return "", err
	}
	path, err := cacheFile(c.Cache, name, r)
	if err != nil {
		return "", err
	}
	if set, err := datasets.OpenSet(path, datasets.Keys{}); err == nil {
		return path, set.Close()
	}
	if a.blanks != "" {
		path = filepath.Join(a.blanks, filepath.Base(path))
		return path, datasets.GenerateBlank(r, path)
	}
	if err := os.MkdirAll(c.Cache, 0o755); err != nil {
		return "", fmt.Errorf("data.cache: %w", err)
	}
	a.logf("generating %d trajectories of %s into %s", r.N, r.Equation, path)
	return path, a.generateFile(ctx, r, path, 0, 0)
}

// recipe resolves data.generate.
func (c DataConfig) recipe() (r datasets.Recipe, name string, err error) {
	if c.Generate.Recipe != nil {
		r, name = *c.Generate.Recipe, c.Generate.Recipe.Equation
		_, err = r.Problem()
		err = inUsage(err)
	} else {
		name = c.Generate.Name
		r, err = loadRecipe(name, nil)
		name = trimExtension(filepath.Base(name))
	}
	if err != nil {
		return r, name, fmt.Errorf("data.generate: %w", err)
	}
	if c.Trajectories > 0 {
		r.N = c.Trajectories
	}
	if r.N == 0 {
		return r, name, usagef("data.generate does not say how many trajectories: set data.trajectories")
	}
	return r, name, nil
}

// cacheFile names the file of a recipe: equal recipes share it, different ones never do.
func cacheFile(folder, name string, r datasets.Recipe) (string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	return filepath.Join(folder, fmt.Sprintf("%s-%d-%.4x.kmg", name, r.N, sha256.Sum256(text))), nil
}

// trimExtension cuts a suffix like .yaml.
func trimExtension(name string) string { return name[:len(name)-len(filepath.Ext(name))] }

// loader makes the batches of a set as a configuration says; for training they are shuffled and augmented.
func (c DataConfig) loader(set *datasets.Set, seed uint64, training bool) *datasets.Loader {
	l := &datasets.Loader{Set: set, Batch: c.Batch, Seed: seed, Window: c.Window, Condition: c.Condition, Constants: c.Constants, Sequential: !training}
	if !training {
		l.Window.Unroll = 1
		return l
	}
	for _, name := range c.Augment {
		l.Augment = append(l.Augment, c.augmentations()[name])
	}
	return l
}

// augmentations is the table of the laws by name.
func (c DataConfig) augmentations() map[string]datasets.Augmentation {
	return map[string]datasets.Augmentation{
		"symmetries":      datasets.GridSymmetries{Reflection: c.reflection()},
		"shifts":          datasets.Shift{},
		"boosts":          datasets.Boost{Most: c.Boost},
		"burgers_scaling": datasets.Scaling{Most: c.Scaling},
		"ks_scaling":      datasets.Scaling{Most: c.Scaling, Viscosity: 2},
	}
}

func (c DataConfig) reflection() datasets.Reflection {
	if c.Reflection == "nodes" {
		return datasets.ReflectNodes
	}
	return datasets.ReflectCells
}

// fingerprints identifies the files behind sets, by path.
func fingerprints(s *datasets.Splits) (map[string]datasets.Fingerprint, error) {
	prints := map[string]datasets.Fingerprint{}
	for _, set := range []*datasets.Set{s.Train, s.Valid, s.Test} {
		if set == nil {
			continue
		}
		if _, ok := prints[set.Path]; ok {
			continue
		}
		f, err := datasets.FingerprintFile(set.Path)
		if err != nil {
			return nil, inData(err)
		}
		prints[set.Path] = f
	}
	return prints, nil
}

// space is the grid of a set.
func space(set *datasets.Set) []int {
	shape := set.Target().Shape()
	return slices.Clone(shape[2 : len(shape)-1])
}
