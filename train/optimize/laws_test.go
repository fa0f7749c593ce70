package optimize_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train/optimize"
)

func store(t testing.TB) *engine.Store {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return engine.NewStore(b)
}

// rosenbrock is 100(y − x²)² + (1 − x)² from (−1.2, 1), as residuals of one point.
func rosenbrock(t testing.TB) optimize.Problem {
	p := optimize.Problem{Store: store(t), Build: func(g *op.Graph) (params, rows []op.Value) {
		w := g.Variable("param.w", op.Float64, op.Of(1, 2))
		z := op.MatMul(g.Input("one", op.Float64, op.Of(1, 1)), w, false, false)
		x, y := op.SliceAxis(z, 1, 0, 1), op.SliceAxis(z, 1, 1, 1)
		return []op.Value{w}, []op.Value{op.Scale(op.Sub(y, op.Mul(x, x)), 10), op.Affine(x, -1, 1)}
	}, Feed: func(p *engine.Program) error { return engine.Feed(p, "one", []float64{1}) }}
	set(t, p, []float64{-1.2, 1})
	return p
}

// set declares the parameters and gives them values.
func set(t testing.TB, p optimize.Problem, x []float64) *optimize.Objective {
	t.Helper()
	o, err := optimize.NewObjective(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Set(x); err != nil {
		t.Fatal(err)
	}
	return o
}

// linear is ‖Aw − b‖²/m for a random A [m, n] with singular values between about 0.1 and 1, and b = A·(1, 2, .., n), or noise with
// noise set: a quadratic.
func linear(t testing.TB, m, n int) (p optimize.Problem, want []float64) {
	rnd := rand.New(rand.NewPCG(7, 7))
	a, b := make([]float64, m*n), make([]float64, m)
	want = make([]float64, n)
	for j := range want {
		want[j] = float64(j + 1)
	}
	for i := range m {
		for j := range n {
			a[i*n+j] = rnd.NormFloat64() * math.Pow(0.1, float64(j)/float64(n))
			b[i] += a[i*n+j] * want[j]
		}
	}
	p = optimize.Problem{Store: store(t), Build: func(g *op.Graph) (params, rows []op.Value) {
		w := g.Variable("param.w", op.Float64, op.Of(n, 1))
		return []op.Value{w}, []op.Value{op.Sub(op.MatMul(g.Input("a", op.Float64, op.Of(m, n)), w, false, false), g.Input("b", op.Float64, op.Of(m, 1)))}
	}, Feed: func(p *engine.Program) error {
		if err := engine.Feed(p, "a", a); err != nil {
			return err
		}
		return engine.Feed(p, "b", b)
	}}
	set(t, p, make([]float64, n))
	return p, want
}

// regression fits sin 3x by a tanh network of 1-8-1 at 24 points, p = 25, in two columns of 16 and 8.
func regression(t testing.TB) optimize.Problem {
	p := optimize.Problem{Store: store(t), Build: func(g *op.Graph) (params, rows []op.Value) {
		w, b := g.Variable("param.w", op.Float64, op.Of(1, 8)), g.Variable("param.b", op.Float64, op.Of(8))
		v, c := g.Variable("param.v", op.Float64, op.Of(8, 1)), g.Variable("param.c", op.Float64, op.Of(1))
		for i, m := range []int{16, 8} {
			x := g.Input(fmt.Sprint("x", i), op.Float64, op.Of(m, 1))
			u := op.Add(op.MatMul(op.Tanh(op.Add(op.MatMul(x, w, false, false), b)), v, false, false), c)
			rows = append(rows, op.Sub(u, op.Sin(op.Scale(x, 3))))
		}
		return []op.Value{w, b, v, c}, rows
	}, Feed: func(p *engine.Program) error {
		for i, m := range []int{16, 8} {
			x := make([]float64, m)
			for j := range x {
				x[j] = 2*(float64(j)+0.25+0.5*float64(i))/float64(m) - 1
			}
			if err := engine.Feed(p, fmt.Sprint("x", i), x); err != nil {
				return err
			}
		}
		return nil
	}}
	rnd := rand.New(rand.NewPCG(3, 3))
	x := make([]float64, 25)
	for i := range x {
		x[i] = rnd.NormFloat64()
	}
	set(t, p, x)
	return p
}

// methods builds each method on a problem.
func methods(t testing.TB, p optimize.Problem) map[string]optimize.Method {
	t.Helper()
	o, err := optimize.NewObjective(p)
	if err != nil {
		t.Fatal(err)
	}
	lm, err := optimize.NewLevenbergMarquardt(p, optimize.LevenbergMarquardtConfig{})
	if err != nil {
		t.Fatal(err)
	}
	broyden, err := optimize.NewBroyden(p)
	if err != nil {
		t.Fatal(err)
	}
	gn, err := optimize.NewGaussNewton(p, optimize.GaussNewtonConfig{})
	if err != nil {
		t.Fatal(err)
	}
	cg, err := optimize.NewNewtonCG(p, optimize.NewtonCGConfig{Rank: 4})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]optimize.Method{"lm": lm, "lbfgs": optimize.NewLBFGS(o, optimize.LBFGSConfig{}), "ssbroyden": broyden, "gauss_newton": gn, "newton_cg": cg}
}

