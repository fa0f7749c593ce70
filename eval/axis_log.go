package eval

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// logSpan is the range of the finite positive values, widened by a little and to half a decade at least.
func logSpan(arrays ...[]float64) span {
	s := span{math.Inf(1), 0}
	for _, v := range arrays {
		for _, x := range v {
			if x > 0 && !math.IsInf(x, 0) {
				s.least, s.most = min(s.least, x), max(s.most, x)
			}
		}
	}
	if s.most == 0 {
		return span{0.1, 10}
	}
	grow := max(1.3, math.Sqrt(3.2/(s.most/s.least)))
	return span{max(s.least/grow, math.SmallestNonzeroFloat64), min(s.most*grow, math.MaxFloat64)}
}

// clip moves a value into the span; NaN goes to its top.
func (s span) clip(v float64) float64 {
	if !(v <= s.most) {
		return s.most
	}
	return max(v, s.least)
}

// logAxis makes an axis logarithmic over a span.
func logAxis(a *plot.Axis, s span) {
	a.Scale = plot.LogScale{}
	a.Tick.Marker = logTicks{}
	a.Min, a.Max = s.least, s.most
}

// addLog adds a curve to a plot with a logarithmic y axis, interrupted where it has no finite positive value.
func addLog(p *plot.Plot, v []float64, x func(i int) float64, style draw.LineStyle) error {
	var run plotter.XYs
	flush := func() error {
		if len(run) == 0 {
			return nil
		}
		line, err := plotter.NewLine(run)
		if err != nil {
			return fmt.Errorf("eval: plot curve: %w", err)
		}
		line.LineStyle = style
		p.Add(line)
		run = nil
		return nil
	}
	for i, y := range v {
		if y > 0 && !math.IsInf(y, 0) {
			run = append(run, plotter.XY{X: x(i), Y: y})
			continue
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return flush()
}
