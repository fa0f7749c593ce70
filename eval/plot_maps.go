package eval

import "gonum.org/v1/plot/vg"

// panel is one map of a sample.
type panel struct {
	name, quantity string
	heat           heat
	bar            bool // a colour bar follows it
}

// panels are input, target, prediction and error, as far as they are there.
func (s Sample) panels() []panel {
	field := func(v []float64, colour ramp, scale span) heat {
		return heat{v, s.Shape[0], s.Shape[1], colour, scale}
	}
	scale := spanOf(s.Target)
	var all []panel
	if s.Input != nil && s.InputQuantity == "" {
		scale = spanOf(s.Target, s.Input)
		all = append(all, panel{"input", s.Quantity, field(s.Input, fieldRamp, scale), false})
	} else if s.Input != nil {
		all = append(all, panel{"input", s.InputQuantity, field(s.Input, fieldRamp, spanOf(s.Input)), true})
	}
	e := s.errors()
	return append(all,
		panel{"target", s.Quantity, field(s.Target, fieldRamp, scale), false},
		panel{"prediction", s.Quantity, field(s.Prediction, fieldRamp, scale), true},
		panel{"|error|", "", field(e, errorRamp, span{0, spanOf(e).most}), true})
}

// row draws the maps of two space axes side by side, with equal units on both axes.
func (s Sample) row() ([]byte, error) {
	const side, bar, gap, axis, strip = 100, 46, 12, 36, 18
	panels := s.panels()
	width := vg.Length(axis + gap)
	for _, p := range panels {
		width += side + gap
		if p.bar {
			width += bar
		}
	}
	extent := func(i int) float64 { return s.Axes[i].at(s.Shape[i]-1, s.Shape[i]) - s.Axes[i].at(0, s.Shape[i]) }
	tall := vg.Length(side)
	if a, b := extent(0), extent(1); a > 0 && b > 0 {
		tall = vg.Length(min(max(side*b/a, side/3), 3*side))
	}
	height := tall + axis + 18 + strip + 8
	f := newFigure(width, height)
	headline(f.box(6, height-strip-4, width-12, strip), s.Title)
	x := vg.Length(axis)
	for i, q := range panels {
		p := q.heat.plot(q.name, s.Axes[0], s.Axes[1])
		if i > 0 {
			p.Y.Label.Text = ""
			p.Y.Tick.Marker = unlabelled{p.Y.Tick.Marker}
		}
		drawAt(p, f.page, vg.Rectangle{Min: vg.Point{X: x, Y: axis}, Max: vg.Point{X: x + side, Y: axis + tall}})
		x += side + gap
		if q.bar {
			colourBar(f.box(x-6, 0, bar, height), axis, axis+tall, q.heat.colour, q.heat.scale, q.quantity)
			x += bar
		}
	}
	return f.png()
}

// stack draws space–time maps over each other with one time axis.
func (s Sample) stack() ([]byte, error) {
	const wide, tall, bar, gap, axis, strip = 380, 76, 48, 26, 36, 18
	s.Input = nil // the first frame is already in the map
	panels := s.panels()
	width := vg.Length(axis + wide + bar + 16)
	height := vg.Length(axis+strip+2) + vg.Length(len(panels))*(tall+gap)
	f := newFigure(width, height)
	headline(f.box(6, height-strip-4, width-12, strip), s.Title)
	y := height - strip - 2
	for i, q := range panels {
		y -= tall + gap
		p := q.heat.plot(q.name, s.Axes[0], s.Axes[1])
		p.X.Tick.Marker, p.Y.Tick.Marker = linearTicks{8}, linearTicks{3}
		if i < len(panels)-1 {
			p.X.Label.Text = ""
			p.X.Tick.Marker = unlabelled{p.X.Tick.Marker}
		}
		drawAt(p, f.page, vg.Rectangle{Min: vg.Point{X: axis, Y: y}, Max: vg.Point{X: axis + wide, Y: y + tall}})
		colourBar(f.box(axis+wide+8, 0, bar, height), y, y+tall, q.heat.colour, q.heat.scale, q.quantity)
	}
	return f.png()
}
