package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Training is the picture of a training log.
type Training struct {
	Title string
	Log   []LogPoint
}

// Rows are the steps with what was logged at each.
func (t Training) Rows() [][]string {
	rows := [][]string{{"step", "loss", "valid", "lr"}}
	for _, p := range t.Log {
		rows = append(rows, cells(p.Step, p.Loss, p.Valid, p.LR))
	}
	return rows
}

// Plot draws training and validation loss on a logarithmic scale over the learning rate, against steps, as PNG.
func (t Training) Plot() ([]byte, error) {
	if len(t.Log) == 0 {
		return nil, fmt.Errorf("eval: plot of training: the log has no steps")
	}
	title, log := t.Title, slices.Clone(t.Log)
	slices.SortStableFunc(log, func(a, b LogPoint) int { return cmp.Compare(a.Step, b.Step) })
	const width, height, strip = 6.5 * vg.Inch, 3.4 * vg.Inch, 18
	f := newFigure(width, height)
	above := newPlot("", "", "loss")
	below := newPlot("", "step", "learning rate")
	below.Y.Tick.Marker = linearTicks{2}
	var losses, valids, rates []float64
	for _, p := range log {
		losses, valids, rates = append(losses, p.Loss), append(valids, p.Valid), append(rates, p.LR)
	}
	y := logSpan(losses, valids)
	logAxis(&above.Y, y)
	addGrid(above)
	addGrid(below)
	step := func(i int) float64 { return log[i].Step }
	train, valid := stroke(1.1, blue), stroke(1.5, orange, 5, 3)
	if err := addLog(above, losses, step, train); err != nil {
		return nil, err
	}
	entries := []keyEntry{{"training", train, nil}}
	if points := finitePoints(log, func(p LogPoint) float64 { return positive(p.Valid) }); len(points) > 0 {
		if err := addMarked(above, points, valid); err != nil {
			return nil, err
		}
		entries = append(entries, keyEntry{"validation", valid, nil})
	}
	if points := finitePoints(log, func(p LogPoint) float64 { return p.LR }); len(points) > 0 {
		line, err := plotter.NewLine(points)
		if err != nil {
			return nil, fmt.Errorf("eval: plot of training: %w", err)
		}
		line.LineStyle = stroke(1.1, ink)
		below.Add(line)
	}
	x := spanOf([]float64{log[0].Step, log[len(log)-1].Step})
	for _, p := range []*plot.Plot{above, below} {
		p.X.Min, p.X.Max = x.least, x.most
		p.X.Tick.Marker = linearTicks{7}
	}
	above.Y.Min, above.Y.Max = y.least, y.most
	below.Y.Min, below.Y.Max = 0, 1.1*max(spanOf(rates).most, 0)
	top := f.box(6, height-strip-4, width-14, strip)
	headline(top, title)
	key(top, entries)
	f.drawPair(above, below, width, height-strip)
	return f.png()
}

// positive is v where a logarithmic axis can show it, else NaN.
func positive(v float64) float64 {
	if v > 0 {
		return v
	}
	return math.NaN()
}

// finitePoints are the steps at which a value was logged.
func finitePoints(log []LogPoint, value func(LogPoint) float64) plotter.XYs {
	var points plotter.XYs
	for _, p := range log {
		if v := value(p); !math.IsNaN(v) && !math.IsInf(v, 0) {
			points = append(points, plotter.XY{X: p.Step, Y: v})
		}
	}
	return points
}

// addMarked adds a curve with a ring at every point, if there are few; only positive values can be shown.
func addMarked(p *plot.Plot, points plotter.XYs, style draw.LineStyle) error {
	points = slices.DeleteFunc(points, func(xy plotter.XY) bool { return !(xy.Y > 0) })
	if len(points) == 0 {
		return nil
	}
	line, marks, err := plotter.NewLinePoints(points)
	if err != nil {
		return fmt.Errorf("eval: plot of training: %w", err)
	}
	line.LineStyle = style
	p.Add(line)
	if len(points) <= 40 {
		marks.GlyphStyle = draw.GlyphStyle{Color: style.Color, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}
		p.Add(marks)
	}
	return nil
}
