package eval

import (
	"bytes"
	"fmt"
	"image/color"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Axis is the coordinate along one axis of a picture: n points, equally spaced from Min to Max. The zero value counts points.
type Axis struct {
	Name, Unit string // "x", "m"; a unit is optional
	Min, Max   float64
	Time       bool // a space–time picture rather than a map
}

// label is "name / unit".
func (a Axis) label() string {
	if a.Unit == "" {
		return a.Name
	}
	return a.Name + " / " + a.Unit
}

// at is the coordinate of point i of n.
func (a Axis) at(i, n int) float64 {
	if a.Min == a.Max {
		return float64(i)
	}
	if n == 1 {
		return a.Min
	}
	return a.Min + (a.Max-a.Min)*float64(i)/float64(n-1)
}

// The look of every figure. Curves differ by dash and lightness as well as by hue.
var (
	ink        = color.NRGBA{0x22, 0x22, 0x22, 255}
	faint      = color.NRGBA{0x88, 0x88, 0x88, 255}
	gridColour = color.NRGBA{0xe4, 0xe4, 0xe4, 255}
	blue       = color.NRGBA{0x1f, 0x5f, 0xa8, 255}
	orange     = color.NRGBA{0xd5, 0x5e, 0x00, 255}
)

const dotsPerInch = 192 // two for each CSS pixel

// figure is a white page to draw on.
type figure struct {
	img  *vgimg.Canvas
	page draw.Canvas
}

func newFigure(width, height vg.Length) figure {
	img := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dotsPerInch))
	return figure{img, draw.New(img)}
}

// png encodes the page.
func (f figure) png() ([]byte, error) {
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: f.img}).WriteTo(&out); err != nil {
		return nil, fmt.Errorf("eval: encode figure: %w", err)
	}
	return out.Bytes(), nil
}

// box is a part of the page, measured from its lower left corner.
func (f figure) box(left, bottom, width, height vg.Length) draw.Canvas {
	c := f.page
	c.Rectangle = vg.Rectangle{
		Min: vg.Point{X: left, Y: bottom},
		Max: vg.Point{X: left + width, Y: bottom + height},
	}
	return c
}

// textStyle is a sans-serif text of a size in points.
func textStyle(size vg.Length, weight font.Weight, c color.Color) text.Style {
	return text.Style{
		Color:   c,
		Font:    plotfont.From(plotfont.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, size),
		Handler: plot.DefaultTextHandler,
	}
}

// newPlot is an empty plot with labelled axes.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.Transparent
	style := func(s *text.Style, size vg.Length, weight font.Weight, c color.Color) {
		t := textStyle(size, weight, c)
		s.Color, s.Font = t.Color, t.Font
	}
	p.Title.Text, p.Title.Padding = title, vg.Points(4)
	style(&p.Title.TextStyle, 9, font.WeightNormal, ink)
	p.X.Label.Text, p.Y.Label.Text = x, y
	p.X.Padding, p.Y.Padding = vg.Points(2), vg.Points(2)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		style(&a.Label.TextStyle, 9, font.WeightNormal, ink)
		style(&a.Tick.Label, 8, font.WeightNormal, ink)
		a.LineStyle.Width, a.LineStyle.Color = vg.Points(0.6), faint
		a.Tick.LineStyle.Width, a.Tick.LineStyle.Color = vg.Points(0.6), faint
		a.Tick.Length = vg.Points(3)
		a.Tick.Marker = linearTicks{5}
	}
	return p
}

// addGrid draws faint lines at the ticks.
func addGrid(p *plot.Plot) {
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = gridColour, gridColour
	g.Horizontal.Width, g.Vertical.Width = vg.Points(0.5), vg.Points(0.5)
	p.Add(g)
}

// headline writes the title of a figure at the left of a strip.
func headline(c draw.Canvas, title string) {
	s := textStyle(10, font.WeightBold, ink)
	s.XAlign, s.YAlign = text.XLeft, text.YCenter
	c.FillText(s, vg.Point{X: c.Min.X, Y: (c.Min.Y + c.Max.Y) / 2}, title)
}

// keyEntry explains a curve, or a band if it has a fill.
type keyEntry struct {
	name string
	line draw.LineStyle
	fill color.Color
}

// key writes the entries in a row that ends at the right edge of a strip.
func key(c draw.Canvas, entries []keyEntry) {
	s := keyStyle()
	x, y := c.Max.X+keySpace, (c.Min.Y+c.Max.Y)/2
	for _, e := range entries {
		x -= keySpace + e.width()
	}
	for _, e := range entries {
		if e.fill != nil {
			c.FillPolygon(e.fill, []vg.Point{{X: x, Y: y - 4}, {X: x + keySample, Y: y - 4}, {X: x + keySample, Y: y + 4}, {X: x, Y: y + 4}})
		}
		if e.line.Width > 0 {
			c.StrokeLine2(e.line, x, y, x+keySample, y)
		}
		c.FillText(s, vg.Point{X: x + keySample + keyGap, Y: y}, e.name)
		x += e.width() + keySpace
	}
}

// stroke is a line style; dashes are in points.
func stroke(width float64, c color.Color, dashes ...float64) draw.LineStyle {
	s := draw.LineStyle{Width: vg.Points(width), Color: c}
	for _, d := range dashes {
		s.Dashes = append(s.Dashes, vg.Points(d))
	}
	return s
}
