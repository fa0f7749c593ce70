package eval

import (
	"bytes"
	"image/png"
	"math"
	"testing"
)

// TestPanels: a table of curves and maps becomes one image, with values that are not finite too, and its numbers are those given.
func TestPanels(t *testing.T) {
	x := Axis{Name: "x", Max: 1}
	p := Panels{Title: "data", Grid: [][]Panel{
		{{Name: "u", Axes: []Axis{x}, Shape: []int{3}, Values: []float64{1, math.NaN(), 3}}},
		{{Name: "v", Axes: []Axis{x, {Name: "y"}}, Shape: []int{2, 2}, Values: []float64{1, 2, math.Inf(1), 4}}},
	}}
	f, err := NewFigure("data", "", p)
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(f.Image)); err != nil || img.Bounds().Dx() < 200 || img.Bounds().Dy() < 400 {
		t.Errorf("%v, %v", img, err)
	}
	rows := p.Rows()
	if len(rows) != 1+3+4 || rows[3][3] != "3" || rows[7][0] != "v" || rows[7][3] != "4" {
		t.Errorf("%q", rows)
	}
	for _, bad := range []Panels{{}, {Grid: [][]Panel{{{Axes: []Axis{x}, Shape: []int{4}, Values: []float64{1}}}}}} {
		if _, err := bad.Plot(); err == nil {
			t.Errorf("%+v was drawn", bad)
		}
	}
}
