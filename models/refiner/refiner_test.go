package refiner_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

const points = 64

// levelOf is the level of a number: training draws levels evenly, a flow's number is its time.
func levelOf(p refiner.Process, number float64) refiner.Level {
	if _, flow := p.(*refiner.Flow); flow {
		return p.At(number)
	}
	return p.At((number + 0.5) / (p.Last() + 1))
}

// sample runs a process with a network given as answer = f(state, level), on noise from rnd, and returns sample and first noise.
func sample(t *testing.T, c refiner.Config, f func(state op.Value, l refiner.Level) op.Value) (out, first []float64) {
	t.Helper()
	p, err := refiner.New(c)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	g := op.NewGraph()
	noise := func(i int) op.Value {
		e := make([]float64, points)
		for j := range e {
			e[j] = rnd.NormFloat64()
		}
		if i == 0 {
			first = e
		}
		return g.Constant(fmt.Sprint("noise", i), op.Float64, op.Of(1, points, 1), e)
	}
	zero := g.Constant("zero", op.Float64, op.Of(1, points, 1), make([]float64, points))
	list := p.Sample(func(state op.Value, number float64) op.Value { return f(state, levelOf(p, number)) }, noise, zero)
	backend, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	program, err := engine.Compile(g, []op.Value{list[len(list)-1]}, nil, engine.NewStore(backend))
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Run(); err != nil {
		t.Fatal(err)
	}
	out = make([]float64, points)
	if err := engine.Output(program, 0, out); err != nil {
		t.Fatal(err)
	}
	return out, first
}

// truth is the field that there is to find.
func truth() []float64 {
	y := make([]float64, points)
	for i := range y {
		y[i] = math.Sin(float64(i))
	}
	return y
}

// oracle is the network that knows y: ε̂ = (state − a·y)/b and the answer that training would ask for.
func oracle(state op.Value, l refiner.Level) op.Value {
	y := state.Graph().Constant("truth", op.Float64, op.Of(1, points, 1), truth())
	answer := op.Scale(y, l.AnswerSignal)
	if l.Noise > 0 && l.AnswerNoise != 0 {
		e := op.Scale(op.Sub(state, op.Scale(y, l.Signal)), 1/l.Noise)
		answer = op.Add(answer, op.Scale(e, l.AnswerNoise))
	}
	return answer
}

func distance(a, b []float64) float64 {
	worst := 0.0
	for i, x := range a {
		if d := math.Abs(x - b[i]); !(d <= worst) {
			worst = d
		}
	}
	return worst
}

// TestOracleIsReproduced: with the answers that training asks for, every process ends at y, whatever the noise.
func TestOracleIsReproduced(t *testing.T) {
	for _, c := range []refiner.Config{
		{Kind: "refine"}, {Kind: "refine", Steps: 1, Noise: 0.05}, {Kind: "refine", Convention: "variance", Steps: 8},
		{Kind: "diffuse"}, {Kind: "diffuse", Sampler: "ddim"}, {Kind: "diffuse", Predict: "noise", Convention: "std", Noise: 0.01, Steps: 2},
		{Kind: "diffuse", Predict: "noise", Sampler: "ddim", Convention: "std", Noise: 0.01},
		{Kind: "flow", Sampler: "euler", Steps: 1}, {Kind: "flow", Sampler: "euler"},
		{Kind: "flow", Path: "variance_preserving", Sampler: "euler", Steps: 1}, {Kind: "direct"},
	} {
		got, _ := sample(t, c, oracle)
		tol := 1e-10
		if c.Path == "variance_preserving" {
			tol = 0.01 // its start holds that much of y
		}
		if d := distance(got, truth()); !(d <= tol) {
			t.Errorf("%+v: %v away from y", c, d)
		}
	}
}

// TestOrder: the error of a flow's solver falls with its order when its steps are halved.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		path, sampler string
		order         float64
	}{{"trigonometric", "euler", 1}, {"trigonometric", "heun", 2}} {
		at := func(steps int) float64 {
			got, e := sample(t, refiner.Config{Kind: "flow", Path: c.path, Sampler: c.sampler, Steps: steps}, gaussian)
			want := make([]float64, points)
			for i := range want {
				want[i] = mean + spread*e[i]
			}
			return distance(got, want)
		}
		if order := math.Log2(at(16) / at(32)); !(math.Abs(order-c.order) < 0.25) {
			t.Errorf("%s, %s: order %v, want %v", c.path, c.sampler, order, c.order)
		}
	}
}

const mean, spread = 0.7, 0.3

