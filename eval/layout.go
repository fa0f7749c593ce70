package eval

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// bottomMargin is room for the numbers and the name of a horizontal axis.
const bottomMargin = 36

// leftMargin is the room that the numbers and the name of the vertical axis of a plot take.
func leftMargin(p *plot.Plot) vg.Length {
	free := *p
	free.Y.Label.Text = "" // the plot library reserves room for it where a logarithmic axis does not have it
	page := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: 1000, Y: 1000}}}
	label := p.Y.Label.TextStyle
	return free.DataCanvas(page).Min.X + label.Height("M") + label.FontExtents().Descent + 6
}

// drawPair draws two plots with a common horizontal axis, the upper one three times as high.
func (f figure) drawPair(above, below *plot.Plot, width, height vg.Length) {
	const gap, right, top = 14, 14, 8
	above.X.Tick.Marker = unlabelled{above.X.Tick.Marker}
	left := max(leftMargin(above), leftMargin(below))
	split := bottomMargin + (height-bottomMargin-gap-top)/4
	area := func(bottom, top vg.Length) vg.Rectangle {
		return vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: width - right, Y: top}}
	}
	drawAt(above, f.page, area(split+gap, height-top))
	drawAt(below, f.page, area(bottomMargin, split))
}

// unlabelled keeps the marks of an axis without their numbers.
type unlabelled struct{ plot.Ticker }

// Ticks implements plot.Ticker.
func (u unlabelled) Ticks(least, most float64) []plot.Tick {
	ticks := u.Ticker.Ticks(least, most)
	for i := range ticks {
		if !ticks[i].IsMinor() {
			ticks[i].Label = " " // an empty one would make it a minor mark, without a grid line
		}
	}
	return ticks
}

// drawAt draws a plot so that its data fill a rectangle of the page and labels lie around it.
func drawAt(p *plot.Plot, page draw.Canvas, data vg.Rectangle) {
	page.Rectangle = data
	for range 2 { // the margins depend a little on the size
		inner := p.DataCanvas(page)
		page.Min.X += data.Min.X - inner.Min.X
		page.Min.Y += data.Min.Y - inner.Min.Y
		page.Max.X += data.Max.X - inner.Max.X
		page.Max.Y += data.Max.Y - inner.Max.Y
	}
	p.Draw(page)
}
