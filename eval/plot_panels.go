package eval

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Panels is a table of pictures of data without a prediction beside it, row by row.
type Panels struct {
	Title string
	Grid  [][]Panel
}

// Panel is a curve over one axis or a map over two, row-major, with a scale of its own.
type Panel struct {
	Name   string
	Axes   []Axis
	Shape  []int
	Values []float64
}

func (p Panel) check() error {
	if len(p.Axes) < 1 || len(p.Axes) > 2 || len(p.Shape) != len(p.Axes) || product(p.Shape) != len(p.Values) || len(p.Values) == 0 {
		return fmt.Errorf("eval: panel %q of shape %v on %d axes has %d values", p.Name, p.Shape, len(p.Axes), len(p.Values))
	}
	return nil
}

// Plot draws the table as PNG. NaN and infinities are magenta in maps and gaps in curves.
func (s Panels) Plot() ([]byte, error) {
	const side, bar, gap, left, bottom, strip = 130, 50, 14, 34, 34, 18
	columns := 0
	for _, row := range s.Grid {
		columns = max(columns, len(row))
		for _, p := range row {
			if err := p.check(); err != nil {
				return nil, err
			}
		}
	}
	if columns == 0 {
		return nil, fmt.Errorf("eval: the picture %q has no panels", s.Title)
	}
	const wide, high = left + side + bar + gap, side + bottom + gap
	height := vg.Length(len(s.Grid)*high + 2*strip)
	f := newFigure(vg.Length(columns*wide+gap), height)
	headline(f.box(6, height-strip-4, vg.Length(columns*wide), strip), s.Title)
	for i, row := range s.Grid {
		for j, p := range row {
			x, y := vg.Length(j*wide+left), height-2*strip-vg.Length((i+1)*high)+bottom
			area := vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + side, Y: y + side}}
			if len(p.Axes) == 1 {
				curve := newPlot(p.Name, p.Axes[0].label(), "")
				addGrid(curve)
				line, err := plotter.NewLine(p.finite())
				if err == nil {
					line.LineStyle = stroke(1.4, blue)
					curve.Add(line)
				}
				drawAt(curve, f.page, area)
				continue
			}
			h := heat{p.Values, p.Shape[0], p.Shape[1], fieldRamp, spanOf(p.Values)}
			drawAt(h.plot(p.Name, p.Axes[0], p.Axes[1]), f.page, area)
			colourBar(f.box(x+side+6, 0, bar, height), y, y+side, h.colour, h.scale, "")
		}
	}
	return f.png()
}

// finite are the points of a curve.
func (p Panel) finite() plotter.XYs {
	var points plotter.XYs
	for i, y := range p.Values {
		if !math.IsNaN(y) && !math.IsInf(y, 0) {
			points = append(points, plotter.XY{X: p.Axes[0].at(i, len(p.Values)), Y: y})
		}
	}
	return points
}

// Rows are the values of every point of every panel.
func (s Panels) Rows() [][]string {
	rows := [][]string{{"panel", "a", "b", "value"}}
	for _, row := range s.Grid {
		for _, p := range row {
			for _, line := range gridRows(p.Axes, p.Shape, p.Values) {
				if len(p.Axes) == 1 {
					line = []string{line[0], "", line[1]}
				}
				rows = append(rows, append([]string{p.Name}, line...))
			}
		}
	}
	return rows
}