// gaussian is the velocity of a flow to y ~ N(mean, spread²): a′·mean + (a·a′·spread² + b·b′)/(a²·spread² + b²)·(state − a·mean).
func gaussian(state op.Value, l refiner.Level) op.Value {
	a, b, da, db := l.Signal, l.Noise, l.AnswerSignal, l.AnswerNoise
	k := (a*da*spread*spread + b*db) / (a*a*spread*spread + b*b)
	return op.Affine(state, k, da*mean-k*a*mean)
}

// TestFlowTransportsGaussians: the flow to a normal distribution is the affine map ε → mean + spread·ε along every path from noise.
func TestFlowTransportsGaussians(t *testing.T) {
	for _, path := range []string{"linear", "trigonometric"} {
		got, e := sample(t, refiner.Config{Kind: "flow", Path: path, Steps: 64}, gaussian)
		for i, x := range e {
			e[i] = mean + spread*x
		}
		if d := distance(got, e); !(d <= 5e-3) {
			t.Errorf("%s: %v away from the affine map", path, d)
		}
	}
}

// TestPathsMeetTheirEnds: y is all that is left at t = 1, and the rates are the derivatives.
func TestPathsMeetTheirEnds(t *testing.T) {
	for _, path := range []string{"linear", "trigonometric", "variance_preserving", "bridge"} {
		p, err := refiner.New(refiner.Config{Kind: "flow", Path: path})
		if err != nil {
			t.Fatal(err)
		}
		end := p.At(1)
		if !(math.Abs(end.Signal-1) < 1e-3 && math.Abs(end.Noise) < 0.02) {
			t.Errorf("%s ends at %+v", path, end)
		}
		start := p.At(0)
		if !(math.Abs(start.Signal) < 0.01) || (path != "bridge") != (start.Noise > 0.99) {
			t.Errorf("%s starts at %+v", path, start)
		}
		const u, h = 0.3, 1e-6
		before, l, after := p.At(u-h), p.At(u), p.At(u+h)
		dt := after.Number - before.Number
		if d := math.Abs((after.Signal-before.Signal)/dt - l.AnswerSignal); !(d < 1e-7) {
			t.Errorf("%s: the signal's rate is %v off", path, d)
		}
		if d := math.Abs((after.Noise-before.Noise)/dt - l.AnswerNoise); !(d < 1e-7) {
			t.Errorf("%s: the noise's rate is %v off", path, d)
		}
	}
}

// TestCorrectAddsUp: each call adds the error that it predicts.
func TestCorrectAddsUp(t *testing.T) {
	y := truth()
	got, _ := sample(t, refiner.Config{Kind: "correct", Steps: 2}, func(state op.Value, _ refiner.Level) op.Value {
		return op.Scale(op.Sub(state.Graph().Constant("truth", op.Float64, op.Of(1, points, 1), y), state), 0.5) // half of what is missing
	})
	for i := range y {
		y[i] *= 1 - 1./8
	}
	if d := distance(got, y); !(d <= 1e-14) {
		t.Errorf("%v away", d)
	}
}

// TestConventionsAreSquares: a variance of n is a standard deviation of √n.
func TestConventionsAreSquares(t *testing.T) {
	for _, kind := range []string{"refine", "diffuse"} {
		a, errA := refiner.New(refiner.Config{Kind: kind, Noise: 1e-4, Convention: "variance"})
		b, errB := refiner.New(refiner.Config{Kind: kind, Noise: 1e-2, Convention: "std"})
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		for _, u := range []float64{0, 0.3, 0.6, 0.9} {
			x, y := a.At(u), b.At(u)
			if !(math.Abs(x.Noise-y.Noise) <= 1e-12 && math.Abs(x.Signal-y.Signal) <= 1e-12) {
				t.Errorf("%s: %+v and %+v", kind, x, y)
			}
		}
	}
}

// TestWrongConfigs name what is wrong.
func TestWrongConfigs(t *testing.T) {
	for _, c := range []refiner.Config{
		{Kind: "refiner"}, {Steps: 2}, {Kind: "refine", Steps: -1}, {Kind: "refine", Noise: 1}, {Kind: "refine", Noise: math.NaN()}, {Kind: "refine", Convention: "sigma"},
		{Kind: "refine", Predict: "noise"}, {Kind: "diffuse", Sampler: "heun"}, {Kind: "diffuse", Predict: "y"}, {Kind: "flow", Path: "straight"},
		{Kind: "flow", Sampler: "ddim"}, {Kind: "flow", Path: "bridge", Noise: -1},
	} {
		if _, err := refiner.New(c); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
	if p, err := refiner.New(refiner.Config{}); p != nil || err != nil {
		t.Errorf("the zero Config gives %v, %v", p, err)
	}
}
