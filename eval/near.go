package eval

import (
	"cmp"
	"slices"
	"strings"
)

// near is the names closest to a misspelt one, at most four: first by what precedes and follows the dot being equal, then
// by edit distance.
func near(name string, names []string) []string {
	distance := func(candidate string) int {
		d := 2 * editDistance(name, candidate)
		owner, metric, dotted := strings.Cut(candidate, ".")
		if !dotted {
			return d
		}
		if strings.HasPrefix(name, owner+".") || name == owner {
			d -= len(owner)
		}
		if name == metric || strings.HasSuffix(name, "."+metric) {
			d = 1
		}
		return d
	}
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(distance(a), distance(b)) })
	return sorted[:min(4, len(sorted))]
}

// editDistance is the least number of insertions, deletions and replacements of bytes that turn a into b (Levenshtein).
func editDistance(a, b string) int {
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
