package eval

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
)

// Picture is something to draw: an image, PNG or animated GIF, and the numbers that it shows, a head and rows of them.
type Picture interface {
	Plot() ([]byte, error)
	Rows() [][]string
}

// Figure is a picture with its caption, which also describes it to those who do not see it.
type Figure struct {
	Name    string // a file name without suffix
	Caption string
	Image   []byte // PNG or GIF
	CSV     []byte // the numbers it shows
}

// NewFigure draws a picture.
func NewFigure(name, caption string, p Picture) (Figure, error) {
	f := Figure{Name: name, Caption: caption}
	var err error
	if f.Image, err = p.Plot(); err != nil {
		return f, err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(p.Rows()); err != nil {
		return f, fmt.Errorf("eval: figure %s: %w", name, err)
	}
	f.CSV = b.Bytes()
	return f, nil
}

// Suffix is that of the image's file, png or gif.
func (f Figure) Suffix() string {
	if bytes.HasPrefix(f.Image, []byte("GIF8")) {
		return "gif"
	}
	return "png"
}

// cells writes numbers so that they read back the same.
func cells(v ...float64) []string {
	row := make([]string, len(v))
	for i, x := range v {
		row[i] = strconv.FormatFloat(x, 'g', -1, 64)
	}
	return row
}

// gridRows are coordinates and values at every point of a grid.
func gridRows(axes []Axis, shape []int, columns ...[]float64) [][]string {
	rows := make([][]string, 0, product(shape))
	for at := range product(shape) {
		row := make([]float64, len(axes), len(axes)+len(columns))
		rest := at
		for a := len(axes) - 1; a >= 0; a-- {
			row[a] = axes[a].at(rest%shape[a], shape[a])
			rest /= shape[a]
		}
		for _, v := range columns {
			row = append(row, v[at])
		}
		rows = append(rows, cells(row...))
	}
	return rows
}
