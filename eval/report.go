package eval

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"io"
	"math"
	"strconv"
	"strings"
)

// Report is a page about a run, or about several side by side. Parts without content are left out.
type Report struct {
	Title       string          // the run
	Subtitle    string          // one line: equation, model, parameters
	Headline    []Fact          // the few numbers that matter, shown large
	Metrics     []MetricRow     // values on the test set
	Resolutions ResolutionTable // the same weights on other grids
	Sections    []Section
	Runs        []RunFacts
}

// Section is a part of the page under a title.
type Section struct {
	Title   string
	Text    string   // a paragraph that says what is shown and how it was computed
	Notes   []string // what is missing or has no value
	Tables  []Table
	Figures []Figure
}

// Table has a row for each of several things; its cells are text.
type Table struct {
	Caption string
	Columns []string
	Rows    []TableRow
}

// TableRow is a line; with a series above 0 its name has the colour of that series in figures.
type TableRow struct {
	Name   string
	Series int
	Cells  []string
}

// RunFacts is where a run comes from.
type RunFacts struct {
	Name     string
	Series   int
	Config   string // the resolved configuration as YAML
	Manifest []Fact // versions, revision, device, data fingerprints, seed
	Files    []Fact // what the run wrote, and what each file is
}

// Fact is a name with its value.
type Fact struct{ Name, Value string }

// MetricRow is a line of the table of metrics. [MetricRows] makes them from results.
type MetricRow struct {
	Name, Doc string
	Value     float64
	Notes     []string // what had no value
}

// ResolutionTable has one row per grid and one column per metric.
type ResolutionTable struct {
	Columns []string
	Rows    []ResolutionRow
}

// ResolutionRow is a grid ("64", "85 × 85"), what there is to say about it ("as trained") and its values.
type ResolutionRow struct {
	Grid, Note string
	Values     []float64
}

// maxNotes is how many elements without a value a report names for each metric.
const maxNotes = 3

// MetricRows describes results for a report. The first few elements without a value are named, the others counted.
func MetricRows(results []Result) []MetricRow {
	docs := map[string]string{}
	for _, d := range Metrics() {
		docs[d.Name] = d.Doc
	}
	rows := make([]MetricRow, len(results))
	for i, r := range results {
		base, _, _ := strings.Cut(r.Name, "@")
		rows[i] = MetricRow{Name: r.Name, Doc: docs[base], Value: r.Value}
		for _, u := range r.Undefined[:min(maxNotes, len(r.Undefined))] {
			rows[i].Notes = append(rows[i].Notes, u.String())
		}
		if more := len(r.Undefined) - maxNotes; more > 0 {
			rows[i].Notes = append(rows[i].Notes, fmt.Sprintf("and %d more", more))
		}
	}
	return rows
}

//go:embed report.html
var reportPage string

// Write writes the page: one HTML file that needs nothing else, no script and no network.
func (r Report) Write(w io.Writer) error {
	for _, row := range r.Resolutions.Rows {
		if len(row.Values) != len(r.Resolutions.Columns) {
			return fmt.Errorf("eval: report: grid %s has %d values for %d columns", row.Grid, len(row.Values), len(r.Resolutions.Columns))
		}
	}
	for _, section := range r.Sections {
		for _, t := range section.Tables {
			for _, row := range t.Rows {
				if len(row.Cells) != len(t.Columns) {
					return fmt.Errorf("eval: report: row %s of table %q has %d cells for %d columns", row.Name, t.Caption, len(row.Cells), len(t.Columns))
				}
			}
		}
	}
	figures := 0
	page, err := template.New("report").Funcs(template.FuncMap{
		"number": formatValue,
		"width":  cssWidth,
		"next":   func() int { figures++; return figures },
		"colours": func() template.CSS {
			var css strings.Builder
			for series := 1; series < len(palette); series++ {
				c := seriesColour(series)
				fmt.Fprintf(&css, ".s%d { --series: #%02x%02x%02x; }\n", series, c.R, c.G, c.B)
			}
			return template.CSS(css.String())
		},
		"class": func(series int) string { return fmt.Sprintf("s%d", 1+(series-1)%(len(palette)-1)) },
		"bad":   func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) },
		"inline": func(f Figure) template.URL {
			return template.URL("data:image/" + f.Suffix() + ";base64," + base64.StdEncoding.EncodeToString(f.Image))
		},
	}).Parse(reportPage)
	if err != nil {
		return fmt.Errorf("eval: report: %w", err)
	}
	if err := page.Execute(w, r); err != nil {
		return fmt.Errorf("eval: report: %w", err)
	}
	return nil
}

// cssWidth is the width of a picture in CSS pixels, of which figures have two dots each; 0 if it cannot be read.
func cssWidth(f Figure) int {
	size, kind, err := image.DecodeConfig(bytes.NewReader(f.Image))
	if err != nil {
		return 0
	}
	if kind == "png" {
		return size.Width * 96 / dotsPerInch
	}
	return size.Width
}

// formatValue writes four significant digits, with an exponent only below 1e-4 and from 1e6 on.
func formatValue(v float64) string {
	switch a := math.Abs(v); {
	case v == 0:
		return "0"
	case a >= 1e-4 && a < 1e6:
		digits := max(0, 3-int(math.Floor(math.Log10(a))))
		return strconv.FormatFloat(v, 'f', digits, 64)
	case math.IsNaN(v) || math.IsInf(v, 0):
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'e', 3, 64)
}
