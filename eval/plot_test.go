package eval_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image/gif"
	"image/png"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// sine1 is a wave and a slightly shifted prediction of it.
func sine1() eval.Sample {
	const n = 128
	s := eval.Sample{
		Title: "Burgers, one step, sample 3", Quantity: "u / (m/s)",
		Axes: []eval.Axis{{Name: "x", Unit: "m", Min: 0, Max: 1}}, Shape: []int{n},
	}
	for i := range n {
		x := 2 * math.Pi * float64(i) / (n - 1)
		s.Input = append(s.Input, math.Sin(x)+0.4*math.Cos(3*x))
		s.Target = append(s.Target, 0.9*math.Sin(x-0.3)+0.3*math.Cos(3*x))
		s.Prediction = append(s.Prediction, 0.9*math.Sin(x-0.32)+0.3*math.Cos(3*x)+0.01*math.Sin(20*x))
	}
	return s
}

// darcyLike is a two-valued input with a smooth answer.
func darcyLike(nx, ny int) eval.Sample {
	s := eval.Sample{
		Title: "Darcy, sample 0", Quantity: "u", InputQuantity: "a",
		Axes: []eval.Axis{{Name: "x", Max: 1}, {Name: "y", Max: 1}}, Shape: []int{nx, ny},
	}
	for i := range nx {
		for j := range ny {
			x, y := float64(i)/float64(nx-1), float64(j)/float64(ny-1)
			a := 3.0
			if math.Sin(7*x+2*y)+math.Cos(5*y-3*x*y) > 0.2 {
				a = 12
			}
			u := math.Sin(math.Pi*x) * math.Sin(math.Pi*y) * (0.01 + 0.004*x)
			s.Input = append(s.Input, a)
			s.Target = append(s.Target, u)
			s.Prediction = append(s.Prediction, u*(1+0.03*math.Sin(9*x)*math.Cos(8*y)))
		}
	}
	return s
}

// travelling is a space–time picture.
func travelling() eval.Sample {
	const frames, n = 41, 96
	s := eval.Sample{
		Title: "Rollout of sample 3", Quantity: "u",
		Axes: []eval.Axis{{Name: "t", Unit: "s", Max: 2, Time: true}, {Name: "x", Unit: "m", Max: 1}}, Shape: []int{frames, n},
	}
	for f := range frames {
		for i := range n {
			t, x := 2*float64(f)/(frames-1), 2*math.Pi*float64(i)/(n-1)
			s.Target = append(s.Target, math.Exp(-0.3*t)*math.Sin(x-2*t)+0.3*math.Cos(2*x+t))
			s.Prediction = append(s.Prediction, math.Exp(-0.3*t)*math.Sin(x-2.1*t)+0.3*math.Cos(2*x+t))
		}
	}
	return s
}

func growth(trajectories, steps int, lost bool) *eval.Growth {
	r := rand.New(rand.NewPCG(5, 6))
	g := &eval.Growth{}
	rate := make([]float64, trajectories)
	for b := range rate {
		rate[b] = 0.08 + 0.03*r.NormFloat64()
	}
	for n := range steps {
		p := eval.Field[float32]{Data: make([]float32, trajectories), Shape: []int{trajectories, 1, 1}}
		q := eval.Field[float32]{Data: make([]float32, trajectories), Shape: p.Shape}
		for b := range trajectories {
			q.Data[b] = 1
			p.Data[b] = float32(1 + 0.002*math.Exp(rate[b]*float64(n)))
			if lost && b < 3 && n > 30+5*b {
				p.Data[b] = float32(math.NaN())
			}
		}
		if err := g.Add(p, q); err != nil {
			panic(err)
		}
	}
	return g
}

func trainingLog() []eval.LogPoint {
	r := rand.New(rand.NewPCG(7, 8))
	var b strings.Builder
	for s := 20; s <= 4000; s += 20 {
		x := float64(s) / 4000
		fmt.Fprintf(&b, `{"step":%d,"loss":%g,"lr":%g`, s, 0.5*math.Exp(-5*x)*math.Exp(0.15*r.NormFloat64()), 1e-3*(0.5+0.5*math.Cos(math.Pi*x)))
		if s%400 == 0 {
			fmt.Fprintf(&b, `,"valid":%g`, 0.55*math.Exp(-4.7*x))
		}
		b.WriteString("}\n")
	}
	log, err := eval.ReadLog(strings.NewReader(b.String()))
	if err != nil {
		panic(err)
	}
	return log
}

