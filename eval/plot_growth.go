package eval

import (
	"fmt"
	"math"
	"slices"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PlotGrowth draws the error of a rollout against time on a logarithmic scale as PNG: the median over trajectories, the mean
// and the band from the 10 % to the 90 % quantile. time runs from the first step (Min) to the last (Max); its zero value
// counts steps. Where trajectories leave the finite numbers, the first such step is marked and said.
func PlotGrowth(title string, g *Growth, time Axis) ([]byte, error) {
	if len(g.RelL2) == 0 {
		return nil, fmt.Errorf("eval: plot of rollout error: there are no steps")
	}
	if time.Name == "" {
		time = Axis{Name: "step", Min: 1, Max: float64(len(g.RelL2))}
	}
	const width, height, strip = 6.5 * vg.Inch, 2.9 * vg.Inch, 18
	f := newFigure(width, height)
	p := newPlot("", time.label(), "relative L2 error")
	p.X.Tick.Marker = linearTicks{8}
	worst := math.Inf(1)
	low, median, high, average := g.RelL2.Quantile(0.1, worst), g.RelL2.Quantile(0.5, worst), g.RelL2.Quantile(0.9, worst), g.RelL2.Mean()
	y := logSpan(low, median, high, average)
	logAxis(&p.Y, y)
	addGrid(p)
	p.X.Min, p.X.Max = time.at(0, len(median)), time.at(len(median)-1, len(median))
	if p.X.Min == p.X.Max {
		p.X.Min, p.X.Max = p.X.Min-0.5, p.X.Max+0.5
	}
	band := make(plotter.XYs, 0, 2*len(low))
	for n, v := range low {
		band = append(band, plotter.XY{X: time.at(n, len(low)), Y: y.clip(v)})
	}
	for n, v := range slices.Backward(high) {
		band = append(band, plotter.XY{X: time.at(n, len(high)), Y: y.clip(v)})
	}
	area, err := plotter.NewPolygon(band)
	if err != nil {
		return nil, fmt.Errorf("eval: plot of rollout error: %w", err)
	}
	area.Color, area.LineStyle.Width = bandColour, 0
	p.Add(area)
	solid, dashed := stroke(1.6, blue), stroke(1.3, orange, 5, 3)
	for _, c := range []struct {
		v     []float64
		style draw.LineStyle
	}{{average, dashed}, {median, solid}} {
		if err := addLog(p, c.v, func(n int) float64 { return time.at(n, len(c.v)) }, c.style); err != nil {
			return nil, err
		}
	}
	p.Y.Min, p.Y.Max = y.least, y.most
	headlineBox := f.box(6, height-strip-4, width-14, strip)
	headline(headlineBox, title)
	key(headlineBox, []keyEntry{{"10–90 %", draw.LineStyle{}, bandColour}, {"median", solid, nil}, {"mean", dashed, nil}})
	data := vg.Rectangle{Min: vg.Point{X: leftMargin(p), Y: bottomMargin}, Max: vg.Point{X: width - 14, Y: height - strip - 8}}
	drawAt(p, f.page, data)
	if len(g.NonFinite) > 0 {
		body := f.page
		body.Rectangle = data
		markBlowup(p, body, g, time.at(g.NonFinite[0].Step-1, len(median)))
	}
	return f.png()
}

// markBlowup draws a line at the first step that is not finite and says how many trajectories are lost.
func markBlowup(p *plot.Plot, data draw.Canvas, g *Growth, x float64) {
	at := data.X(p.X.Norm(x))
	data.StrokeLine2(stroke(1, ink, 1, 2), at, data.Min.Y, at, data.Max.Y)
	s := textStyle(8, font.WeightNormal, ink)
	s.XAlign, s.YAlign = text.XRight, text.YTop
	offset := vg.Length(-4)
	if at < (data.Min.X+data.Max.X)/2 {
		s.XAlign, offset = text.XLeft, 4
	}
	data.FillText(s, vg.Point{X: at + offset, Y: data.Max.Y - 4},
		fmt.Sprintf("not finite: %d of %d trajectories", len(g.NonFinite), len(g.lost)))
}

// logSpan is the range of the finite positive values, widened by a little and to half a decade at least.
func logSpan(arrays ...[]float64) span {
	s := span{math.Inf(1), 0}
	for _, v := range arrays {
		for _, x := range v {
			if x > 0 && !math.IsInf(x, 0) {
				s.least, s.most = min(s.least, x), max(s.most, x)
			}
		}
	}
	if s.most == 0 {
		return span{0.1, 10}
	}
	grow := max(1.3, math.Sqrt(3.2/(s.most/s.least)))
	return span{max(s.least/grow, math.SmallestNonzeroFloat64), min(s.most*grow, math.MaxFloat64)}
}

// clip moves a value into the span; NaN goes to its top.
func (s span) clip(v float64) float64 {
	if !(v <= s.most) {
		return s.most
	}
	return max(v, s.least)
}

// logAxis makes an axis logarithmic over a span.
func logAxis(a *plot.Axis, s span) {
	a.Scale = plot.LogScale{}
	a.Tick.Marker = logTicks{}
	a.Min, a.Max = s.least, s.most
}

// addLog adds a curve to a plot with a logarithmic y axis, interrupted where it has no finite positive value.
func addLog(p *plot.Plot, v []float64, x func(i int) float64, style draw.LineStyle) error {
	var run plotter.XYs
	flush := func() error {
		if len(run) == 0 {
			return nil
		}
		line, err := plotter.NewLine(run)
		if err != nil {
			return fmt.Errorf("eval: plot curve: %w", err)
		}
		line.LineStyle = style
		p.Add(line)
		run = nil
		return nil
	}
	for i, y := range v {
		if y > 0 && !math.IsInf(y, 0) {
			run = append(run, plotter.XY{X: x(i), Y: y})
			continue
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return flush()
}
