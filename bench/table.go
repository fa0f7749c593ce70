package bench

import (
	"fmt"
	"os"
	"slices"
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
the like), and the share is floor by median. Memory is what ours plans, and a rival's growth of resident memory after its imports.

| entry | ours | torch | jax | torch by ours | jax by ours | GFLOP/s | floor | share | 1 → all threads | MB ours / torch / jax | allocations |
|---|---|---|---|---|---|---|---|---|---|---|---|
`)
	for _, r := range results {
		torch, jax := r.Rivals["torch"], r.Rivals["jax"]
		fmt.Fprintf(&s, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s / %s / %s | %s |\n", r.Name,
			span(&r.Times), span(torch.Times), span(jax.Times), ratio(torch.Ratio), ratio(jax.Ratio),
			known(r.GFLOPS, "%.0f"), known(r.FloorMS, "%.3g"), known(100*r.RooflineShare, "%.0f %%"), scaling(r),
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

func megabytes(n int64) string { return known(float64(n)/1e6, "%.0f") }

func span(t *Times) string {
	if t == nil {
		return "–"
	}
	return fmt.Sprintf("%.4g (%.4g to %.4g)", t.Median, t.Min, t.Max)
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
	return distinct(results, func(_ Result, name string, v Rival) string {
		if v.Missing != "" {
			return name + ": " + v.Missing
		}
		return name + " " + v.Version
	})
}

// variants lists the ways that the rivals took where they had a choice.
func variants(results []Result) string {
	return distinct(results, func(r Result, name string, v Rival) string {
		if v.Variant == "" {
			return ""
		}
		return fmt.Sprintf("%s %s in %s", name, v.Variant, r.Name)
	})
}

func distinct(results []Result, text func(r Result, name string, v Rival) string) string {
	var list []string
	for _, r := range results {
		for _, name := range RivalNames() {
			if v, ok := r.Rivals[name]; ok {
				if t := text(r, name, v); t != "" && !slices.Contains(list, t) {
					list = append(list, t)
				}
			}
		}
	}
	return strings.Join(list, ", ")
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
