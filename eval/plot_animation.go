package eval

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"slices"

	"golang.org/x/image/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// animationSide is about how many pixels a map of an animation is wide, of more than three a part of it.
const animationSide = 240

// animationBytes is the most that an animation takes, for as long as it has animationFrames of them to leave out.
const (
	animationBytes  = 1200 << 10
	animationFrames = 8
)

// Animation shows snapshots after each other, each for Delay hundredths of a second.
type Animation struct {
	Snapshots
	Delay int
}

// Plot draws the truth and the surrogates side by side, with their names and the time, as an animated GIF without end. Where
// that is large, every second frame is left out.
func (s Animation) Plot() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	colours := animationPalette()
	const gap, head, foot = 8, 26, 24
	rows := s.rows()
	zoom := max(1, animationSide/((len(rows)+2)/3)/max(s.Shape[0], s.Shape[1]))
	w, h := s.Shape[0]*zoom, s.Shape[1]*zoom
	size := image.Rect(0, 0, len(rows)*(w+gap)+gap, h+head+foot)
	scale := s.scale()
	names := animationText(size, colours, func(f figure, pixel vg.Length) {
		style := textStyle(13*pixel, font.WeightBold, ink)
		style.XAlign, style.YAlign = text.XCenter, text.YCenter
		for i, r := range rows {
			style.Color = seriesColour(r.Series)
			x := vg.Length(gap+i*(w+gap)+w/2) * pixel
			f.page.FillText(style, vg.Point{X: x, Y: f.page.Max.Y - head/2*pixel}, shortened(style, r.Name, vg.Length(w)*pixel))
		}
	})
	var out gif.GIF
	for t, label := range s.Times {
		frame := image.NewPaletted(size, colours)
		copy(frame.Pix, names.Pix)
		for i, r := range rows {
			left := gap + i*(w+gap)
			for x := range w {
				for y := range h {
					v := (r.Values[t][x/zoom*s.Shape[1]+y/zoom] - scale.least) / (scale.most - scale.least)
					frame.SetColorIndex(left+x, head+h-1-y, animationIndex(v))
				}
			}
		}
		stamp := animationText(image.Rect(0, 0, size.Dx(), foot), colours, func(f figure, pixel vg.Length) {
			style := textStyle(12*pixel, font.WeightNormal, ink)
			style.XAlign, style.YAlign = text.XLeft, text.YCenter
			f.page.FillText(style, vg.Point{X: gap * pixel, Y: foot / 2 * pixel}, label)
		})
		draw.Draw(frame, image.Rect(0, size.Dy()-foot, size.Dx(), size.Dy()), stamp, image.Point{}, draw.Src)
		out.Image, out.Delay = append(out.Image, frame), append(out.Delay, s.Delay)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &out); err != nil {
		return nil, fmt.Errorf("eval: animation %q: %w", s.Title, err)
	}
	if b.Len() > animationBytes && len(s.Times) > animationFrames {
		return s.thinned().Plot()
	}
	return b.Bytes(), nil
}

// thinned is every second frame for twice as long.
func (s Animation) thinned() Animation {
	second := func(list [][]float64) (out [][]float64) {
		for i := 0; i < len(list); i += 2 {
			out = append(out, list[i])
		}
		return out
	}
	thin := Animation{Snapshots: s.Snapshots, Delay: 2 * s.Delay}
	thin.Times, thin.Predictions = nil, nil
	for i := 0; i < len(s.Times); i += 2 {
		thin.Times = append(thin.Times, s.Times[i])
	}
	if s.Target != nil {
		thin.Target = second(s.Target)
	}
	for _, f := range s.Predictions {
		f.Values = second(f.Values)
		thin.Predictions = append(thin.Predictions, f)
	}
	return thin
}

// The palette of an animation: white, the colour of what is not a number, a few of text on white, and the ramp of fields.
const (
	animationMissing = 1
	animationRamp    = 56
)

func animationPalette() color.Palette {
	p := color.Palette{color.NRGBA{255, 255, 255, 255}, missingColour}
	for series := range 9 {
		c := seriesColour(series)
		for step := range 6 { // from the colour towards white, for the edges of letters
			mix := func(v uint8) uint8 { return uint8((int(v)*(6-step) + 255*step) / 6) }
			p = append(p, color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255})
		}
	}
	n := 256 - animationRamp
	for i := range n {
		p = append(p, fieldRamp.at(float64(i)/float64(n-1)))
	}
	return p
}

// animationIndex is the place of a value of [0, 1] in the palette.
func animationIndex(v float64) uint8 {
	const last = 255 - animationRamp
	if !(v-v == 0) {
		return animationMissing
	}
	return uint8(animationRamp + int(min(max(v, 0), 1)*last+0.5))
}

// animationText draws text on white at the pixels of an animation.
func animationText(size image.Rectangle, colours color.Palette, write func(f figure, pixel vg.Length)) *image.Paletted {
	pixel := vg.Inch / dotsPerInch
	f := newFigure(vg.Length(size.Dx())*pixel, vg.Length(size.Dy())*pixel)
	write(f, pixel)
	img := image.NewPaletted(size, slices.Clone(colours[:animationRamp]))
	draw.Draw(img, size, f.img.Image(), image.Point{}, draw.Src)
	img.Palette = colours
	return img
}
