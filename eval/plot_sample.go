package eval

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sample is a prediction beside its target for a picture: one channel over one, two or three axes, row-major in the order of
// Axes. [Field.Space] and [Field.SpaceTime] cut one out of a field.
type Sample struct {
	Title         string
	Quantity      string    // name of what target and prediction show, with its unit
	InputQuantity string    // name of what the input shows; empty: the same, on the same scale
	Axes          []Axis    // of the fields
	Shape         []int     // points on each axis
	Input         []float64 // nil if there is none to show
	Target        []float64
	Prediction    []float64
}

// Space is channel of one frame, [x..].
func (f Field[T]) Space(trajectory, time, channel int) []float64 {
	frame := f.Frame(trajectory, time).Data
	out := make([]float64, len(frame)/f.Channels())
	for x := range out {
		out[x] = float64(frame[x*f.Channels()+channel])
	}
	return out
}

// SpaceTime is channel of all frames, [time, x..].
func (f Field[T]) SpaceTime(trajectory, channel int) []float64 {
	var out []float64
	for t := range f.Frames() {
		out = append(out, f.Space(trajectory, t, channel)...)
	}
	return out
}

// Plot draws input, target, prediction and error as PNG: curves for one axis, a row of maps for two, maps over each
// other where the first axis is time, and the middle plane of the first axis for three. Target and prediction share the
// colour scale of the target; the error is |p−t|. NaN and infinities are magenta.
func (s Sample) Plot() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if len(s.Axes) == 3 {
		s = s.middle()
	}
	switch {
	case len(s.Axes) == 1:
		return s.curves()
	case s.Axes[0].Time:
		return s.stack()
	default:
		return s.row()
	}
}

// Rows are the values at every point.
func (s Sample) Rows() [][]string {
	head := []string{}
	for _, a := range s.Axes {
		head = append(head, a.label())
	}
	columns := [][]float64{s.Target, s.Prediction}
	head = append(head, "target", "prediction")
	if s.Input != nil {
		head, columns = append(head, "input"), append(columns, s.Input)
	}
	return append([][]string{head}, gridRows(s.Axes, s.Shape, columns...)...)
}

func (s Sample) check() error {
	n := product(s.Shape)
	switch {
	case len(s.Axes) < 1 || len(s.Axes) > 3 || len(s.Shape) != len(s.Axes):
		return fmt.Errorf("eval: sample %q has %d axes and shape %v; a picture has 1 to 3 of both", s.Title, len(s.Axes), s.Shape)
	case n < 1 || len(s.Target) != n || len(s.Prediction) != n || s.Input != nil && len(s.Input) != n:
		return fmt.Errorf("eval: sample %q of shape %v has %d target, %d prediction and %d input values",
			s.Title, s.Shape, len(s.Target), len(s.Prediction), len(s.Input))
	}
	return nil
}

// middle is the plane halfway along the first of three axes.
func (s Sample) middle() Sample {
	i, n := s.Shape[0]/2, s.Shape[1]*s.Shape[2]
	cut := func(v []float64) []float64 {
		if v == nil {
			return nil
		}
		return v[i*n : (i+1)*n]
	}
	s.Title += fmt.Sprintf(" (%s = %.3g)", s.Axes[0].Name, s.Axes[0].at(i, s.Shape[0]))
	s.Axes, s.Shape = s.Axes[1:], s.Shape[1:]
	s.Input, s.Target, s.Prediction = cut(s.Input), cut(s.Target), cut(s.Prediction)
	return s
}

// errors is |p−t| at every point.
func (s Sample) errors() []float64 {
	e := make([]float64, len(s.Target))
	for i := range e {
		e[i] = math.Abs(s.Prediction[i] - s.Target[i])
	}
	return e
}

// curves draws the fields above and the error below.
func (s Sample) curves() ([]byte, error) {
	const width, height, strip = 6.5 * vg.Inch, 3.6 * vg.Inch, 18
	f := newFigure(width, height)
	above := newPlot("", "", s.Quantity)
	below := newPlot("", s.Axes[0].label(), "|error|")
	below.Y.Tick.Marker = linearTicks{3}
	addGrid(above)
	addGrid(below)
	var entries []keyEntry
	add := func(p *plot.Plot, v []float64, name string, style draw.LineStyle) error {
		points := make(plotter.XYs, 0, len(v))
		for i, y := range v {
			if !math.IsNaN(y) && !math.IsInf(y, 0) {
				points = append(points, plotter.XY{X: s.Axes[0].at(i, len(v)), Y: y})
			}
		}
		if len(points) == 0 {
			return nil
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return fmt.Errorf("eval: plot sample: %w", err)
		}
		line.LineStyle = style
		p.Add(line)
		if name != "" {
			entries = append(entries, keyEntry{name, style, nil})
		}
		return nil
	}
	inputName := "input"
	if s.InputQuantity != "" {
		inputName += " (" + s.InputQuantity + ")"
	}
	for _, c := range []struct {
		p     *plot.Plot
		v     []float64
		name  string
		style draw.LineStyle
	}{
		{above, s.Input, inputName, stroke(1, faint, 1, 2)},
		{above, s.Target, "target", stroke(1.6, blue)},
		{above, s.Prediction, "prediction", stroke(1.4, orange, 5, 3)},
		{below, s.errors(), "", stroke(1.2, ink)},
	} {
		if err := add(c.p, c.v, c.name, c.style); err != nil {
			return nil, err
		}
	}
	x := spanOf([]float64{s.Axes[0].at(0, s.Shape[0]), s.Axes[0].at(s.Shape[0]-1, s.Shape[0])})
	above.X.Min, above.X.Max, below.X.Min, below.X.Max = x.least, x.most, x.least, x.most
	y := spanOf(s.Input, s.Target)
	margin := 0.08 * (y.most - y.least)
	above.Y.Min, above.Y.Max = y.least-margin, y.most+margin
	below.Y.Min, below.Y.Max = 0, spanOf(s.errors()).most*1.1
	top := f.box(6, height-strip-4, width-14, strip)
	headline(top, s.Title)
	key(top, entries)
	f.drawPair(above, below, width, height-strip)
	return f.png()
}
