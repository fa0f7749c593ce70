package bench

import (
	"fmt"
	"os"
	"strings"

	"github.com/kolmogo/kolmogo/internal/wholefile"
)

// The lines of a Markdown file between which the table stands.
const (
	tableBegin = "<!-- bench: begin, written by kolmogo bench all -->"
	tableEnd   = "<!-- bench: end -->"
)

// Table is the results as Markdown, with the machine, the day and the command that they are from.
func Table(m Machine, day, command string, results []Result) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s, %d cores, %s, %s, %s; %s, `%s`.\n", m.Processor, m.Cores, m.System, m.Go, m.Backend, day, command)
	if v := versions(results); v != "" {
		fmt.Fprintf(&s, "Rivals: %s.\n", v)
	}
	s.WriteString(`
Milliseconds of one step, median (least to most); a ratio is the rival's median by ours, taken in turns. The floor is the larger of
operations by measured multiply-add peak and bytes by measured copy bandwidth, both of the best known algorithm (` + "`go doc -u ./bench fno`" + ` and
the like), and the share is floor by median. A name with a star: other processes used more than 5 % of the machine. Memory is what ours plans, and a rival's growth of resident memory after its imports.

| entry | ours | torch | jax | torch by ours | jax by ours | GFLOP/s | floor | share | 1 → all threads | MB ours / torch / jax | allocations |
|---|---|---|---|---|---|---|---|---|---|---|---|
`)
	for _, r := range results {
		torch, jax := r.Rivals["torch"], r.Rivals["jax"]
		star := ""
		if r.Busy() {
			star = " *"
		}
		fmt.Fprintf(&s, "| %s%s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s / %s / %s | %s |\n", r.Name, star,
			span(&r.Times), span(torch.Times), span(jax.Times), ratio(torch.Ratio), ratio(jax.Ratio),
			known(r.GFLOPS, "%.0f"), short(r.FloorMS), known(100*r.RooflineShare, "%.0f %%"), scaling(r),
			megabytes(r.BytesPeak), megabytes(torch.BytesPeak), megabytes(jax.BytesPeak), allocations(r))
	}
	if v := variants(results); v != "" {
		fmt.Fprintf(&s, "\nWhere a rival has several ways, its fastest: %s.\n", v)
	}
	return s.String()
}

// known prints a number that may be missing.
func known(x float64, format string) string {
	if !(x > 0) {
		return "–"
	}
	return fmt.Sprintf(format, x)
}

func ratio(x float64) string { return known(x, "**%.2f**") }

// short prints a number with three figures, or more before the point.
func short(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return known(x, "%.3g")
}

func megabytes(n int64) string { return short(float64(n) / 1e6) }

func span(t *Times) string {
	if t == nil {
		return "–"
	}
	return fmt.Sprintf("%s (%s to %s)", short(t.Median), short(t.Min), short(t.Max))
}

func scaling(r Result) string {
	if r.OneThread == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", r.OneThread/r.Median)
}

func allocations(r Result) string {
	if r.Cost == nil {
		return "–"
	}
	return fmt.Sprint(r.Allocations)
}

// versions lists the rivals' versions.
func versions(results []Result) string {
	list, _ := gather(results, func(name string, v Rival) string {
		if v.Missing != "" {
			return name + ": " + v.Missing
		}
		return name + " " + v.Version
	})
	return strings.Join(list, ", ")
}

// variants lists the ways that the rivals took where they had a choice, with the entries.
func variants(results []Result) string {
	list, in := gather(results, func(name string, v Rival) string {
		if v.Variant == "" {
			return ""
		}
		return name + " " + v.Variant
	})
	for i, text := range list {
		list[i] = text + " in " + strings.Join(in[text], ", ")
	}
	return strings.Join(list, "; ")
}

// gather lists what is said of the rivals, once each, and the entries of which it is said.
func gather(results []Result, say func(name string, v Rival) string) (list []string, in map[string][]string) {
	in = map[string][]string{}
	for _, r := range results {
		for _, name := range RivalNames() {
			v, ok := r.Rivals[name]
			if text := say(name, v); ok && text != "" {
				if in[text] == nil {
					list = append(list, text)
				}
				in[text] = append(in[text], r.Name)
			}
		}
	}
	return list, in
}

// Insert puts a table between its marks in a Markdown file, or behind everything else where there are none.
func Insert(path, table string) error {
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("bench: %w", err)
	}
	before, rest, marked := strings.Cut(string(text), tableBegin)
	_, after, closed := strings.Cut(rest, tableEnd)
	if marked && !closed {
		return fmt.Errorf("bench: %s: the line %q is not followed by %q", path, tableBegin, tableEnd)
	}
	if !marked && before != "" {
		before = strings.TrimRight(before, "\n") + "\n\n"
	}
	if !closed {
		after = "\n"
	}
	if err := wholefile.ReplaceBytes(path, []byte(before+tableBegin+"\n\n"+table+"\n"+tableEnd+after)); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}
