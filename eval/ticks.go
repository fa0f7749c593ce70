package eval

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// linearTicks marks round numbers (1, 2 or 5 times a power of ten), about count of them.
type linearTicks struct{ count int }

// Ticks implements plot.Ticker.
func (l linearTicks) Ticks(least, most float64) []plot.Tick {
	step := roundStep((most - least) / float64(l.count))
	if !(step > 0) || math.IsInf(step, 0) {
		return nil
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for i := math.Ceil(least/step - 1e-9); i*step <= most+1e-9*step; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: tickLabel(i*step, decimals)})
	}
	return ticks
}

// roundStep is the 1, 2 or 5 times a power of ten nearest above a step.
func roundStep(step float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= step*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// tickLabel writes a number as short as its neighbours allow.
func tickLabel(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if decimals > 4 || math.Abs(v) >= 1e5 {
		s = strconv.FormatFloat(v, 'g', 3, 64)
	}
	if v == 0 {
		s = "0"
	}
	return shorten(s)
}

// logTicks marks the powers of ten inside the range, thinned to about eight; where there are fewer than two, also 2 and 5
// times them.
type logTicks struct{}

// Ticks implements plot.Ticker.
func (logTicks) Ticks(least, most float64) []plot.Tick {
	if !(least > 0) || !(most > least) {
		return nil
	}
	low, high := int(math.Floor(math.Log10(least))), int(math.Ceil(math.Log10(most)))
	every := 1 + (high-low)/8
	fine := math.Log10(most/least) < 1.7
	var ticks []plot.Tick
	for e := low; e <= high; e++ {
		for m := 1; m < 10; m++ {
			v := float64(m) * math.Pow(10, float64(e))
			if v < least*(1-1e-9) || v > most*(1+1e-9) {
				continue
			}
			label := ""
			if m == 1 && e%every == 0 || fine && (m == 2 || m == 5) {
				label = strconv.FormatFloat(v, 'g', 3, 64)
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: shorten(label)})
		}
	}
	return ticks
}

// shorten writes −1e−5 for -1e-05, with the sign of printed mathematics.
func shorten(s string) string {
	return strings.NewReplacer("e-0", "e−", "e+0", "e", "e+", "e", "-", "−").Replace(s)
}
