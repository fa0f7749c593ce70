package models

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/internal/spelling"
)

// lookup finds name in a table, or names the nearest entry and all of them.
func lookup[T any](what string, table map[string]T, name string) (T, error) {
	v, ok := table[name]
	if ok {
		return v, nil
	}
	known := slices.Sorted(maps.Keys(table))
	nearest := slices.MinFunc(known, func(a, b string) int { return spelling.Distance(name, a) - spelling.Distance(name, b) })
	hint := ""
	if spelling.Distance(name, nearest) <= (len(name)+1)/2 {
		hint = fmt.Sprintf(": did you mean %q?", nearest)
	}
	return v, fmt.Errorf("unknown %s %q%s (known: %s)", what, name, hint, strings.Join(known, ", "))
}
