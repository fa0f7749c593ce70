package datasets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// dataFiles lists the files that a path names: the file itself, the files in a folder, or those that match a pattern of
// [filepath.Match]. many tells that it is not a file. In a folder, what is no data file by its content is left out.
func dataFiles(path string) (files []string, many bool, err error) {
	stat, err := os.Stat(path)
	switch {
	case err == nil && !stat.IsDir():
		return []string{path}, false, nil
	case err == nil:
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, true, fmt.Errorf("datasets: %w", err)
		}
		for _, e := range entries {
			name := filepath.Join(path, e.Name())
			if e.Type().IsRegular() && isData(name) {
				files = append(files, name)
			}
		}
	case strings.ContainsAny(path, "*?["):
		if files, err = filepath.Glob(path); err != nil {
			return nil, true, fmt.Errorf("datasets: %s: %w", path, err)
		}
		slices.Sort(files)
	default:
		return nil, false, fmt.Errorf("datasets: %w", err)
	}
	if len(files) == 0 {
		return nil, true, fmt.Errorf("datasets: %s: no data file is there", path)
	}
	return files, true, nil
}

// isData reports whether a file is in a known format.
func isData(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return true // which opening it will report
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return true
	}
	_, err = recognise(file, stat.Size())
	return err == nil
}

// openJoined opens several files as one set.
func openJoined(path string, files []string, keys Keys) (_ *Set, err error) {
	var sets []*Set
	closer := closers{}
	defer func() {
		if err != nil {
			err = errors.Join(err, closer.Close())
		}
	}()
	for _, file := range files {
		s, err := openOne(file, keys)
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
		closer = append(closer, s)
	}
	s, err := join(path, sets)
	if err != nil {
		return nil, err
	}
	s.closer = closer
	return s, nil
}

type closers []*Set

func (c closers) Close() error {
	var errs []error
	for _, s := range c {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// join puts the trajectories of sets of the same shape one after the other.
func join(path string, sets []*Set) (*Set, error) {
	first := sets[0]
	whole := &Set{Path: path, Meta: first.Meta, Keys: first.Keys}
	for _, s := range sets[1:] {
		if what := differs(first, s); what != "" {
			return nil, fmt.Errorf("datasets: %s: %s of %s differ from those of %s; such files cannot be one set", path, what, s.Path, first.Path)
		}
	}
	for _, block := range []func(s *Set) *Fields{
		func(s *Set) *Fields { return &s.Fields }, func(s *Set) *Fields { return &s.Inputs }, func(s *Set) *Fields { return &s.Outputs },
		func(s *Set) *Fields { return &s.Constants }, func(s *Set) *Fields { return &s.Scalars },
		func(s *Set) *Fields { return &s.ConstantScalars }, func(s *Set) *Fields { return &s.Initial },
	} {
		j := &joined{begin: []int{0}}
		for _, s := range sets {
			if f := *block(s); f != nil {
				j.parts = append(j.parts, f)
				j.begin = append(j.begin, j.begin[len(j.begin)-1]+f.Shape()[0])
			}
		}
		if len(j.parts) == len(sets) {
			*block(whole) = j
		}
	}
	joinMeta(whole, sets)
	if err := whole.complete(); err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", path, err)
	}
	return whole, nil
}

// differs says in what two sets differ so that they cannot be joined.
func differs(a, b *Set) string {
	if a.Pairs() != b.Pairs() {
		return "the kinds"
	}
	for _, f := range [][2]Fields{{a.Target(), b.Target()}, {a.Inputs, b.Inputs}} {
		if f[0] != nil && !slices.Equal(f[0].Shape()[1:], f[1].Shape()[1:]) {
			return fmt.Sprintf("the shapes %v and %v", f[1].Shape()[1:], f[0].Shape()[1:])
		}
	}
	switch {
	case !slices.Equal(a.Meta.Channels, b.Meta.Channels) || !slices.Equal(a.Meta.InputChannels, b.Meta.InputChannels):
		return fmt.Sprintf("the channels %q", b.Meta.Channels)
	case !reflect.DeepEqual(a.Meta.Axes, b.Meta.Axes):
		return "the grids"
	}
	return ""
}

// joinMeta joins what is said of trajectories: a parameter that differs between files becomes one of each trajectory, and so do times.
func joinMeta(whole *Set, sets []*Set) {
	m := &whole.Meta
	m.Parameters, m.TrajectoryParameters, m.Trajectories, m.TrajectoryTimes = nil, nil, nil, nil
	names := map[string]bool{}
	sameTimes := true
	for _, s := range sets {
		for name := range s.Meta.Parameters {
			names[name] = true
		}
		for name := range s.Meta.TrajectoryParameters {
			names[name] = true
		}
		m.Trajectories = append(m.Trajectories, s.Meta.Trajectories...)
		sameTimes = sameTimes && s.Meta.TrajectoryTimes == nil && slices.Equal(s.Meta.Times, sets[0].Meta.Times)
	}
	total := 0
	for _, s := range sets {
		total += s.Trajectories()
	}
	if len(m.Trajectories) != total {
		m.Trajectories = nil
	}
	for name := range names {
		var values []float64
		shared := true
		for _, s := range sets {
			v, ok := s.Meta.Parameters[name]
			shared = shared && ok && v == sets[0].Meta.Parameters[name]
			if ok {
				values = append(values, slices.Repeat([]float64{v}, s.Trajectories())...)
			} else {
				values = append(values, s.Meta.TrajectoryParameters[name]...)
			}
		}
		if shared {
			put(&m.Parameters, name, values[0])
		} else if len(values) == total {
			put(&m.TrajectoryParameters, name, values)
		}
	}
	if sameTimes {
		return
	}
	m.Times = nil
	for _, s := range sets {
		times := s.Meta.TrajectoryTimes
		if times == nil && s.Meta.Times != nil {
			times = slices.Repeat([][]float64{s.Meta.Times}, s.Trajectories())
		}
		m.TrajectoryTimes = append(m.TrajectoryTimes, times...)
	}
	if len(m.TrajectoryTimes) != total {
		m.TrajectoryTimes = nil
	}
}
