package eval_test

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
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
		"curves": func() ([]byte, error) { return eval.PlotSample(sine1()) },
		"maps":   func() ([]byte, error) { return eval.PlotSample(darcyLike(16, 16)) },
		"oblong": func() ([]byte, error) {
			s := darcyLike(64, 32)
			s.Axes[1].Max = 0.5
			s.InputQuantity = ""
			s.Input = s.Target
			return eval.PlotSample(s)
		},
		"cube":  func() ([]byte, error) { return eval.PlotSample(cube) },
		"stack": func() ([]byte, error) { return eval.PlotSample(travelling()) },
		"growth": func() ([]byte, error) {
			return eval.PlotGrowth("Rollout error", growth(32, 60, false), eval.Axis{Name: "t", Unit: "s", Min: 0.05, Max: 3})
		},
		"blowup":   func() ([]byte, error) { return eval.PlotGrowth("Rollout error", growth(32, 60, true), eval.Axis{}) },
		"training": func() ([]byte, error) { return eval.PlotTraining("Training", trainingLog()) },
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
			return eval.PlotSample(eval.Sample{Axes: line, Shape: []int{4}, Target: make([]float64, 4), Prediction: lost(4)})
		},
		"lost target": func() ([]byte, error) {
			return eval.PlotSample(eval.Sample{Axes: line, Shape: []int{4}, Target: lost(4), Prediction: lost(4)})
		},
		"one point": func() ([]byte, error) {
			return eval.PlotSample(eval.Sample{Axes: line, Shape: []int{1}, Target: []float64{3}, Prediction: []float64{3}})
		},
		"constant map": func() ([]byte, error) {
			return eval.PlotSample(eval.Sample{Axes: plane, Shape: []int{2, 3}, Target: make([]float64, 6), Prediction: make([]float64, 6)})
		},
		"lost map": func() ([]byte, error) {
			return eval.PlotSample(eval.Sample{Axes: plane, Shape: []int{2, 3}, Target: lost(6), Prediction: lost(6)})
		},
		"one cell": func() ([]byte, error) {
			return eval.PlotSample(eval.Sample{Axes: history, Shape: []int{1, 1}, Target: []float64{1}, Prediction: []float64{2}})
		},
		"one step": func() ([]byte, error) { return eval.PlotGrowth("", growth(1, 1, false), eval.Axis{}) },
		"all lost": func() ([]byte, error) {
			return eval.PlotGrowth("", &eval.Growth{RelL2: [][]float64{{nan}, {nan}}}, eval.Axis{})
		},
		"exact": func() ([]byte, error) {
			return eval.PlotGrowth("", &eval.Growth{RelL2: [][]float64{{0}, {0}}}, eval.Axis{})
		},
		"one log line": func() ([]byte, error) {
			return eval.PlotTraining("", []eval.LogPoint{{Step: 1, Loss: 1, LR: 1, Valid: 1}})
		},
		"diverged log": func() ([]byte, error) {
			return eval.PlotTraining("", []eval.LogPoint{{Step: 1, Loss: nan, LR: nan, Valid: nan}, {Step: 2, Loss: math.Inf(1), LR: 0, Valid: -1}})
		},
		"negative rates": func() ([]byte, error) {
			return eval.PlotTraining("", []eval.LogPoint{{Step: 1, Loss: -1, LR: -1, Valid: 0}, {Step: 2, Loss: -2, LR: -2, Valid: 0}})
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
		if _, err := eval.PlotSample(s); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
	if _, err := eval.PlotGrowth("", &eval.Growth{}, eval.Axis{}); err == nil {
		t.Error("a rollout without steps was drawn")
	}
	if _, err := eval.PlotTraining("", nil); err == nil {
		t.Error("an empty log was drawn")
	}
}
