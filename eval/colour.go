package eval

import (
	"image/color"
	"math"
)

// oklab is a colour in Ottosson's perceptual space: lightness in [0, 1], a from green to red, b from blue to yellow.
type oklab struct{ l, a, b float64 }

// rgb is the sRGB colour, clipped to the gamut. Source: B. Ottosson, "A perceptual color space for image processing" (2020).
func (c oklab) rgb() color.NRGBA {
	cube := func(x float64) float64 { return x * x * x }
	l := cube(c.l + 0.3963377774*c.a + 0.2158037573*c.b)
	m := cube(c.l - 0.1055613458*c.a - 0.0638541728*c.b)
	s := cube(c.l - 0.0894841775*c.a - 1.2914855480*c.b)
	encode := func(x float64) uint8 {
		x = min(max(x, 0), 1)
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		return uint8(math.Round(255 * x))
	}
	return color.NRGBA{
		encode(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		encode(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		encode(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		255,
	}
}

// ramp maps [0, 1] to colours whose lightness changes at a constant rate, so that it reads the same in grey, and whose
// hue runs along blue and yellow, which colour-blind eyes tell apart.
type ramp struct {
	from, to oklab
	bulge    oklab // added halfway, falling off as a sine; its lightness is zero
}

// fieldRamp runs from dark blue over green to light yellow, errorRamp from almost white over orange to dark violet.
var (
	fieldRamp = ramp{oklab{0.24, 0.01, -0.12}, oklab{0.94, -0.03, 0.16}, oklab{0, -0.09, 0}}
	errorRamp = ramp{oklab{0.98, 0, 0.015}, oklab{0.26, 0.05, -0.10}, oklab{0, 0.11, 0.10}}
)

// missingColour stands for NaN and infinities.
var missingColour = color.NRGBA{0xff, 0x4d, 0xd2, 255}

// at is the colour of s, clipped to [0, 1].
func (r ramp) at(s float64) color.NRGBA {
	if math.IsNaN(s) || math.IsInf(s, 0) {
		return missingColour
	}
	s = min(max(s, 0), 1)
	bulge := math.Sin(math.Pi * s)
	return oklab{
		r.from.l + s*(r.to.l-r.from.l),
		r.from.a + s*(r.to.a-r.from.a) + bulge*r.bulge.a,
		r.from.b + s*(r.to.b-r.from.b) + bulge*r.bulge.b,
	}.rgb()
}