// growthCharts shows error and correlation of several runs.
func growthCharts(runs ...*eval.Growth) eval.Charts {
	errors := eval.Chart{Title: "relative L2 error", X: "t / s", Y: "error", LogY: true}
	correlations := eval.Chart{Title: "correlation", X: "t / s", Levels: []float64{0.8}}
	for i, g := range runs {
		time := make([]float64, g.Steps())
		for n := range time {
			time[n] = 0.05 * float64(n+1)
		}
		name := fmt.Sprintf("run %d", i+1)
		errors.Lines = append(errors.Lines, g.RelL2.Line(name, i+1, time, math.Inf(1)))
		correlations.Lines = append(correlations.Lines, g.Correlation.Line(name, i+1, time, -1))
		if len(g.NonFinite) > 0 {
			errors.Marks = append(errors.Marks, eval.Mark{X: time[g.NonFinite[0].Step-1], Text: "not finite", Series: i + 1})
		}
	}
	return eval.Charts{Title: "Growth", Panels: []eval.Chart{errors, correlations}}
}

// comparison is a wave and its predictions by several runs.
func comparison(runs int, truth bool) eval.Comparison {
	s := travelling()
	c := eval.Comparison{Title: "Trajectory 3", Quantity: "u", Time: s.Axes[0], Space: s.Axes[1], Points: s.Shape[1]}
	if truth {
		c.Target = s.Target
	}
	for i := range runs {
		p := eval.Prediction{Name: fmt.Sprintf("run %d", i+1), Series: i + 1}
		for at, v := range s.Prediction {
			p.Values = append(p.Values, v+float64(i)*(s.Prediction[at]-s.Target[at]))
		}
		for n := range s.Shape[0] {
			p.Correlation = append(p.Correlation, math.Cos(0.02*float64((i+1)*n)))
		}
		c.Predictions = append(c.Predictions, p)
	}
	return c
}

// snapshots is an answer that fades, and a prediction of it.
func snapshots() eval.Snapshots {
	d := darcyLike(24, 16)
	s := eval.Snapshots{Title: "Trajectory 1", Quantity: "w", Axes: [2]eval.Axis(d.Axes), Shape: [2]int{24, 16}}
	frames := eval.Frames{Name: "a run with a name that does not fit", Series: 1}
	for n := range 4 {
		s.Times = append(s.Times, fmt.Sprintf("t = %d", n))
		s.Target = append(s.Target, scaled(eval.Field[float64]{Data: d.Target}, 1/float64(n+1)).Data)
		frames.Values = append(frames.Values, scaled(eval.Field[float64]{Data: d.Prediction}, 1/float64(n+1)).Data)
	}
	s.Predictions = []eval.Frames{frames}
	return s
}

// figures draws one of each kind.
func figures(t *testing.T) map[string][]byte {
	t.Helper()
	cube := darcyLike(24, 24)
	cube.Axes = append([]eval.Axis{{Name: "z", Max: 1}}, cube.Axes...)
	cube.Shape = []int{2, 24, 24}
	for _, v := range []*[]float64{&cube.Input, &cube.Target, &cube.Prediction} {
		*v = append(*v, *v...)
	}
	plots := map[string]func() ([]byte, error){
		"curves": func() ([]byte, error) { return sine1().Plot() },
		"maps":   func() ([]byte, error) { return darcyLike(16, 16).Plot() },
		"oblong": func() ([]byte, error) {
			s := darcyLike(64, 32)
			s.Axes[1].Max = 0.5
			s.InputQuantity = ""
			s.Input = s.Target
			return s.Plot()
		},
		"cube":       func() ([]byte, error) { return cube.Plot() },
		"stack":      func() ([]byte, error) { return travelling().Plot() },
		"growth":     func() ([]byte, error) { return growthCharts(growth(32, 60, false), growth(32, 60, true)).Plot() },
		"comparison": func() ([]byte, error) { return comparison(3, true).Plot() },
		"beyond":     func() ([]byte, error) { return comparison(1, false).Plot() },
		"snapshots":  func() ([]byte, error) { return snapshots().Plot() },
		"training":   func() ([]byte, error) { return (eval.Training{"Training", trainingLog()}).Plot() },
	}
	all := map[string][]byte{}
	for name, plot := range plots {
		one, err := plot()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = one
	}
	return all
}

