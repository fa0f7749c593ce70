package eval

import (
	"image"
	"math"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// span is the range of values that a colour scale or an axis shows.
type span struct{ least, most float64 }

// spanOf is the range of the finite values of some arrays, widened if it is a point.
func spanOf(arrays ...[]float64) span {
	s := span{math.Inf(1), math.Inf(-1)}
	for _, v := range arrays {
		for _, x := range v {
			if !math.IsNaN(x) && !math.IsInf(x, 0) {
				s.least, s.most = min(s.least, x), max(s.most, x)
			}
		}
	}
	switch {
	case s.least > s.most:
		return span{0, 1}
	case s.least == s.most:
		return span{s.least - max(1, math.Abs(s.least))/2, s.most + max(1, math.Abs(s.most))/2}
	}
	return s
}

// heat is a map [x, y] in colours: x to the right, y upwards.
type heat struct {
	values []float64
	nx, ny int
	colour ramp
	scale  span
}

// raster paints every point as a square of equal size, at least 300 pixels along the longer axis.
func (h heat) raster() *image.NRGBA {
	zoom := 1 + 300/max(h.nx, h.ny)
	img := image.NewNRGBA(image.Rect(0, 0, h.nx*zoom, h.ny*zoom))
	for x := range h.nx * zoom {
		for y := range h.ny * zoom {
			v := h.values[x/zoom*h.ny+y/zoom]
			img.SetNRGBA(x, h.ny*zoom-1-y, h.colour.at((v-h.scale.least)/(h.scale.most-h.scale.least)))
		}
	}
	return img
}

// plot is the map with its axes. Coordinates are those of the points, so that the squares reach half a spacing beyond.
func (h heat) plot(title string, x, y Axis) *plot.Plot {
	p := newPlot(title, x.label(), y.label())
	half := func(a Axis, n int) (least, most float64) {
		d := (a.at(n-1, n) - a.at(0, n)) / float64(max(n-1, 1)) / 2
		if d == 0 {
			d = 0.5
		}
		return a.at(0, n) - d, a.at(n-1, n) + d
	}
	x0, x1 := half(x, h.nx)
	y0, y1 := half(y, h.ny)
	p.Add(plotter.NewImage(h.raster(), x0, y0, x1, y1))
	p.X.Padding, p.Y.Padding = 0, 0
	p.X.Tick.Marker, p.Y.Tick.Marker = linearTicks{4}, linearTicks{4}
	return p
}

// colourBar draws the scale of a map as a vertical bar with its numbers on the right and its name above, beside a map.
func colourBar(c draw.Canvas, bottom, top vg.Length, colour ramp, scale span, name string) {
	const steps, width = 256, 8
	img := image.NewNRGBA(image.Rect(0, 0, 1, steps))
	for i := range steps {
		img.SetNRGBA(0, steps-1-i, colour.at((float64(i)+0.5)/steps))
	}
	bar := vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: bottom}, Max: vg.Point{X: c.Min.X + width, Y: top}}
	c.DrawImage(bar, img)
	number := textStyle(8, font.WeightNormal, ink)
	number.XAlign, number.YAlign = text.XLeft, text.YCenter
	for _, t := range (linearTicks{4}).Ticks(scale.least, scale.most) {
		y := bottom + vg.Length((t.Value-scale.least)/(scale.most-scale.least))*(top-bottom)
		c.StrokeLine2(stroke(0.6, faint), bar.Max.X, y, bar.Max.X+3, y)
		c.FillText(number, vg.Point{X: bar.Max.X + 5, Y: y}, t.Label)
	}
	label := textStyle(9, font.WeightNormal, ink)
	label.XAlign, label.YAlign = text.XLeft, text.YBottom
	c.FillText(label, vg.Point{X: bar.Min.X, Y: top + 4}, name)
}
