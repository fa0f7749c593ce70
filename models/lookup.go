package models

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// lookup finds name in a table, or names the nearest entry and all of them.
func lookup[T any](what string, table map[string]T, name string) (T, error) {
	v, ok := table[name]
	if ok {
		return v, nil
	}
	known := slices.Sorted(maps.Keys(table))
	nearest := slices.MinFunc(known, func(a, b string) int { return distance(name, a) - distance(name, b) })
	hint := ""
	if distance(name, nearest) <= (len(name)+1)/2 {
		hint = fmt.Sprintf(": did you mean %q?", nearest)
	}
	return v, fmt.Errorf("unknown %s %q%s (known: %s)", what, name, hint, strings.Join(known, ", "))
}

// distance is Levenshtein's: the least number of insertions, deletions and replacements of bytes that turn a into b.
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
