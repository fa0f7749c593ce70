package main

import (
	"slices"
	"strings"
)

// nearest is the name that differs least from a mistyped one, by Levenshtein's distance; the last part of a dotted name counts
// as the whole if that is nearer.
func nearest(typed string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	far := func(name string) int {
		return min(distance(typed, name), distance(lastPart(typed), lastPart(name))+1)
	}
	return slices.MinFunc(names, func(a, b string) int { return far(a) - far(b) })
}

// distance is the least number of insertions, deletions and replacements of bytes that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// lastPart is what follows the last dot.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
