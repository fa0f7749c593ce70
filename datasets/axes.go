package datasets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The names of axes in the order of the canonical view; between t and c stand the axes of space.
const canonicalAxes = "ntxyzc"

// parseAxes reads the names of an array's axes, "n t x c": n trajectory, t time, x y z space, c channel.
func parseAxes(text string) ([]byte, error) {
	var axes []byte
	for _, name := range strings.Fields(strings.ReplaceAll(text, ",", " ")) {
		if len(name) != 1 || !strings.Contains(canonicalAxes, name) || slices.Contains(axes, name[0]) {
			return nil, fmt.Errorf("axes %q: want each of n (trajectory), t (time), x, y, z (space), c (channel) at most once, between spaces", text)
		}
		axes = append(axes, name[0])
	}
	return axes, nil
}

// formatAxes is the inverse of parseAxes.
func formatAxes(axes []byte) string {
	return strings.Join(strings.Split(string(axes), ""), " ")
}

// spaceAxes returns the first n names of the axes of space.
func spaceAxes(n int) []byte { return []byte("xyz")[:min(n, 3)] }

// guessFieldAxes names the axes of trajectories whose order nobody told: t x; n t x; n t x.. and c, where the last axis is
// the channel if it is shorter than the one before it.
func guessFieldAxes(shape []int) []byte {
	last := len(shape) - 1
	switch {
	case last < 1:
		return []byte("x")
	case last == 1:
		return []byte("tx")
	case last == 2:
		return []byte("ntx")
	case shape[last] < shape[last-1]:
		return slices.Concat([]byte("nt"), spaceAxes(last-2), []byte("c"))
	}
	return append([]byte("nt"), spaceAxes(last-1)...)
}

// guessPairAxes names the axes of inputs or outputs: n x; n x y; for more axes the channel is the shorter of the second
// and the last.
func guessPairAxes(shape []int) []byte {
	last := len(shape) - 1
	switch {
	case last < 3:
		return append([]byte("n"), spaceAxes(last)...)
	case shape[1] < shape[last]:
		return append([]byte("nc"), spaceAxes(last-1)...)
	}
	return slices.Concat([]byte("n"), spaceAxes(last-1), []byte("c"))
}

// guessPairAxesBeside does that for one array of a pair beside the shape of the other: an axis more than the other has is the channel.
func guessPairAxesBeside(other []int) func(shape []int) []byte {
	return func(shape []int) []byte {
		last := len(shape) - 1
		switch {
		case last >= 2 && slices.Equal(shape[:last], other):
			return slices.Concat([]byte("n"), spaceAxes(last-1), []byte("c"))
		case len(other) == len(shape)+1 && slices.Equal(other[:len(shape)], shape):
			return append([]byte("n"), spaceAxes(last)...)
		}
		return guessPairAxes(shape)
	}
}

// canonicalOrder returns the permutation that brings named axes into the order of the canonical view and the resulting
// shape, where axes of length one stand for n, t and c that are absent.
func canonicalOrder(axes []byte, shape []int) (order, canonical []int, err error) {
	if len(axes) != len(shape) {
		return nil, nil, fmt.Errorf("axes %q name %d axes, the array of shape %v has %d", formatAxes(axes), len(axes), shape, len(shape))
	}
	space := 0
	for _, name := range []byte(canonicalAxes) {
		i := slices.Index(axes, name)
		isSpace := name >= 'x'
		switch {
		case i >= 0:
			order = append(order, i)
			canonical = append(canonical, shape[i])
		case !isSpace:
			canonical = append(canonical, 1)
		}
		if isSpace && i >= 0 {
			space++
		}
	}
	if space == 0 {
		return nil, nil, errors.New("an array without an axis of space is no field")
	}
	return order, canonical, nil
}
