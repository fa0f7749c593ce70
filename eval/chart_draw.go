package eval

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// axisNameHeight is that of the name of an axis.
const axisNameHeight = 12

// names writes the title of a panel over it, and the name of its vertical axis at the far left of its margin.
func (c Chart) names(area draw.Canvas, margin vg.Length) {
	caption(area, (area.Min.X+area.Max.X)/2, area.Max.Y+4, c.Title)
	s := textStyle(9, font.WeightNormal, ink)
	s.Rotation, s.XAlign, s.YAlign = math.Pi/2, text.XCenter, text.YTop
	area.FillText(s, vg.Point{X: area.Min.X - margin + 2, Y: (area.Min.Y + area.Max.Y) / 2}, c.Y)
}

func (c Chart) addBand(p *plot.Plot, l Line, y span) error {
	if len(l.Low) == 0 {
		return nil
	}
	var band plotter.XYs
	for i, v := range l.Low {
		band = append(band, plotter.XY{X: l.X[i], Y: y.clip(v)})
	}
	for i, v := range slices.Backward(l.High) {
		band = append(band, plotter.XY{X: l.X[i], Y: y.clip(v)})
	}
	area, err := plotter.NewPolygon(band)
	if err != nil {
		return fmt.Errorf("eval: chart: band of %s: %w", l.Name, err)
	}
	area.Color, area.LineStyle.Width = seriesBand(l.Series), 0
	p.Add(area)
	return nil
}

func (c Chart) addLine(p *plot.Plot, l Line) error {
	var run plotter.XYs
	flush := func() error {
		defer func() { run = nil }()
		if len(run) == 0 {
			return nil
		}
		line, marks, err := plotter.NewLinePoints(run)
		if err != nil {
			return fmt.Errorf("eval: chart: %s: %w", l.Name, err)
		}
		line.LineStyle = seriesStyle(l.Series)
		p.Add(line)
		if len(run) == 1 {
			marks.GlyphStyle = draw.GlyphStyle{Color: line.LineStyle.Color, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}
			p.Add(marks)
		}
		return nil
	}
	for i, x := range l.X {
		if c.shown(x, l.Y[i]) {
			run = append(run, plotter.XY{X: x, Y: l.Y[i]})
			continue
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return flush()
}

// mark draws the marked values over a panel.
func (c Chart) mark(p *plot.Plot, area draw.Canvas) {
	for _, v := range c.Levels {
		if at := p.Y.Norm(v); at >= 0 && at <= 1 {
			y := area.Y(at)
			area.StrokeLine2(stroke(0.8, faint, 3, 2), area.Min.X, y, area.Max.X, y)
		}
	}
	s := textStyle(8, font.WeightNormal, ink)
	s.YAlign = text.YBottom
	for i, m := range c.Marks {
		at := p.X.Norm(m.X)
		if !(at >= 0 && at <= 1) {
			continue
		}
		x := area.X(at)
		s.Color = seriesStyle(m.Series).Color
		area.StrokeLine2(stroke(1, s.Color, 1, 2), x, area.Min.Y, x, area.Max.Y)
		offset := vg.Length(4)
		s.XAlign = text.XLeft
		if at > 0.5 {
			s.XAlign, offset = text.XRight, -4
		}
		area.FillText(s, vg.Point{X: x + offset, Y: area.Min.Y + 4 + vg.Length(i)*11}, m.Text)
	}
}

// palette tells series apart by hue, lightness and, in seriesStyle, dashes; the first is the truth's.
var palette = []color.NRGBA{
	ink, blue, orange, {0x1b, 0x8a, 0x5a, 255}, {0xa5, 0x3f, 0x97, 255}, {0x8a, 0x6d, 0x00, 255}, {0x3f, 0xa7, 0xd6, 255}, {0x7a, 0x1f, 0x1f, 255},
}

func seriesColour(series int) color.NRGBA {
	if series == 0 {
		return palette[0]
	}
	return palette[1+(series-1)%(len(palette)-1)]
}

func seriesStyle(series int) draw.LineStyle {
	switch {
	case series == 0:
		return stroke(1.9, seriesColour(0))
	case series%3 == 2:
		return stroke(1.5, seriesColour(series), 5, 2.5)
	case series%3 == 0:
		return stroke(1.5, seriesColour(series), 1.5, 2)
	}
	return stroke(1.5, seriesColour(series))
}

func seriesBand(series int) color.NRGBA {
	c := seriesColour(series)
	c.A = 0x2c
	return c
}
