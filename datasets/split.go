package datasets

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// Split divides trajectories into those to train, validate and test with. In one file the training set stands at the
// beginning, the test set at the end and the validation set before it. The zero value trains with everything.
type Split struct {
	Train, Valid, Test Share
}

// Share is a part of the trajectories: a count, or a fraction of all, or a file of its own. The zero value is nothing; for
// training it is what the others leave.
type Share struct {
	Count    int     `json:"count,omitempty"`
	Fraction float64 `json:"fraction,omitempty"`
	Path     string  `json:"path,omitempty"`
}

// Splits are the three sets; Valid and Test are nil where their share is nothing.
type Splits struct {
	Train, Valid, Test *Set

	opened []*Set
}

// Close closes the files.
func (s *Splits) Close() error {
	var errs []error
	for _, set := range s.opened {
		errs = append(errs, set.Close())
	}
	return errors.Join(errs...)
}

// OpenSplit opens a file, and those that the split names, and divides it. A folder with the folders train, and valid and test or one of
// them, is divided so where the split is the zero value.
func OpenSplit(path string, keys Keys, split Split) (_ *Splits, err error) {
	s := &Splits{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	open := func(path string) (*Set, error) {
		set, err := OpenSet(path, keys)
		if err == nil {
			s.opened = append(s.opened, set)
		}
		return set, err
	}
	if split == (Split{}) {
		path, split = splitFolders(path)
	}
	whole, err := open(path)
	if err != nil {
		return s, err
	}
	n := whole.Trajectories()
	train, valid, test, err := split.counts(n)
	if err != nil {
		return s, fmt.Errorf("datasets: %s: %w", path, err)
	}
	for _, part := range []struct {
		to        **Set
		share     Share
		low, high int
	}{
		{&s.Train, split.Train, 0, train},
		{&s.Valid, split.Valid, n - test - valid, n - test},
		{&s.Test, split.Test, n - test, n},
	} {
		switch {
		case part.share.Path != "":
			*part.to, err = open(part.share.Path)
		case part.low < part.high:
			*part.to, err = whole.Slice(part.low, part.high)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

// splitFolders finds the folders of a data set that was divided by its authors.
func splitFolders(path string) (string, Split) {
	folder := func(name string) string {
		inner := filepath.Join(path, name)
		if stat, err := os.Stat(inner); err != nil || !stat.IsDir() {
			return ""
		}
		return inner
	}
	train := folder("train")
	if train == "" {
		return path, Split{}
	}
	return train, Split{Valid: Share{Path: folder("valid")}, Test: Share{Path: folder("test")}}
}

// counts returns how many of n trajectories belong to each set.
func (s Split) counts(n int) (train, valid, test int, err error) {
	var counts [3]int
	total := 0
	for i, share := range []Share{s.Train, s.Valid, s.Test} {
		switch given := b2i(share.Count != 0) + b2i(share.Fraction != 0) + b2i(share.Path != ""); {
		case given > 1:
			return 0, 0, 0, fmt.Errorf("split %+v: give one of count, fraction and path", share)
		case share.Count < 0 || !(share.Fraction >= 0 && share.Fraction <= 1):
			return 0, 0, 0, fmt.Errorf("split %+v is not between nothing and everything", share)
		}
		counts[i] = share.Count
		if share.Fraction > 0 {
			counts[i] = int(math.Round(share.Fraction * float64(n)))
		}
		if counts[i] > n-total {
			return 0, 0, 0, fmt.Errorf("split of %d + %d + %d trajectories, there are %d", counts[0], counts[1], counts[2], n)
		}
		total += counts[i]
	}
	if s.Train == (Share{}) {
		counts[0] = n - total
	}
	if counts[0] == 0 && s.Train.Path == "" {
		return 0, 0, 0, errors.New("the split leaves nothing to train with")
	}
	return counts[0], counts[1], counts[2], nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
