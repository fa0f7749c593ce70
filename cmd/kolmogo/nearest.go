package main

import (
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/internal/spelling"
)

// nearest is the name that differs least from a mistyped one, by spelling.Distance; the last part of a dotted name counts
// as the whole if that is nearer.
func nearest(typed string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	far := func(name string) int {
		return min(spelling.Distance(typed, name), spelling.Distance(lastPart(typed), lastPart(name))+1)
	}
	return slices.MinFunc(names, func(a, b string) int { return far(a) - far(b) })
}

// lastPart is what follows the last dot.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
