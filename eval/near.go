package eval

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/internal/spelling"
)

// near is the names closest to a misspelt one, at most four: first by what precedes and follows the dot being equal, then
// by edit distance.
func near(name string, names []string) []string {
	distance := func(candidate string) int {
		d := 2 * spelling.Distance(name, candidate)
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
