package eval

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Chart is a panel of curves over one axis.
type Chart struct {
	Title  string // of the panel; empty for a figure of one
	X, Y   string // names of the axes, with units
	LogX   bool
	LogY   bool
	Lines  []Line
	Levels []float64 // marked values of y, such as thresholds
	Marks  []Mark    // marked values of x
}

// Line is a curve, interrupted where y is not finite or, on a logarithmic axis, not positive. Equal series look alike in every chart; series 0 is
// the truth.
type Line struct {
	Name      string
	Series    int
	X, Y      []float64
	Low, High []float64 // a band around the curve; nil: none
}

// Mark says something about a place.
type Mark struct {
	X      float64
	Text   string
	Series int
}

// chartDecades is the most that a logarithmic axis shows.
const chartDecades = 12

// Charts is a figure of panels side by side.
type Charts struct {
	Title   string
	Panels  []Chart
	SharedY bool // all panels have one vertical axis
}

// Rows are the points of every line.
func (c Charts) Rows() [][]string {
	rows := [][]string{{"panel", "line", "x", "y", "low", "high"}}
	for _, panel := range c.Panels {
		for _, l := range panel.Lines {
			for i := range l.X {
				row := append([]string{panel.Title, l.Name}, cells(l.X[i], l.Y[i])...)
				if l.Low != nil {
					row = append(row, cells(l.Low[i], l.High[i])...)
				} else {
					row = append(row, "", "")
				}
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// Plot draws the panels under a title and a key of their lines, as PNG.
func (c Charts) Plot() ([]byte, error) {
	title, panels := c.Title, c.Panels
	if len(panels) == 0 || len(panels) > 4 {
		return nil, fmt.Errorf("eval: figure %q has %d panels; want 1 to 4", title, len(panels))
	}
	const tall, right, top, gap = 2.5 * vg.Inch, 10, 6, 14
	width := vg.Length(6.6 * vg.Inch)
	if len(panels) > 1 {
		width = 8.9 * vg.Inch
	}
	entries := chartKey(panels)
	strip := stripHeight(title, entries, width-14)
	height := tall + strip
	if len(panels) > 2 {
		height -= 0.3 * vg.Inch
	}
	f := newFigure(width, height)
	drawStrip(f.box(6, height-strip, width-14, strip), title, entries)
	plots := make([]*plot.Plot, len(panels))
	left := vg.Length(0)
	for _, c := range panels {
		if err := c.check(); err != nil {
			return nil, err
		}
	}
	spans := make([]struct{ x, y span }, len(panels))
	for i := range panels {
		spans[i].x, spans[i].y = panels[i].spans()
	}
	if c.SharedY {
		for _, s := range spans {
			spans[0].y = span{min(spans[0].y.least, s.y.least), max(spans[0].y.most, s.y.most)}
		}
	}
	for i, panel := range panels {
		if c.SharedY {
			spans[i].y = spans[0].y
		}
		var err error
		if plots[i], err = panel.plot(len(panels), spans[i].x, spans[i].y); err != nil {
			return nil, err
		}
		if c.SharedY && i > 0 {
			plots[i].Y.Tick.Marker = unlabelled{plots[i].Y.Tick.Marker}
		}
		left += panels[i].margin(plots[i])
	}
	head := vg.Length(top)
	if panels[0].Title != "" {
		head += 14
	}
	each := (width - left - vg.Length(len(panels))*right - vg.Length(len(panels)-1)*gap) / vg.Length(len(panels))
	x := vg.Length(0)
	for i, p := range plots {
		x += panels[i].margin(p)
		area := vg.Rectangle{Min: vg.Point{X: x, Y: bottomMargin}, Max: vg.Point{X: x + each, Y: height - strip - head}}
		drawAt(p, f.page, area)
		body := f.page
		body.Rectangle = area
		panels[i].mark(p, body)
		panels[i].names(body, panels[i].margin(p))
		x += each + right + gap
	}
	return f.png()
}

// check reports lines whose points are not as many as their coordinates.
func (c Chart) check() error {
	for _, l := range c.Lines {
		if n := len(l.X); len(l.Y) != n || l.Low != nil && (len(l.Low) != n || len(l.High) != n) {
			return fmt.Errorf("eval: chart: line %q has %d values of x, %d of y and a band of %d and %d", l.Name, n, len(l.Y), len(l.Low), len(l.High))
		}
	}
	return nil
}

// chartKey explains every line once, and the bands.
func chartKey(panels []Chart) []keyEntry {
	var entries []keyEntry
	for _, c := range panels {
		for _, l := range c.Lines {
			if l.Name == "" || slices.ContainsFunc(entries, func(e keyEntry) bool { return e.name == l.Name }) {
				continue
			}
			e := keyEntry{l.Name, seriesStyle(l.Series), nil}
			if l.Low != nil {
				e.fill = seriesBand(l.Series)
			}
			entries = append(entries, e)
		}
	}
	return entries
}

// margin is the room for the numbers of the vertical axis, and for its name if it has one.
func (c Chart) margin(p *plot.Plot) vg.Length {
	if c.Y == "" {
		return leftMargin(p) - axisNameHeight
	}
	return leftMargin(p)
}

// plot is the panel without its names and marks.
func (c Chart) plot(panels int, x, y span) (*plot.Plot, error) {
	p := newPlot("", c.X, "")
	p.X.Tick.Marker = linearTicks{[]int{8, 6, 6, 4}[panels-1]}
	if c.LogX {
		logAxis(&p.X, x)
	}
	if c.LogY {
		logAxis(&p.Y, y)
	}
	addGrid(p)
	lines := slices.Clone(c.Lines)
	slices.SortStableFunc(lines, func(a, b Line) int { // the truth lies under the others
		return min(a.Series, 1) - min(b.Series, 1)
	})
	for _, l := range lines {
		if err := c.addBand(p, l, y); err != nil {
			return nil, err
		}
	}
	for _, l := range lines {
		if err := c.addLine(p, l); err != nil {
			return nil, err
		}
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.least, x.most, y.least, y.most
	return p, nil
}

// shown reports whether a curve has a point.
func (c Chart) shown(x, y float64) bool {
	good := func(v float64, log bool) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) && (!log || v > 0) }
	return good(x, c.LogX) && good(y, c.LogY)
}

// spans are the ranges of both axes.
func (c Chart) spans() (x, y span) {
	var xs, ys []float64
	for _, l := range c.Lines {
		for i := range l.X {
			for _, v := range [][]float64{l.Y, l.Low, l.High} {
				if i < len(v) && c.shown(l.X[i], v[i]) {
					xs, ys = append(xs, l.X[i]), append(ys, v[i])
				}
			}
		}
	}
	x = spanOf(xs)
	if c.LogY {
		y = logSpan(ys)
		y.least = max(y.least, y.most*math.Pow(10, -chartDecades))
	} else {
		y = spanOf(ys, c.Levels)
		margin := 0.05 * (y.most - y.least)
		y.least, y.most = y.least-margin, y.most+margin
	}
	if c.LogX && !(x.least > 0) {
		x = span{1, 10}
	}
	return x, y
}
