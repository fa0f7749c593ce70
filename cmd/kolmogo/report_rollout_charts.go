package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/eval"
)

// growthFigure is error and correlation against time.
func (p *rolloutPage) growthFigure(list *[]eval.Figure) error {
	one := p.runs[0]
	errors := eval.Chart{Title: "relative L2 error", X: one.label(), LogY: true}
	correlations := eval.Chart{Title: "correlation with the truth", X: one.label()}
	for _, c := range one.report.CorrelationTime {
		correlations.Levels = append(correlations.Levels, c.Threshold)
	}
	compared := false
	for _, r := range p.runs {
		compared = compared || r.report.Compared > 0
		errors.Lines = append(errors.Lines, r.growth.RelL2.Line(r.name, r.series, r.at(), math.Inf(1)))
		correlations.Lines = append(correlations.Lines, r.growth.Correlation.Line(r.name, r.series, r.at(), -1))
		if g := r.growth.NonFinite; len(g) > 0 {
			errors.Marks = append(errors.Marks, eval.Mark{X: r.at()[g[0].Step-1], Series: r.series, Text: fmt.Sprintf("not finite: %d of %d", len(g), r.report.N)})
		}
	}
	if !compared {
		return nil
	}
	return addFigure(list, "growth", fmt.Sprintf("How predictions of %d trajectories are lost: median over trajectories, and the band from the 10 %% to the 90 %% quantile. Dashes mark the correlations whose times the table gives.", one.report.N),
		eval.Charts{Title: "Error and correlation", Panels: []eval.Chart{errors, correlations}})
}

// shells are the wavenumbers of a spectrum from 1 on, and the values there.
func shells(e []float64) (k, values []float64) {
	for i := 1; i < len(e); i++ {
		k, values = append(k, float64(i)), append(values, e[i])
	}
	return k, values
}

// spectraSteps are the steps at which the first run has spectra, at most four, the last ones.
func (p *rolloutPage) spectraSteps() []int {
	at := p.runs[0].spectra.At
	var steps []int
	for _, s := range at[max(0, len(at)-4):] {
		steps = append(steps, s.Step)
	}
	return steps
}

// spectraOf is the spectra of a run at a step.
func (s *shown) spectraOf(step int) (eval.SpectraAt, bool) {
	for _, at := range s.spectra.At {
		if at.Step == step {
			return at, true
		}
	}
	return eval.SpectraAt{}, false
}

// stepTitle names a step.
func (s *shown) stepTitle(step int) string {
	if s.times == nil || step > len(s.times) {
		return fmt.Sprintf("step %d", step)
	}
	return fmt.Sprintf("step %d, time %.5g", step, s.times[step-1])
}

// spectraFigure is the energy by wavenumber at several times.
func (p *rolloutPage) spectraFigure(list *[]eval.Figure) error {
	var panels []eval.Chart
	for _, step := range p.spectraSteps() {
		c := eval.Chart{Title: p.runs[0].stepTitle(step), X: "wavenumber", LogX: true, LogY: true}
		if len(panels) == 0 {
			c.Y = "energy"
		}
		for _, r := range p.runs {
			at, ok := r.spectraOf(step)
			if !ok {
				continue
			}
			if at.Target != nil && len(c.Lines) == 0 {
				k, e := shells(at.Target)
				c.Lines = append(c.Lines, eval.Line{Name: "truth", X: k, Y: e})
			}
			k, e := shells(at.Pred)
			c.Lines = append(c.Lines, eval.Line{Name: r.name, Series: r.series, X: k, Y: e})
			if at.Target != nil {
				if m := eval.ResolvedMode(at.Pred, at.Target, resolvedFactor); m > 0 && m < len(at.Pred)-1 {
					c.Marks = append(c.Marks, eval.Mark{X: float64(m), Text: fmt.Sprintf("%d", m), Series: r.series})
				}
			}
		}
		panels = append(panels, c)
	}
	if len(panels) == 0 {
		return nil
	}
	return addFigure(list, "spectra", "Energy by wavenumber, in periods of the box, averaged over trajectories. Dotted lines: the highest mode up to which every amplitude is within a factor 1.5 of the truth's.",
		eval.Charts{Title: "Spectra", Panels: panels, SharedY: true})
}

// negligible is the share of the most energetic scale's energy below which a scale has no relative error to speak of.
const negligible = 1e-12

