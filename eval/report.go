package eval

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strconv"
	"strings"
)

// Report is a page about a run. Sections without content are left out.
type Report struct {
	Title       string          // the run
	Subtitle    string          // one line: equation, model, parameters
	Headline    []Fact          // the few numbers that matter, shown large
	Metrics     []MetricRow     // values on the test set
	Resolutions ResolutionTable // the same weights on other grids
	Training    []Figure
	Samples     []Figure
	Rollout     []Figure
	Config      string // the resolved configuration as YAML
	Manifest    []Fact // versions, revision, device, data fingerprints, seed
	Files       []Fact // what the run wrote, and what each file is
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

// Figure is a picture with its caption, which also describes it to those who do not see it.
type Figure struct {
	Caption string
	PNG     []byte
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
	page, err := template.New("report").Funcs(template.FuncMap{
		"number": formatValue,
		"bad":    func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) },
		"inline": func(png []byte) template.URL {
			return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
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
