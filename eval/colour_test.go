package eval

import (
	"math"
	"testing"
)

// Every map of colours gets steadily lighter or darker, so that it reads in grey.
func TestRampsReadInGrey(t *testing.T) {
	linear := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	for name, r := range map[string]struct {
		ramp ramp
		sign float64
	}{"fields": {fieldRamp, 1}, "errors": {errorRamp, -1}} {
		last, least, most := math.Inf(-1), math.Inf(1), math.Inf(-1)
		for i := range 33 {
			c := r.ramp.at(float64(i) / 32)
			grey := 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B) // relative luminance of sRGB
			if !(r.sign*grey > last) {
				t.Errorf("%s: luminance %g at step %d does not go on from %g", name, grey, i, r.sign*last)
			}
			last, least, most = r.sign*grey, min(least, grey), max(most, grey)
		}
		if !(most-least >= 0.7) {
			t.Errorf("%s spans luminance %g to %g only", name, least, most)
		}
	}
	if fieldRamp.at(math.NaN()) != missingColour || fieldRamp.at(2) != fieldRamp.at(1) {
		t.Error("NaN has no colour of its own, or values above the scale do not take its end")
	}
}

// The ticks of an axis lie in its range, are round, and are told apart by their labels.
func TestTicks(t *testing.T) {
	for _, c := range []struct {
		s    span
		log  bool
		want []string
	}{
		{span{0, 1}, false, []string{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
		{span{-1.3, 1.3}, false, []string{"−1", "0", "1"}},
		{span{0, 3.4e-7}, false, []string{"0", "1e−7", "2e−7", "3e−7"}},
		{span{1000.1, 1000.35}, false, []string{"1000.10", "1000.15", "1000.20", "1000.25", "1000.30", "1000.35"}},
		{span{2e-3, 3}, true, []string{"0.01", "0.1", "1"}},
		{span{0.3, 0.9}, true, []string{"0.5"}},
	} {
		ticker := linearTicks{5}.Ticks
		if c.log {
			ticker = logTicks{}.Ticks
		}
		var got []string
		for _, tick := range ticker(c.s.least, c.s.most) {
			if !(tick.Value >= c.s.least-1e-9 && tick.Value <= c.s.most*(1+1e-9)) {
				t.Errorf("%v: tick %g is outside", c.s, tick.Value)
			}
			if tick.Label != "" {
				got = append(got, tick.Label)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%v: ticks %q, want %q", c.s, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v: ticks %q, want %q", c.s, got, c.want)
				break
			}
		}
	}
}