// scaleFigure is the relative error by wavenumber.
func (p *rolloutPage) scaleFigure(list *[]eval.Figure) error {
	var panels []eval.Chart
	for _, step := range p.spectraSteps() {
		c := eval.Chart{Title: p.runs[0].stepTitle(step), X: "wavenumber", LogX: true, LogY: true, Levels: []float64{1}}
		if len(panels) == 0 {
			c.Y = "relative error"
		}
		for _, r := range p.runs {
			at, ok := r.spectraOf(step)
			if !ok || at.Target == nil {
				continue
			}
			k, e := shells(at.Error)
			_, t := shells(at.Target)
			for i := range e {
				e[i] = math.Sqrt(e[i] / t[i])
				if !(t[i] > negligible*slices.Max(t)) {
					e[i] = math.NaN()
				}
			}
			c.Lines = append(c.Lines, eval.Line{Name: r.name, Series: r.series, X: k, Y: e})
		}
		if len(c.Lines) > 0 {
			panels = append(panels, c)
		}
	}
	if len(panels) == 0 {
		return nil
	}
	return addFigure(list, "error_by_scale", "Amplitude of the error over that of the truth by wavenumber: above the dashed line a scale is predicted worse than by zero.",
		eval.Charts{Title: "Error by scale", Panels: panels, SharedY: true})
}

// statisticsFigure is distributions of values and the correlation in space, over the second half of the rollout.
func (p *rolloutPage) statisticsFigure(list *[]eval.Figure) error {
	one := p.runs[0]
	channel := one.set.Meta.Channels[one.kept.channel]
	density := eval.Chart{Title: "density of " + channel, X: channel, LogY: true}
	correlation := eval.Chart{Title: "correlation in space", X: "distance along " + spaceAxes(one.set)[0].Name}
	line := func(l *long, name string, series int, r *shown) {
		d := eval.Line{Name: name, Series: series}
		for i, v := range l.histogram.Density() {
			if v > 0 {
				d.X, d.Y = append(d.X, l.histogram.Centre(i)), append(d.Y, v)
			}
		}
		density.Lines = append(density.Lines, d)
		if l.correlation == nil {
			return
		}
		axis := spaceAxes(r.set)[0]
		c := eval.Line{Name: name, Series: series}
		for i, v := range l.correlation.Along(0) {
			distance := float64(i)
			if axis.Max > axis.Min {
				distance *= (axis.Max - axis.Min) / float64(max(r.report.Resolution[0]-1, 1))
			}
			c.X, c.Y = append(c.X, distance), append(c.Y, v)
		}
		correlation.Lines = append(correlation.Lines, c)
	}
	if one.report.Compared > 1 {
		line(&one.stored, "truth", 0, one)
	}
	for _, r := range p.runs {
		line(&r.predicted, r.name, r.series, r)
	}
	panels := []eval.Chart{density}
	if len(correlation.Lines) > 0 {
		panels = append(panels, correlation)
	}
	return addFigure(list, "statistics", "Distribution of values, and correlation between points by their distance, over the second half of the rollout.",
		eval.Charts{Title: "Long-run statistics", Panels: panels})
}

// driftFigure is what an equation may conserve, and its residual, against time.
func (p *rolloutPage) driftFigure(list *[]eval.Figure) error {
	one := p.runs[0]
	channel := one.kept.channel
	name := one.set.Meta.Channels[channel]
	mean := eval.Chart{Title: "drift of the mean of " + name, X: one.label(), LogY: true}
	energy := eval.Chart{Title: "mean square of " + name, X: one.label()}
	residual := eval.Chart{Title: "residual of the equation", X: one.label(), LogY: true}
	add := func(l *long, name string, series int, r *shown) {
		times := r.at()
		mean.Lines = append(mean.Lines, l.invariants.MeanDrift(channel).Line(name, series, times, math.Inf(1)))
		energy.Lines = append(energy.Lines, l.invariants.Square[channel][1:].Line(name, series, times, math.Inf(1)))
		if l.residuals == nil {
			return
		}
		at := make([]float64, len(l.residuals.At))
		for i, step := range l.residuals.At {
			at[i] = times[step-1]
		}
		residual.Lines = append(residual.Lines, l.residuals.Curves.Line(name, series, at, math.Inf(1)))
	}
	if one.report.Compared > 0 {
		add(&one.stored, "truth", 0, one)
	}
	for _, r := range p.runs {
		add(&r.predicted, r.name, r.series, r)
	}
	panels := []eval.Chart{mean, energy}
	caption := "Median over trajectories and the band from the 10 % to the 90 % quantile: change of the mean in units of the initial root mean square; mean square."
	if len(residual.Lines) > 0 {
		panels = append(panels, residual)
		caption += " Right: relative error of each single step against the equation's solver, started at the frame before; the truth has one too, being stored on fewer points in single precision."
	}
	return addFigure(list, "conservation", caption, eval.Charts{Title: "Conservation and residual", Panels: panels})
}
