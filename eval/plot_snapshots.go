package eval

import (
	"fmt"

	"golang.org/x/image/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// Snapshots is one trajectory on a plane at some times, as the truth has it and as several surrogates predict it.
type Snapshots struct {
	Title, Quantity string
	Axes            [2]Axis
	Shape           [2]int
	Times           []string    // what to write at each frame: "t = 1.5"
	Target          [][]float64 // by time, [x, y]; nil where there is none
	Predictions     []Frames
}

// Frames is what one surrogate made of a trajectory, by time, [x, y].
type Frames struct {
	Name   string
	Series int
	Values [][]float64
}

// rows are the truth, if there is any, and the predictions.
func (s Snapshots) rows() []Frames {
	if s.Target == nil {
		return s.Predictions
	}
	return append([]Frames{{Name: "truth", Values: s.Target}}, s.Predictions...)
}

func (s Snapshots) check() error {
	n := s.Shape[0] * s.Shape[1]
	for _, r := range s.rows() {
		if n < 1 || len(r.Values) != len(s.Times) || len(s.Times) == 0 {
			return fmt.Errorf("eval: snapshots %q: %s has %d frames of shape %v for %d times", s.Title, r.Name, len(r.Values), s.Shape, len(s.Times))
		}
		for _, v := range r.Values {
			if len(v) != n {
				return fmt.Errorf("eval: snapshots %q: a frame of %s has %d values on %v points", s.Title, r.Name, len(v), s.Shape)
			}
		}
	}
	return nil
}

// Rows are the values at every time and point.
func (s Snapshots) Rows() [][]string {
	head := []string{"time", s.Axes[0].label(), s.Axes[1].label()}
	for _, r := range s.rows() {
		head = append(head, r.Name)
	}
	rows := [][]string{head}
	for t, label := range s.Times {
		var columns [][]float64
		for _, r := range s.rows() {
			columns = append(columns, r.Values[t])
		}
		for _, row := range gridRows(s.Axes[:], s.Shape[:], columns...) {
			rows = append(rows, append([]string{label}, row...))
		}
	}
	return rows
}

// scale is the range of the truth, or of the predictions where there is none.
func (s Snapshots) scale() span {
	return spanOf(s.rows()[0].Values...)
}

// Plot draws a row of maps for the truth and for each surrogate, a column for each time, on one colour scale, as PNG.
func (s Snapshots) Plot() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	const left, bar, gap, strip, head = 74, 52, 6, 22, 16
	width := vg.Length(8.9 * vg.Inch)
	count := vg.Length(len(s.Times))
	side := min((width-left-bar-gap*(count-1)-10)/count, 1.7*vg.Inch)
	tall := side
	if a, b := s.Axes[0].extent(s.Shape[0]), s.Axes[1].extent(s.Shape[1]); a > 0 && b > 0 {
		tall = side * vg.Length(min(max(b/a, 0.4), 2.5))
	}
	rows := s.rows()
	height := strip + head + vg.Length(len(rows))*(tall+gap) + 8
	f := newFigure(width, height)
	headline(f.box(6, height-strip-2, width-14, strip), s.Title)
	scale := s.scale()
	name := textStyle(9, font.WeightBold, ink)
	name.XAlign, name.YAlign = text.XRight, text.YCenter
	y := height - strip - head
	for i, r := range rows {
		y -= tall
		name.Color = seriesColour(r.Series)
		f.page.FillText(name, vg.Point{X: left - 8, Y: y + tall/2}, shortened(name, r.Name, left-12))
		x := vg.Length(left)
		for t, v := range r.Values {
			area := vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + side, Y: y + tall}}
			f.page.DrawImage(area, heat{v, s.Shape[0], s.Shape[1], fieldRamp, scale}.raster())
			if i == 0 {
				caption(f.page, x+side/2, y+tall+3, s.Times[t])
			}
			x += side + gap
		}
		y -= gap
	}
	bottom := height - strip - head - tall
	colourBar(f.box(left+count*(side+gap)+6, 0, bar, height), bottom, bottom+tall, fieldRamp, scale, s.Quantity)
	return f.png()
}

// shortened is a name as far as it fits a width.
func shortened(s text.Style, name string, width vg.Length) string {
	runes := []rune(name)
	for n := len(runes); n > 1 && s.Width(string(runes)) > width; n-- {
		runes = append(runes[:n-2:n-2], '…')
	}
	return string(runes)
}

// extent is the length that n points span.
func (a Axis) extent(n int) float64 { return a.at(n-1, n) - a.at(0, n) }
