package bench

import (
	"cmp"
	"fmt"
	"maps"
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
	rivals := against(results)
	fmt.Fprintf(&s, "%s, %d cores, %s, %s, %s; %s, `%s`.\n", m.Processor, m.Cores, m.System, m.Go, m.Backend, day, command)
	if v := versions(results); v != "" {
		fmt.Fprintf(&s, "Rivals: %s.\n", v)
	}
	s.WriteString(`
Milliseconds of one step, median (least to most); a ratio is the rival's median by ours, taken in turns. The floor is the larger of
operations by measured multiply-add peak and bytes by measured copy bandwidth, both of the best known algorithm (` + "`go doc -u ./bench fno`" + ` and
the like), and the share is floor by median. A name with a star: other processes used more than 5 % of the machine. Memory is what ours plans, and a rival's growth of resident memory after its imports.

`)
	row := func(cells ...string) { fmt.Fprintf(&s, "| %s |\n", strings.Join(cells, " | ")) }
	head := []string{"entry", "ours"}
	head = append(head, rivals...)
	for _, name := range rivals {
		head = append(head, name+" by ours")
	}
	head = append(head, "GFLOP/s", "floor", "share", "1 → all threads", strings.Join(append([]string{"MB ours"}, rivals...), " / "), "allocations")
	row(head...)
	fmt.Fprintf(&s, "|%s\n", strings.Repeat("---|", len(head)))
	for _, r := range results {
		cells := []string{r.Name, span(&r.Times)}
		if r.Busy() {
			cells[0] += " *"
		}
		memory := []string{megabytes(r.BytesPeak)}
		for _, name := range rivals {
			cells, memory = append(cells, span(r.Rivals[name].Times)), append(memory, megabytes(r.Rivals[name].BytesPeak))
		}
		for _, name := range rivals {
			cells = append(cells, ratio(r.Rivals[name].Ratio))
		}
		row(append(cells, known(r.GFLOPS, "%.0f"), short(r.FloorMS), known(100*r.RooflineShare, "%.0f %%"), scaling(r), strings.Join(memory, " / "), allocations(r))...)
	}
	if c := farthest(results); c.Steps > 0 {
		fmt.Fprintf(&s, "\nBefore it is timed, a rival starts from our weights on our batch in exact arithmetic; its first %d losses are ours within %.2g of themselves.\n", c.Steps, c.Difference)
	}
	if v := variants(results); v != "" {
		fmt.Fprintf(&s, "\nWhere a rival has several ways, its fastest: %s.\n", v)
	}
	return s.String()
}

// Against lists the rivals of a result in the order of their names, torch first.
func (r Result) Against() []string {
	names := slices.Collect(maps.Keys(r.Rivals))
	slices.SortFunc(names, func(a, b string) int {
		base := func(name string) int { return slices.Index(RivalNames(), strings.SplitN(name, "-", 2)[0]) }
		return cmp.Or(base(a)-base(b), cmp.Compare(a, b))
	})
	return names
}

// against lists the rivals of all results.
func against(results []Result) []string {
	all := Result{Rivals: map[string]Rival{}}
	for _, r := range results {
		maps.Copy(all.Rivals, r.Rivals)
	}
	return all.Against()
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
		if v.Missing == noCounterpart {
			return ""
		}
		if v.Missing != "" {
			return name + ": " + v.Missing
		}
		return name + " " + v.Version
	})
	return strings.Join(list, ", ")
}

// farthest is the comparison of losses that came out worst.
func farthest(results []Result) (worst Curve) {
	for _, r := range results {
		for _, v := range r.Rivals {
			if v.Curve != nil && !(v.Curve.Difference < worst.Difference) {
				worst = *v.Curve
			}
		}
	}
	return worst
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
		for _, name := range r.Against() {
			if text := say(name, r.Rivals[name]); text != "" {
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
