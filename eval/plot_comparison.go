package eval

import (
	"fmt"
	"math"

	"golang.org/x/image/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Comparison is one trajectory over space and time on a line, as the truth has it and as several surrogates predict it.
type Comparison struct {
	Title, Quantity string
	Time, Space     Axis
	Points          int       // of space
	Target          []float64 // [time, x]; nil where there is none
	Predictions     []Prediction
}

// Prediction is what one surrogate made of a trajectory; its series is its colour in other figures, and the time axis its own.
type Prediction struct {
	Name        string
	Series      int
	Values      []float64 // [time, x]
	Correlation []float64 // by time, where there is a truth
}

// Plot draws the truth above the predictions on one colour scale, the absolute error of each beside it, and the correlations with
// the truth in the upper right, all over one time axis, as PNG. Without truth there are the predictions alone.
func (c Comparison) Plot() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	const rowHeight, gap, axis, bar, right, headroom = 74, 12, 44, 44, 14, 16
	columns := 2
	if c.Target == nil {
		columns = 1
	}
	width := vg.Length(8.9 * vg.Inch)
	wide := (width - axis - vg.Length(columns)*(bar+right) - vg.Length(columns-1)*16) / vg.Length(columns)
	rows := len(c.Predictions)
	if c.Target != nil {
		rows++
	}
	entries := c.key()
	strip := stripHeight(c.Title, entries, width-14)
	height := strip + vg.Length(rows)*(rowHeight+gap+headroom) + 26
	f := newFigure(width, height)
	drawStrip(f.box(6, height-strip, width-14, strip), c.Title, entries)
	scale := spanOf(c.Target)
	if c.Target == nil {
		for i, p := range c.Predictions {
			if s := spanOf(p.Values); i == 0 {
				scale = s
			} else {
				scale = span{min(scale.least, s.least), max(scale.most, s.most)}
			}
		}
	}
	worst := c.worst()
	y := height - strip
	second := axis + wide + bar + right + 16
	cell := func(x vg.Length, values []float64, colour ramp, s span, name, quantity string, last, first bool) {
		h := heat{values, len(values) / c.Points, c.Points, colour, s}
		p := h.plot(name, c.Time, c.Space)
		p.X.Tick.Marker, p.Y.Tick.Marker = linearTicks{6}, linearTicks{3}
		if !last {
			p.X.Label.Text, p.X.Tick.Marker = "", unlabelled{p.X.Tick.Marker}
		}
		if !first {
			p.Y.Label.Text, p.Y.Tick.Marker = "", unlabelled{p.Y.Tick.Marker}
		}
		drawAt(p, f.page, vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + wide, Y: y + rowHeight}})
		colourBar(f.box(x+wide+8, 0, bar, height), y, y+rowHeight, colour, s, quantity)
	}
	if c.Target != nil {
		y -= rowHeight + headroom
		cell(axis, c.Target, fieldRamp, scale, "truth", c.Quantity, false, true)
		if err := c.correlations(f, vg.Rectangle{Min: vg.Point{X: second, Y: y}, Max: vg.Point{X: second + wide, Y: y + rowHeight}}); err != nil {
			return nil, err
		}
		y -= gap
	}
	for i, p := range c.Predictions {
		y -= rowHeight + headroom
		last := i == len(c.Predictions)-1
		cell(axis, p.Values, fieldRamp, scale, p.Name, c.Quantity, last, true)
		if c.Target != nil {
			cell(second, absoluteDifference(p.Values, c.Target), errorRamp, span{0, worst}, "|error| of "+p.Name, "", last, false)
		}
		y -= gap
	}
	return f.png()
}

// Rows are the values at every time and point.
func (c Comparison) Rows() [][]string {
	head, columns := []string{c.Time.label(), c.Space.label()}, [][]float64{}
	if c.Target != nil {
		head, columns = append(head, "truth"), append(columns, c.Target)
	}
	for _, p := range c.Predictions {
		head, columns = append(head, p.Name), append(columns, p.Values)
	}
	shape := []int{len(c.Predictions[0].Values) / c.Points, c.Points}
	return append([][]string{head}, gridRows([]Axis{c.Time, c.Space}, shape, columns...)...)
}

func (c Comparison) check() error {
	if c.Points < 1 || len(c.Predictions) == 0 {
		return fmt.Errorf("eval: comparison %q has %d points and %d predictions", c.Title, c.Points, len(c.Predictions))
	}
	for _, p := range c.Predictions {
		if len(p.Values) == 0 || len(p.Values)%c.Points != 0 || c.Target != nil && len(p.Values) != len(c.Target) {
			return fmt.Errorf("eval: comparison %q: %s has %d values for %d of the truth on %d points", c.Title, p.Name, len(p.Values), len(c.Target), c.Points)
		}
	}
	return nil
}

func (c Comparison) key() []keyEntry {
	if c.Target == nil {
		return nil
	}
	var entries []keyEntry
	for _, p := range c.Predictions {
		entries = append(entries, keyEntry{p.Name, seriesStyle(p.Series), nil})
	}
	return entries
}

// worst is the top of the scale of errors: the largest finite one, but no more than the range of the truth.
func (c Comparison) worst() float64 {
	worst := 0.0
	for _, p := range c.Predictions {
		if c.Target != nil {
			worst = max(worst, spanOf(absoluteDifference(p.Values, c.Target)).most)
		}
	}
	s := spanOf(c.Target)
	return min(worst, s.most-s.least)
}

// correlations draws the curves of the upper right.
func (c Comparison) correlations(f figure, area vg.Rectangle) error {
	chart := Chart{Y: "", Title: "correlation with the truth", Levels: []float64{0.8}}
	for _, p := range c.Predictions {
		l := Line{Series: p.Series, Y: p.Correlation}
		for i := range p.Correlation {
			l.X = append(l.X, c.Time.at(i, len(p.Correlation)))
		}
		chart.Lines = append(chart.Lines, l)
	}
	x, y := chart.spans()
	p, err := chart.plot(2, x, y)
	if err != nil {
		return err
	}
	n := len(c.Target) / c.Points
	p.X.Min, p.X.Max = c.Time.at(0, n), max(c.Time.at(n-1, n), c.Time.at(0, n)+1e-9)
	p.Y.Min, p.Y.Max = min(0, p.Y.Min), 1.05
	p.X.Tick.Marker, p.Y.Tick.Marker = unlabelled{linearTicks{6}}, linearTicks{3}
	p.X.Padding = 0
	drawAt(p, f.page, area)
	body := f.page
	body.Rectangle = area
	chart.mark(p, body)
	chart.names(body, chart.margin(p))
	return nil
}

func absoluteDifference(p, t []float64) []float64 {
	d := difference(p, t)
	for i := range d {
		d[i] = math.Abs(d[i])
	}
	return d
}

// caption writes a small text over a panel.
func caption(c draw.Canvas, x, y vg.Length, s string) {
	style := textStyle(9, font.WeightNormal, ink)
	style.XAlign, style.YAlign = text.XCenter, text.YBottom
	c.FillText(style, vg.Point{X: x, Y: y}, s)
}
