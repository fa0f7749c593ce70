package eval

import (
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"golang.org/x/image/font"
)

// The strip over a figure holds its title at the left and the key at the right, or below the title, in as many rows as it takes.

const (
	stripRow                    = 16
	keySample, keyGap           = 20, 5
	keySpace          vg.Length = 16
)

func keyStyle() text.Style {
	s := textStyle(8.5, font.WeightNormal, ink)
	s.XAlign, s.YAlign = text.XLeft, text.YCenter
	return s
}

func (e keyEntry) width() vg.Length { return keySample + keyGap + keyStyle().Width(e.name) }

// keyRows divides entries into rows that fit a width.
func keyRows(entries []keyEntry, width vg.Length) [][]keyEntry {
	var rows [][]keyEntry
	used := vg.Length(0)
	for _, e := range entries {
		if len(rows) == 0 || used+keySpace+e.width() > width {
			rows, used = append(rows, nil), -keySpace
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
		used += keySpace + e.width()
	}
	return rows
}

// beside reports whether the key fits into the row of the title.
func beside(title string, entries []keyEntry, width vg.Length) bool {
	used := textStyle(10, font.WeightBold, ink).Width(title) + keySpace
	for _, e := range entries {
		used += keySpace + e.width()
	}
	return used <= width
}

func stripHeight(title string, entries []keyEntry, width vg.Length) vg.Length {
	if beside(title, entries, width) {
		return stripRow + 8
	}
	return stripRow*vg.Length(1+len(keyRows(entries, width))) + 8
}

func drawStrip(c draw.Canvas, title string, entries []keyEntry) {
	row := func(i int) draw.Canvas {
		r := c
		r.Max.Y = c.Max.Y - 4 - vg.Length(i)*stripRow
		r.Min.Y = r.Max.Y - stripRow
		return r
	}
	headline(row(0), title)
	if beside(title, entries, c.Max.X-c.Min.X) {
		key(row(0), entries)
		return
	}
	for i, entries := range keyRows(entries, c.Max.X-c.Min.X) {
		key(row(i+1), entries)
	}
}