// minimise steps until f ≤ goal, checking that f never grows, and returns the number of steps; −1 if the method does not get there.
func minimise(t *testing.T, m optimize.Method, goal float64, most int) int {
	t.Helper()
	last := math.Inf(1)
	for k := range most {
		r, err := m.Step()
		if err != nil {
			t.Fatal(err)
		}
		if !(r.F <= last) {
			t.Fatalf("step %d: f grows from %g to %g", k, last, r.F)
		}
		if last = r.F; last <= goal {
			return k + 1
		}
	}
	t.Logf("f is %g after %d steps", last, most)
	return -1
}

// TestQuadratic: a quadratic is minimised in few steps by all, in one by Gauss–Newton.
func TestQuadratic(t *testing.T) {
	for name, most := range map[string]int{"lm": 12, "lbfgs": 40, "ssbroyden": 60, "gauss_newton": 1, "newton_cg": 8} {
		p, want := linear(t, 40, 10)
		if n := minimise(t, methods(t, p)[name], 1e-16, most); n < 0 {
			t.Errorf("%s needs more than %d steps", name, most)
		}
		x, err := p.Store.Get("param.w")
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if !(math.Abs(x[i]-want[i]) <= 1e-6) {
				t.Errorf("%s: parameter %d is %v, want %v", name, i, x[i], want[i])
			}
		}
	}
}

// TestRosenbrock: the curved valley is followed to its end, without growing f.
func TestRosenbrock(t *testing.T) {
	for name, most := range map[string]int{"lm": 40, "lbfgs": 60, "ssbroyden": 80, "gauss_newton": 40, "newton_cg": 60} {
		if n := minimise(t, methods(t, rosenbrock(t))[name], 1e-20, most); n < 0 {
			t.Errorf("%s needs more than %d steps", name, most)
		}
	}
}

// TestWoodbury: with more parameters than residuals the step is the one of the larger system.
func TestWoodbury(t *testing.T) {
	const m, n, lambda = 6, 9, 1e-3
	p, _ := linear(t, m, n)
	o, err := optimize.NewObjective(p)
	if err != nil {
		t.Fatal(err)
	}
	x, g := make([]float64, n), make([]float64, n)
	if _, err := o.At(x, g); err != nil {
		t.Fatal(err)
	}
	lm, err := optimize.NewLevenbergMarquardt(p, optimize.LevenbergMarquardtConfig{Damping: lambda, Acceleration: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lm.Step(); err != nil {
		t.Fatal(err)
	}
	d, err := o.Get()
	if err != nil {
		t.Fatal(err)
	}
	// of a quadratic, (JᵀJ + λ)d = −g/2 with JᵀJd = (∇f(d) − ∇f(0))/2
	after := make([]float64, n)
	if _, err := o.At(d, after); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if r := (after[i]-g[i])/2 + lambda*d[i] + g[i]/2; !(math.Abs(r) <= 1e-12) {
			t.Errorf("component %d of the damped equations is off by %g", i, r)
		}
	}
}

// TestResume: with the state of another instance, and the store's variables, a method goes on bit for bit.
func TestResume(t *testing.T) {
	for name := range methods(t, regression(t)) {
		p := regression(t)
		first := methods(t, p)[name]
		for range 5 {
			if _, err := first.Step(); err != nil {
				t.Fatal(err)
			}
		}
		state, err := first.State()
		if err != nil {
			t.Fatal(err)
		}
		q := regression(t)
		second := methods(t, q)[name]
		for _, v := range p.Store.Names() {
			b, err := p.Store.ReadBytes(v)
			if err != nil {
				t.Fatal(err)
			}
			if err := q.Store.WriteBytes(v, b); err != nil {
				t.Fatal(err)
			}
		}
		if err := second.SetState(state); err != nil {
			t.Fatal(err)
		}
		for k := range 5 {
			a, err := first.Step()
			if err != nil {
				t.Fatal(err)
			}
			b, err := second.Step()
			if err != nil {
				t.Fatal(err)
			}
			if a.F != b.F {
				t.Fatalf("%s, step %d: %v, resumed %v", name, k, a.F, b.F)
			}
		}
	}
}

// TestGeodesicAcceleration: on a curved fit the acceleration needs fewer steps than plain damping.
func TestGeodesicAcceleration(t *testing.T) {
	steps := func(c optimize.LevenbergMarquardtConfig) int {
		m, err := optimize.NewLevenbergMarquardt(regression(t), c)
		if err != nil {
			t.Fatal(err)
		}
		return minimise(t, m, 1e-9, 400)
	}
	with, without := steps(optimize.LevenbergMarquardtConfig{}), steps(optimize.LevenbergMarquardtConfig{Acceleration: -1})
	if with < 0 || without >= 0 && with >= without {
		t.Errorf("%d steps with acceleration, %d without", with, without)
	}
}
