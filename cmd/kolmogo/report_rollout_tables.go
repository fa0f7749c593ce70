package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/eval"
)

// text is "23.9 [23.3, 24.5]".
func (i interval) text() string {
	return eval.Interval{Value: float64(i.Value), Low: float64(i.Low), High: float64(i.High)}.String()
}

// short is a number in a table.
func short(v number) string { return fmt.Sprintf("%.3g", float64(v)) }

// tables are the numbers of the rollouts: how long predictions hold, and how well scales are predicted.
func (p *rolloutPage) tables() []eval.Table {
	one := p.runs[0]
	keys := eval.Table{Caption: fmt.Sprintf("How long predictions hold, in %s: mean over trajectories of the first crossing of a correlation, and PDEArena's count of the mean correlation.", one.unit())}
	for _, c := range one.report.CorrelationTime {
		keys.Columns = append(keys.Columns, fmt.Sprintf("first below %g", c.Threshold), fmt.Sprintf("count above %g", c.Threshold))
	}
	errors := eval.Table{
		Caption: "Relative L2 error, its exponential growth per unit of time until it saturates, and the trajectories that left the finite numbers.",
		Columns: []string{"step 1", "last step", "growth rate", "not finite"},
	}
	scales := eval.Table{Caption: "Relative error by scale, in three bands of wavenumbers, and the highest resolved mode.", Columns: []string{"low", "mid", "high", "resolved mode"}}
	for _, r := range p.runs {
		row := eval.TableRow{Name: r.name, Series: r.series}
		for _, c := range r.report.CorrelationTime {
			first := c.First.text()
			if c.Censored > 0 {
				first = "≥ " + first
			}
			row.Cells = append(row.Cells, first, c.Count.text())
		}
		for range len(keys.Columns) - len(row.Cells) {
			row.Cells = append(row.Cells, "–")
		}
		keys.Rows = append(keys.Rows, row)
		rate, begin, end := "–", "–", "–"
		if g := r.report.GrowthRate; g != nil {
			rate = g.text()
		}
		if n := r.report.Compared; n > 0 {
			begin, end = short(r.report.RelL2[0]), short(r.report.RelL2[n-1])
		}
		lost := fmt.Sprintf("%d of %d", len(r.report.NonFinite), r.report.N)
		errors.Rows = append(errors.Rows, eval.TableRow{Name: r.name, Series: r.series, Cells: []string{begin, end, rate, lost}})
		for i, s := range r.report.Spectra {
			few := len(p.runs) > 2 && i > 0 && i != len(r.report.Spectra)/2 && i < len(r.report.Spectra)-1
			if s.Bands == nil || few {
				continue
			}
			cells := []string{}
			for _, band := range bandNames {
				cells = append(cells, short(s.Bands[band]))
			}
			scales.Rows = append(scales.Rows, eval.TableRow{Name: fmt.Sprintf("%s, step %d", r.name, s.Step), Series: r.series, Cells: append(cells, fmt.Sprint(s.Resolved))})
		}
	}
	var all []eval.Table
	if len(keys.Columns) > 0 {
		all = append(all, keys)
	}
	if all = append(all, errors); len(scales.Rows) > 0 {
		all = append(all, scales)
	}
	return all
}

// statisticsTables are drift, residual and the distance of distributions at the end.
func (p *rolloutPage) statisticsTables() []eval.Table {
	t := eval.Table{Caption: "At the last step: the largest drift of a trajectory's mean (in units of its initial root mean square) and of its mean square; the mean residual; and the distance W₁ of the values' distributions over the second half, over the truth's root mean square."}
	one := p.runs[0]
	for _, d := range one.report.Drift {
		t.Columns = append(t.Columns, "mean of "+d.Channel, "square of "+d.Channel)
	}
	t.Columns = append(t.Columns, "residual", "W₁")
	truth := eval.TableRow{Name: "truth"}
	for _, d := range one.report.Drift {
		if d.TruthMean != nil {
			truth.Cells = append(truth.Cells, short(*d.TruthMean), short(*d.TruthSquare))
		}
	}
	if len(truth.Cells) > 0 {
		residual := "–"
		for _, e := range one.report.Residual {
			if e.Truth != nil {
				residual = short(*e.Truth)
			}
		}
		truth.Cells = append(truth.Cells, residual, "0")
		t.Rows = append(t.Rows, truth)
	}
	for _, r := range p.runs {
		row := eval.TableRow{Name: r.name, Series: r.series}
		for _, d := range r.report.Drift[:min(len(r.report.Drift), len(one.report.Drift))] {
			row.Cells = append(row.Cells, short(d.Mean), short(d.Square))
		}
		residual, distance := "–", "–"
		if n := len(r.report.Residual); n > 0 {
			residual = short(r.report.Residual[n-1].Value)
		}
		if w := r.report.HistogramW1; w != nil {
			distance = short(*w)
		}
		for range len(t.Columns) - 2 - len(row.Cells) {
			row.Cells = append(row.Cells, "–")
		}
		row.Cells = append(row.Cells, residual, distance)
		t.Rows = append(t.Rows, row)
	}
	return []eval.Table{t}
}

// metricTable is the metrics of one step that all runs were judged by.
func (p *rolloutPage) metricTable() eval.Table {
	t := eval.Table{Caption: "Metrics of one step, from each run's eval.json."}
	for _, name := range slices.Sorted(maps.Keys(p.runs[0].judged.Metrics)) {
		shared := true
		for _, r := range p.runs {
			_, ok := r.judged.Metrics[name]
			shared = shared && ok
		}
		if shared {
			t.Columns = append(t.Columns, name)
		}
	}
	for _, r := range p.runs {
		row := eval.TableRow{Name: r.name, Series: r.series}
		if r.judged.Data != "" || r.judged.Split != "" {
			row.Name += " (" + strings.TrimSpace(r.judged.source()) + ")"
		}
		for _, name := range t.Columns {
			row.Cells = append(row.Cells, fmt.Sprintf("%.4g", r.judged.Metrics[name]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
