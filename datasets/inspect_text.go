package datasets

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// textRows is the number of rows of a list that Text shows.
const textRows = 30

// Text renders the report for a terminal.
func (r Report) Text() string {
	var b strings.Builder
	r.write(&b)
	if r.Config != "" {
		fmt.Fprintf(&b, "\na configuration to begin with:\n\n%s", r.Config)
	}
	return b.String()
}

func (r Report) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s", r.Path, r.Format)
	if f := r.Fingerprint; f != nil {
		fmt.Fprintf(b, ", %d bytes, sha256 %.16s", f.Size, f.SHA256)
		if f.Sampled {
			b.WriteString(" (of samples)")
		}
	}
	b.WriteByte('\n')
	r.writeArrays(b)
	names := slices.Sorted(maps.Keys(r.Metadata))
	for _, name := range names[:min(textRows, len(names))] {
		fmt.Fprintf(b, "  %s = %.60s\n", name, strings.Join(strings.Fields(r.Metadata[name]), " "))
	}
	if r.View != nil {
		r.View.write(b)
	}
	if r.Problem != "" {
		fmt.Fprintf(b, "problem: %s\n", r.Problem)
	}
	for _, file := range r.Files {
		file.write(b)
	}
}

func (r Report) writeArrays(b *strings.Builder) {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for i, a := range r.Arrays {
		if i == textRows {
			fmt.Fprintf(table, "  and %d more\n", len(r.Arrays)-i)
			break
		}
		name := a.Name
		if name == "" {
			name = "(no name)"
		}
		if a.Problem != "" {
			fmt.Fprintf(table, "  %s\t%s\n", name, a.Problem)
			continue
		}
		fmt.Fprintf(table, "  %s\t%s\t%v\n", name, a.Dtype, a.Shape)
	}
	table.Flush()
}

func (v *ViewReport) write(b *strings.Builder) {
	var axes []string
	for _, a := range v.Meta.Axes {
		axes = append(axes, a.Name)
	}
	space := strings.Join(axes, ", ")
	if v.Fields != nil {
		fmt.Fprintf(b, "view: trajectories [trajectory, time, %s, channel] = %v", space, v.Fields)
	} else {
		fmt.Fprintf(b, "view: pairs [trajectory, %s, channel], inputs %v, outputs %v", space, v.Inputs, v.Outputs)
	}
	for _, key := range []struct{ label, value string }{
		{"fields", v.Keys.Fields}, {"input", v.Keys.Input}, {"target", v.Keys.Target}, {"time", v.Keys.Time},
		{"axes", v.Keys.Axes}, {"target axes", v.Keys.TargetAxes},
	} {
		if key.value != "" {
			fmt.Fprintf(b, "; %s %s", key.label, key.value)
		}
	}
	b.WriteByte('\n')
	if t := v.Meta.Times; len(t) > 0 {
		fmt.Fprintf(b, "  time\t%g to %g, %d frames\n", t[0], t[len(t)-1], len(t))
	}
	for _, a := range v.Meta.Axes {
		if n := len(a.Coords); n > 0 {
			fmt.Fprintf(b, "  %s\t%g to %g, %d points", a.Name, a.Coords[0], a.Coords[n-1], n)
			if a.Low != "" || a.High != "" {
				fmt.Fprintf(b, ", %s and %s", a.Low, a.High)
			}
			b.WriteByte('\n')
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.Meta.Parameters)) {
		fmt.Fprintf(b, "  %s = %g\n", name, v.Meta.Parameters[name])
	}
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, s := range []struct {
		of string
		*Statistics
	}{{"input", v.Input}, {"output", v.Output}} {
		if s.Statistics == nil {
			continue
		}
		fmt.Fprintf(table, "%s\tmean\tstd\tmin\tmax\t\n", s.of)
		for _, c := range s.Channels {
			fmt.Fprintf(table, "%s\t%.4g\t%.4g\t%.4g\t%.4g\t\n", c.Name, c.Mean, c.Std, c.Min, c.Max)
		}
	}
	table.Flush()
}