// The same data give the same bytes, and they are a picture that is not blank.
func TestPlotsDeterministic(t *testing.T) {
	one, two := figures(t), figures(t)
	for name := range one {
		if !bytes.Equal(one[name], two[name]) {
			t.Errorf("%s differs between two drawings", name)
		}
		img, err := png.Decode(bytes.NewReader(one[name]))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		shades := map[uint32]bool{}
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 3 {
			for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 3 {
				r, g, b, _ := img.At(x, y).RGBA()
				shades[r>>8<<16|g>>8<<8|b>>8] = true
			}
		}
		if len(shades) < 8 {
			t.Errorf("%s has %d colours only", name, len(shades))
		}
	}
}

// Constant fields, lost predictions, single points and single steps are drawn, not panicked over.
func TestPlotsDegenerate(t *testing.T) {
	lost := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[i%3]
		}
		return v
	}
	line, plane := []eval.Axis{{Name: "x"}}, []eval.Axis{{Name: "x"}, {Name: "y"}}
	history := []eval.Axis{{Name: "t", Time: true}, {Name: "x"}}
	nan := math.NaN()
	for name, plot := range map[string]func() ([]byte, error){
		"lost curve": func() ([]byte, error) {
			return (eval.Sample{Axes: line, Shape: []int{4}, Target: make([]float64, 4), Prediction: lost(4)}).Plot()
		},
		"lost target": func() ([]byte, error) {
			return (eval.Sample{Axes: line, Shape: []int{4}, Target: lost(4), Prediction: lost(4)}).Plot()
		},
		"one point": func() ([]byte, error) {
			return (eval.Sample{Axes: line, Shape: []int{1}, Target: []float64{3}, Prediction: []float64{3}}).Plot()
		},
		"constant map": func() ([]byte, error) {
			return (eval.Sample{Axes: plane, Shape: []int{2, 3}, Target: make([]float64, 6), Prediction: make([]float64, 6)}).Plot()
		},
		"lost map": func() ([]byte, error) {
			return (eval.Sample{Axes: plane, Shape: []int{2, 3}, Target: lost(6), Prediction: lost(6)}).Plot()
		},
		"one cell": func() ([]byte, error) {
			return (eval.Sample{Axes: history, Shape: []int{1, 1}, Target: []float64{1}, Prediction: []float64{2}}).Plot()
		},
		"one step": func() ([]byte, error) { return growthCharts(growth(1, 1, false)).Plot() },
		"all lost": func() ([]byte, error) {
			return eval.Charts{Panels: []eval.Chart{{LogY: true, Lines: []eval.Line{{X: []float64{1, 2}, Y: lost(2), Low: lost(2), High: lost(2)}}}}}.Plot()
		},
		"exact": func() ([]byte, error) {
			return eval.Charts{Panels: []eval.Chart{{LogX: true, LogY: true, Lines: []eval.Line{{X: []float64{0, 1}, Y: []float64{0, 0}}}}}}.Plot()
		},
		"no lines": func() ([]byte, error) { return eval.Charts{Panels: []eval.Chart{{}}}.Plot() },
		"lost history": func() ([]byte, error) {
			return eval.Comparison{Points: 2, Target: lost(4), Predictions: []eval.Prediction{{Values: lost(4)}}}.Plot()
		},
		"one frame": func() ([]byte, error) {
			return eval.Comparison{Points: 1, Target: []float64{1}, Predictions: []eval.Prediction{{Values: []float64{1}, Correlation: []float64{nan}}}}.Plot()
		},
		"lost planes": func() ([]byte, error) {
			return eval.Snapshots{Shape: [2]int{1, 3}, Times: []string{""}, Predictions: []eval.Frames{{Values: [][]float64{lost(3)}}}}.Plot()
		},
		"one log line": func() ([]byte, error) {
			return (eval.Training{"", []eval.LogPoint{{Step: 1, Loss: 1, LR: 1, Valid: 1}}}).Plot()
		},
		"diverged log": func() ([]byte, error) {
			return (eval.Training{"", []eval.LogPoint{{Step: 1, Loss: nan, LR: nan, Valid: nan}, {Step: 2, Loss: math.Inf(1), LR: 0, Valid: -1}}}).Plot()
		},
		"negative rates": func() ([]byte, error) {
			return (eval.Training{"", []eval.LogPoint{{Step: 1, Loss: -1, LR: -1, Valid: 0}, {Step: 2, Loss: -2, LR: -2, Valid: 0}}}).Plot()
		},
	} {
		one, err := plot()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := png.Decode(bytes.NewReader(one)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, s := range map[string]eval.Sample{
		"no axes":      {},
		"short target": {Axes: line, Shape: []int{4}, Target: make([]float64, 3), Prediction: make([]float64, 4)},
		"four axes":    {Axes: append(plane, plane...), Shape: []int{1, 1, 1, 1}, Target: []float64{0}, Prediction: []float64{0}},
	} {
		if _, err := s.Plot(); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
	for name, p := range map[string]eval.Picture{
		"an empty log":                 eval.Training{},
		"a figure without panels":      eval.Charts{},
		"a line of unequal lengths":    eval.Charts{Panels: []eval.Chart{{Lines: []eval.Line{{X: []float64{1}}}}}},
		"a prediction that is shorter": eval.Comparison{Points: 1, Target: []float64{1, 2}, Predictions: []eval.Prediction{{Values: []float64{1}}}},
		"frames without a time":        eval.Snapshots{Shape: [2]int{1, 1}, Predictions: []eval.Frames{{Values: [][]float64{{1}}}}},
	} {
		if _, err := p.Plot(); err == nil {
			t.Errorf("%s was drawn", name)
		}
	}
}

// An animation has a frame for each time, whose maps are those of its palette, with the place of NaN told apart.
func TestAnimation(t *testing.T) {
	s := snapshots()
	s.Target[1][0] = math.NaN()
	f, err := eval.NewFigure("flow", "a flow", eval.Animation{Snapshots: s, Delay: 10})
	if err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(f.Image))
	if err != nil || f.Suffix() != "gif" || len(g.Image) != 4 || g.Delay[2] != 10 || g.LoopCount != 0 {
		t.Fatalf("%v, %s of %d frames", err, f.Suffix(), len(g.Image))
	}
	lost := func(frame int) (n int) {
		for _, c := range g.Image[frame].Pix {
			if c == 1 {
				n++
			}
		}
		return n
	}
	if lost(0) != 0 || lost(1) != 100 { // a point is 10 × 10 pixels
		t.Errorf("%d and %d pixels of what is not a number, want 0 and 100", lost(0), lost(1))
	}
}

// An animation of noise, which does not compress, leaves frames out until it is small, and shows the others for longer.
func TestAnimationIsBounded(t *testing.T) {
	const n, frames = 120, 40
	s := eval.Snapshots{Shape: [2]int{n, n}, Predictions: []eval.Frames{{Name: "noise"}}}
	for i := range frames {
		s.Times = append(s.Times, fmt.Sprint(i))
		s.Predictions[0].Values = append(s.Predictions[0].Values, randomField(uint64(i), n, n).Data)
	}
	image, err := eval.Animation{Snapshots: s, Delay: 5}.Plot()
	if err != nil || len(image) > 1200<<10 {
		t.Fatalf("%d bytes, %v", len(image), err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(image))
	if err != nil || !(len(g.Image) < frames) || len(g.Image)*g.Delay[0] < frames*5 {
		t.Errorf("%d frames of %d, %v", len(g.Image), g.Delay[0], err)
	}
}

// The numbers of a figure read back: one row for every point of every line, or of the grid.
func TestFigureRows(t *testing.T) {
	c := comparison(2, true)
	f, err := eval.NewFigure("trajectory", "", c)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(f.CSV)).ReadAll()
	if err != nil || len(rows) != 1+len(c.Target) || len(rows[0]) != 5 {
		t.Fatalf("%v: %d rows of %v", err, len(rows), rows[0])
	}
	last := rows[len(rows)-1]
	if v, err := strconv.ParseFloat(last[2], 64); err != nil || v != c.Target[len(c.Target)-1] || last[0] != "2" || last[1] != "1" {
		t.Errorf("last row %v, want the truth %g at the end of both axes", last, c.Target[len(c.Target)-1])
	}
	for name, p := range map[string]eval.Picture{
		"charts": growthCharts(growth(4, 6, false)), "sample": darcyLike(3, 4), "training": eval.Training{Log: trainingLog()}, "snapshots": snapshots(),
	} {
		rows := p.Rows()
		for _, row := range rows {
			if len(row) != len(rows[0]) {
				t.Fatalf("%s: a row has %d cells under a head of %d", name, len(row), len(rows[0]))
			}
		}
		want := map[string]int{"charts": 12, "sample": 12, "training": 200, "snapshots": 4 * 24 * 16}[name]
		if len(rows) != 1+want {
			t.Errorf("%s: %d rows, want %d", name, len(rows)-1, want)
		}
	}
}
