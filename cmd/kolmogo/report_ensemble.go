package main

import (
	"fmt"

	"github.com/kolmogo/kolmogo/eval"
)

// uncertaintySection shows how far ensembles know their own errors.
func (p *rolloutPage) uncertaintySection() (eval.Section, error) {
	section := eval.Section{Title: "Uncertainty", Text: "Members of one ensemble predict the same trajectories. Skill is the root mean square error of their mean, spread their deviation from it (times √(1+1/members), so that both are equal where the ensemble is reliable), CRPS the fair continuous ranked probability score."}
	table := eval.Table{Columns: []string{"members", "skill / spread, step 1", "last step", "CRPS, step 1", "last step"}}
	for i, e := range p.ensembles {
		j := e.judged
		last := len(j.Skill) - 1
		if last < 0 {
			continue
		}
		row := eval.TableRow{Name: e.name, Cells: []string{fmt.Sprint(e.members)}}
		for _, v := range []float64{j.Calibration(0), j.Calibration(last), j.CRPS[0], j.CRPS[last]} {
			row.Cells = append(row.Cells, fmt.Sprintf("%.3g", v))
		}
		table.Rows = append(table.Rows, row)
		name := "uncertainty"
		if i > 0 {
			name += fmt.Sprintf("_%d", i+1)
		}
		caption := fmt.Sprintf("Ensemble of %s, %d members. Left: error of the mean beside the spread. Middle: how often the truth has each rank among the members; level where they are reliable, raised at the ends where they differ too little. Right: how often an event happens, by the share of members that say so; on the diagonal where forecasts are reliable.", e.name, e.members)
		if err := addFigure(&section.Figures, name, caption, e.charts()); err != nil {
			return section, err
		}
	}
	section.Tables = []eval.Table{table}
	return section, nil
}

// charts are spread and skill by time, the histogram of ranks and the reliability of events.
func (e *ensemble) charts() eval.Charts {
	j, m := e.judged, float64(e.members)
	times := e.times[:len(j.Skill)]
	spread := make([]float64, len(j.Spread))
	for i := range spread {
		spread[i] = j.Skill[i] / j.Calibration(i)
	}
	growth := eval.Chart{Title: "error and spread", X: e.label, LogY: true, Lines: []eval.Line{
		{Name: "skill", Series: 1, X: times, Y: j.Skill}, {Name: "spread", Series: 2, X: times, Y: spread}, {Name: "CRPS", Series: 3, X: times, Y: j.CRPS},
	}}
	total := 0.0
	for _, n := range j.Ranks {
		total += n
	}
	ranks := eval.Chart{Title: "rank of the truth", X: "members below", Levels: []float64{0, 1}}
	var steps eval.Line
	for i, n := range j.Ranks { // a staircase
		frequency := n / total * (m + 1)
		steps.X = append(steps.X, float64(i)-0.5, float64(i)+0.5)
		steps.Y = append(steps.Y, frequency, frequency)
	}
	steps.Series = 1
	ranks.Lines = []eval.Line{steps}
	reliability := eval.Chart{Title: "reliability", X: "share of members", Lines: []eval.Line{{Name: "reliable", X: []float64{0, 1}, Y: []float64{0, 1}}}}
	for i, v := range j.Events {
		l := eval.Line{Name: e.events[i], Series: 4 + i}
		for k, n := range v.Forecasts {
			if n > 0 {
				l.X, l.Y = append(l.X, float64(k)/m), append(l.Y, v.Events[k]/n)
			}
		}
		reliability.Lines = append(reliability.Lines, l)
	}
	return eval.Charts{Title: e.name, Panels: []eval.Chart{growth, ranks, reliability}}
}
