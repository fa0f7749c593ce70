package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/eval"
)

// rolloutPage collects runs after their rollouts, and is the page that shows them side by side.
type rolloutPage struct {
	runs      []*shown
	ensembles []*ensemble
	facts     []eval.RunFacts
	first     eval.Report // what the folder of a single run tells
}

// shown is a run with its place in the figures.
type shown struct {
	*rolled
	report rolloutReport
	name   string
	series int
	log    []eval.LogPoint
	judged evalReport // eval.json, if there is one
}

// add takes a run after its rollout.
func (p *rolloutPage) add(run *trained, r *rolled, report rolloutReport) error {
	page, err := runPage(run, report.Report)
	if err != nil {
		return err
	}
	s := &shown{rolled: r, report: report, name: run.config.Name, series: len(p.runs) + 1}
	if slices.ContainsFunc(p.runs, func(other *shown) bool { return other.name == s.name }) {
		s.name = run.folder
	}
	if s.log, err = trainingLog(run.folder); err != nil {
		return err
	}
	if s.judged, err = readEvaluation(run.folder); err != nil {
		return err
	}
	p.first = page
	facts := page.Runs[0]
	facts.Name, facts.Series = s.name, s.series
	p.runs, p.facts = append(p.runs, s), append(p.facts, facts)
	return nil
}

// write makes the page and its figures' files, if they are asked for.
func (p *rolloutPage) write(path, figures string) error {
	page := p.first
	page.Runs = p.facts
	rollout, err := p.rollout()
	if err != nil {
		return err
	}
	if len(p.runs) > 1 {
		page, err = p.sideBySide()
		if err != nil {
			return err
		}
	} else {
		page.Headline = append(page.Headline, p.runs[0].headline()...)
	}
	if len(p.ensembles) > 0 {
		section, err := p.uncertaintySection()
		if err != nil {
			return err
		}
		rollout = append(rollout, section)
	}
	page.Sections = append(rollout, page.Sections...)
	if figures != "" {
		if err := writeFigures(figures, page); err != nil {
			return err
		}
	}
	if path == "" {
		return nil
	}
	return writePage(path, page)
}

// sideBySide is what the folders of several runs tell.
func (p *rolloutPage) sideBySide() (eval.Report, error) {
	var names []string
	for _, r := range p.runs {
		names = append(names, r.name)
	}
	one := p.runs[0].report
	page := eval.Report{
		Title:    strings.Join(names, " · "),
		Subtitle: fmt.Sprintf("%d runs side by side: %d trajectories on %s points, up to %d steps", len(p.runs), one.N, gridName(one.Resolution), one.Steps),
		Runs:     p.facts,
	}
	section := eval.Section{Title: "One step and training"}
	if t := p.metricTable(); len(t.Columns) > 0 {
		section.Tables = append(section.Tables, t)
	}
	losses := eval.Chart{X: "step", Y: "training loss", LogY: true}
	for _, r := range p.runs {
		l := eval.Line{Name: r.name, Series: r.series}
		for _, point := range r.log {
			l.X, l.Y = append(l.X, point.Step), append(l.Y, point.Loss)
		}
		losses.Lines = append(losses.Lines, l)
	}
	err := addFigure(&section.Figures, "training", "Training loss by step. Losses of different kinds do not compare.", eval.Charts{Title: "Training", Panels: []eval.Chart{losses}})
	page.Sections = append(page.Sections, section)
	return page, err
}

// headline is the numbers of a single run that matter.
func (s *shown) headline() []eval.Fact {
	var facts []eval.Fact
	if len(s.report.CorrelationTime) > 0 {
		c := s.report.CorrelationTime[0]
		facts = append(facts, eval.Fact{Name: fmt.Sprintf("correlation above %g, %s [95 %%]", c.Threshold, s.unit()), Value: c.First.text()})
	}
	if n := s.report.Compared; n > 0 {
		facts = append(facts, eval.Fact{Name: fmt.Sprintf("relative L2 error after %d steps", n), Value: fmt.Sprintf("%.3g", s.report.RelL2[n-1])})
	}
	return facts
}

// unit is what times are counted in.
func (r *rolled) unit() string {
	if r.times == nil {
		return "steps"
	}
	return "time"
}

// at is the time of each step.
func (r *rolled) at() []float64 {
	if r.times != nil {
		return r.times
	}
	steps := make([]float64, r.steps)
	for i := range steps {
		steps[i] = float64(i + 1)
	}
	return steps
}

// label is the name of the axis of time.
func (r *rolled) label() string {
	if r.times == nil {
		return "step"
	}
	return "time"
}

// rollout is the section of rollouts.
func (p *rolloutPage) rollout() ([]eval.Section, error) {
	one := p.runs[0]
	text := fmt.Sprintf("%d trajectories of %s (%s), %d steps of Δt = %.4g; %d of them have stored frames to compare with. ",
		one.report.N, one.set.Meta.Name, one.source(), one.steps, one.report.Dt, one.report.Compared)
	text += "Intervals are 95 % by bootstrap over trajectories."
	for _, r := range p.runs[1:] {
		if r.set.Path != one.set.Path || r.report.N != one.report.N || !slices.Equal(r.report.Resolution, one.report.Resolution) {
			text += fmt.Sprintf(" %s is judged on other data: %d trajectories of %s on %s points.", r.name, r.report.N, r.set.Path, gridName(r.report.Resolution))
		}
	}
	section := eval.Section{Title: "Rollout", Text: text, Tables: p.tables()}
	for _, r := range p.runs {
		for _, line := range r.report.remarks() {
			section.Notes = append(section.Notes, r.name+": "+line)
		}
	}
	for _, draw := range []func(*[]eval.Figure) error{p.pictures, p.growthFigure, p.spectraFigure, p.scaleFigure} {
		if err := draw(&section.Figures); err != nil {
			return nil, err
		}
	}
	statistics := eval.Section{Title: "Statistics and conservation", Tables: p.statisticsTables(),
		Text: "What remains to be judged where single trajectories cannot be predicted any more: distributions over the second half of the rollout, what the equation may conserve, and the equation itself."}
	for _, draw := range []func(*[]eval.Figure) error{p.statisticsFigure, p.driftFigure} {
		if err := draw(&statistics.Figures); err != nil {
			return nil, err
		}
	}
	return []eval.Section{section, statistics}, nil
}

func (s *shown) source() string {
	if s.report.Data != "" {
		return s.report.Data
	}
	return s.report.Split + " split"
}

// pick is a trajectory to show, by its place among those whose frames are kept.
type pick struct {
	kept, trajectory int
	why              string
}

// typical are, of the trajectories that are kept, those of median and of largest error at the last step that can be compared.
func (s *shown) typical() []pick {
	order := make([]int, len(s.kept.trajectories))
	for i := range order {
		order[i] = i
	}
	if s.report.Compared == 0 {
		return []pick{{0, s.kept.trajectories[0], ""}}
	}
	errors := s.growth.RelL2[len(s.growth.RelL2)-1]
	size := func(i int) float64 {
		e := errors[s.kept.trajectories[i]]
		if math.IsNaN(e) {
			return math.Inf(1)
		}
		return e
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(size(a), size(b)) })
	list := []pick{{order[len(order)/2], s.kept.trajectories[order[len(order)/2]], "median"}}
	if last := order[len(order)-1]; last != list[0].kept {
		list = append(list, pick{last, s.kept.trajectories[last], "largest"})
	}
	return list
}
