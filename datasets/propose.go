package datasets

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// proposeConfig writes a configuration that suits a first training: a tenth of the trajectories to test with if there are ten, what differs
// between trajectories as conditions, the modes that a quarter of the points carry, at most 16, and batches of a twentieth of the samples,
// from 4 to 32. keys are those that the caller gave.
func proposeConfig(path string, keys Keys, set *Set) string {
	shape := set.Target().Shape()
	space := shape[2 : len(shape)-1]
	width := 32
	if len(space) == 1 {
		width = 64
	}
	samples := shape[0]
	if !set.Pairs() {
		samples *= max(1, shape[1]-1)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "data:\n  path: %q\n", path)
	keys.write(&b)
	if train, _ := splitFolders(path); shape[0] >= 10 && train == path {
		b.WriteString("  split:\n    test:\n      fraction: 0.1\n")
	}
	if names := set.proposedConditions(); len(names) > 0 {
		fmt.Fprintf(&b, "  condition: [%s]\n", strings.Join(names, ", "))
	}
	fmt.Fprintf(&b, `  batch: %d
model:
  kind: fno
  width: %d
  modes: %d
train:
  epochs: %d
  lr: 0.002
`, min(max(samples/20, 4), 32), width, max(1, min(slices.Min(space)/4, 16)), min(max(100_000/samples, 5), 60))
	return b.String()
}

// write adds the section data.keys, if any key is given.
func (k Keys) write(b *strings.Builder) {
	begun := false
	for _, key := range []struct{ name, value string }{
		{"fields", k.Fields}, {"input", k.Input}, {"target", k.Target}, {"time", k.Time}, {"axes", k.Axes}, {"target_axes", k.TargetAxes},
	} {
		if key.value == "" {
			continue
		}
		if !begun {
			b.WriteString("  keys:\n")
			begun = true
		}
		fmt.Fprintf(b, "    %s: %q\n", key.name, key.value)
	}
}

// proposedConditions are the parameters that differ between trajectories; of a length or a time that does, the spacing and the time step.
func (s *Set) proposedConditions() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.Meta.TrajectoryParameters)) {
		values := s.Meta.TrajectoryParameters[name]
		if slices.Min(values) == slices.Max(values) || !plainName(name) {
			continue
		}
		switch name {
		case "length":
			name = "d" + s.Meta.Axes[0].Name
		case "time":
			if s.Pairs() || s.Meta.Times == nil {
				continue
			}
			name = "dt"
		}
		names = append(names, name)
	}
	return names
}

// plainName reports whether YAML takes a name for itself.
func plainName(name string) bool {
	letters := strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
	return letters && name != "" && (name[0] > '9' || name[0] < '0') && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(name))
}
