package constraint_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/op"
)

// normals are n standard normal numbers of a seed.
func normals(seed uint64, n int) []float64 {
	rnd, x := rand.New(rand.NewPCG(seed, 3)), make([]float64, n)
	for i := range x {
		x[i] = rnd.NormFloat64()
	}
	return x
}

func largest(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		if !(math.Abs(v) <= m) {
			m = math.Abs(v)
		}
	}
	return m
}

// burgers is an equation that no combination of four fields solves, on a grid of t and x, with borders that depend on the input.
func burgers(change func(*constraint.EquationConfig)) constraint.Config {
	e := constraint.EquationConfig{
		Inside: "u_t + u*u_x - nu*u_xx", Definitions: map[string]string{"nu": "0.05 + 0.01*a*x"}, Given: []string{"a"},
		Borders: []string{"3 at t=0: u - a*sin(3*x)", "2 at x=0: u", "2 at x=1: u + 0.1*u_x"},
		Basis:   4, Tolerance: 1e-15, Iterations: 100,
	}
	change(&e)
	return constraint.Config{Kind: "equation", Equation: e}
}

// layer builds a layer or fails.
func layer(t *testing.T, c constraint.Config, dims, out int) constraint.Layer {
	t.Helper()
	l, err := constraint.New(c, dims, out)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The gradient of the loss of the stitched solution, through all solves, is that of central differences of the whole layer.
func TestImplicitGradientOfAnEquation(t *testing.T) {
	for name, change := range map[string]func(*constraint.EquationConfig){
		"one solve":    func(e *constraint.EquationConfig) { e.Points = 20 },
		"four experts": func(e *constraint.EquationConfig) { e.Experts = []int{2, 2} },
		"blended":      func(e *constraint.EquationConfig) { e.Experts, e.Overlap = []int{1, 3}, 0.3 },
	} {
		t.Run(name, func(t *testing.T) {
			e := layer(t, burgers(change), 2, 1).(*constraint.Equation)
			dx, dy := op.Of(2, 7, 9, 1), op.Of(2, 7, 9, e.Channels(1))
			x, y := normals(1, dx.Size()), normals(2, dy.Size())
			vx, vy := normals(3, dx.Size()), normals(4, dy.Size())
			loss := func(h float64, gradient bool) []float64 {
				g := op.NewGraph()
				a, b := g.Input("x", op.Float64, dx), g.Input("y", op.Float64, dy)
				s := e.Solve(a, b, op.Value{})
				l := e.Loss(a, s.U)
				outputs := []op.Value{l, op.SumAll(op.SliceAxis(s.Report, 1, 2, 1))}
				if gradient {
					d := op.Gradients(l, a, b)
					outputs = append(outputs, op.Dot(d[0], g.Input("vx", op.Float64, dx)), op.Dot(d[1], g.Input("vy", op.Float64, dy)))
				}
				feeds := map[string][]float64{"x": moved(x, h, vx), "y": moved(y, h, vy)}
				if gradient {
					feeds["vx"], feeds["vy"] = vx, vy
				}
				var out []float64
				for _, v := range evaluate(t, g, feeds, outputs) {
					out = append(out, v[0])
				}
				return out
			}
			const h = 1e-4
			at := loss(0, true)
			if solves := at[1]; solves != 2*experts(e) {
				t.Fatalf("%v of %v solves converged", solves, 2*experts(e))
			}
			want := (8*(loss(h, false)[0]-loss(-h, false)[0]) - (loss(2*h, false)[0] - loss(-2*h, false)[0])) / (12 * h)
			if got := at[2] + at[3]; !(math.Abs(got-want) <= 1e-6*math.Abs(want)) {
				t.Errorf("derivative %v, by differences %v", got, want)
			}
		})
	}
}

func experts(e *constraint.Equation) float64 {
	n := 1
	for _, k := range e.Experts {
		n *= k
	}
	return float64(n)
}

func moved(x []float64, h float64, v []float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = x[i] + h*v[i]
	}
	return y
}

// A sample that cannot be solved says so, has no gradient through its solve, and leaves the others alone.
func TestUnsolvableSampleIsFlagged(t *testing.T) {
	const m, n = 12, 3
	fields, b := normals(5, 3*m*n), normals(6, 3*m)
	fields[m*n] = math.NaN()
	for i := 2 * m * n; i < 3*m*n; i++ {
		fields[i] = 0 // every w is as good: the ridge decides
	}
	for _, ridge := range []float64{0, 1e-8} {
		g := op.NewGraph()
		f, d := g.Input("f", op.Float64, op.Of(3, m, n)), g.Input("b", op.Float64, op.Of(3, m))
		w, report := op.Fit(op.FitOp{Rows: "1 1 x0 tanh x1 -", Tolerance: 1e-12, Damping: 1e-3, Ridge: ridge, MaxIterations: 60}, g.Input("w", op.Float64, op.Of(3, n)), f, d)
		grad := op.Gradients(op.SumAll(w), d)[0]
		out := evaluate(t, g, map[string][]float64{"f": fields, "b": b, "w": normals(7, 3*n)}, []op.Value{w, report, grad})
		flags := []float64{out[1][2], out[1][op.FitReport+2]}
		if flags[0] != 1 || flags[1] != 0 {
			t.Errorf("ridge %v: flags %v, want 1 and 0", ridge, flags)
		}
		if third := out[1][2*op.FitReport+2]; ridge == 0 && third != 0 || ridge > 0 && third != 1 {
			t.Errorf("ridge %v: the flag of a sample without information is %v", ridge, third)
		}
		for i, v := range out[0] {
			if math.IsNaN(v) {
				t.Errorf("unknown %d is NaN", i)
			}
		}
		for i, v := range out[2] {
			if sample := i / m; sample == 0 && v == 0 || sample == 2 && v != 0 {
				t.Errorf("ridge %v: gradient %d is %v", ridge, i, v)
			}
		}
	}
	capped := op.FitOp{Rows: "1 1 x0 tanh x1 -", Tolerance: 1e-12, Damping: 1e-3, MaxIterations: 1}
	g := op.NewGraph()
	_, report := op.Fit(capped, g.Input("w", op.Float64, op.Of(1, n)), g.Input("f", op.Float64, op.Of(1, m, n)), g.Input("b", op.Float64, op.Of(1, m)))
	out := evaluate(t, g, map[string][]float64{"f": fields[:m*n], "b": b[:m], "w": normals(7, n)}, []op.Value{report})
	if out[0][1] != 1 || out[0][2] != 0 {
		t.Errorf("one iteration: report %v", out[0])
	}
}

// Unknowns of fields whose directions differ by so little that normal equations have no digits left are found all the same, as fast as the
// least damping lets them: the step comes from QR factors of the rows.
func TestSolveOfNearlyDependentFields(t *testing.T) {
	const m, n, apart = 40, 3, 3e-8
	fields, b := normals(20, m*n), make([]float64, m)
	for i := range m {
		row := fields[i*n : (i+1)*n]
		row[2] = row[0] + row[1] + apart*row[2]
		b[i] = 2*row[0] - row[1] + 0.5*row[2]
	}
	g := op.NewGraph()
	f, d := g.Input("f", op.Float64, op.Of(1, m, n)), g.Input("b", op.Float64, op.Of(1, m))
	o := op.FitOp{Rows: "1 1 x0 x1 -", Tolerance: 1e-15, Damping: 1e-15, MaxIterations: 20}
	w, report := op.Fit(o, g.Input("w", op.Float64, op.Of(1, n)), f, d)
	out := evaluate(t, g, map[string][]float64{"f": fields, "b": b, "w": {0, 0, 0}}, []op.Value{w, constraint.LeastSquares(f, d, 0), report})
	for k, want := range []float64{2, -1, 0.5} {
		if !(math.Abs(out[0][k]-want) <= 1e-4 && math.Abs(out[1][k]-want) <= 1e-7) {
			t.Errorf("unknown %d is %v, by QR %v, want %v (report %v)", k, out[0][k], out[1][k], want, out[2])
		}
	}
}

// Rows that contradict each other are visible.
func TestInconsistentRowsBreakDown(t *testing.T) {
	g := op.NewGraph()
	a := g.Input("a", op.Float64, op.Of(2, 3))
	z := constraint.Project(g.Input("y", op.Float64, op.Of(1, 3)), a, g.Input("b", op.Float64, op.Of(1, 2)))
	out := evaluate(t, g, map[string][]float64{"a": {1, 2, 3, 2, 4, 6}, "y": {1, 0, 0}, "b": {1, 5}}, []op.Value{op.Broken(z)})
	if out[0][0] != 1 {
		t.Error("a singular constraint is not flagged")
	}
}

// div(curl) = 0 on the same stencil, in two dimensions and in three; so is what Leray leaves, which it leaves alone then.
func TestNoDivergence(t *testing.T) {
	for _, grid := range []op.Dims{op.Of(12, 9), op.Of(7, 8), op.Of(6, 8, 5)} {
		axes := grid.Rank()
		shape := op.Of(2).Append(grid.Slice()...)
		g := op.NewGraph()
		potential := shape.Append(1)
		if axes == 3 {
			potential = shape.Append(3)
		}
		p, v := g.Input("p", op.Float64, potential), g.Input("v", op.Float64, shape.Append(axes))
		var outputs []op.Value
		for _, s := range []constraint.Stencil{constraint.SpectralStencil, constraint.CentralStencil, constraint.StaggeredStencil} {
			c := s.Curl(p)
			outputs = append(outputs, s.Divergence(c), s.Derivative(op.SliceAxis(c, axes+1, 0, 1), 0))
		}
		free := constraint.Leray(v)
		outputs = append(outputs, constraint.SpectralStencil.Divergence(free), constraint.SpectralStencil.Divergence(v), op.Sub(constraint.Leray(free), free), v)
		out := evaluate(t, g, map[string][]float64{"p": normals(8, potential.Size()), "v": normals(9, 2*grid.Size()*axes)}, outputs)
		for i := 0; i < len(out); i += 2 {
			if !(largest(out[i]) <= 1e-13*largest(out[i+1])) || largest(out[i+1]) == 0 {
				t.Errorf("grid %v, pair %d: %.3g of %.3g", grid, i/2, largest(out[i]), largest(out[i+1]))
			}
		}
	}
}

// What a layer promises holds for every output of a network.
func TestLayersKeepTheirPromise(t *testing.T) {
	low, high := -0.5, 1.5
	dx, dy := op.Of(2, 6, 5, 4), op.Of(2, 6, 5, 2)
	means := func(v op.Value) op.Value { return op.MeanOver(v, op.AxisSet(1, 2)) }
	for _, c := range []struct {
		config constraint.Config
		zero   func(x, z op.Value) op.Value // nothing of it
	}{
		{constraint.Config{Kind: "positive"}, func(_, z op.Value) op.Value { return op.ReLU(op.Neg(z)) }},
		{constraint.Config{Kind: "bounds", Low: &low, High: &high}, func(_, z op.Value) op.Value {
			return op.Add(op.ReLU(op.Affine(z, -1, low)), op.ReLU(op.Affine(z, 1, -high)))
		}},
		{constraint.Config{Kind: "bounds", Low: &low}, func(_, z op.Value) op.Value { return op.ReLU(op.Affine(z, -1, low)) }},
		{constraint.Config{Kind: "bounds", High: &high}, func(_, z op.Value) op.Value { return op.ReLU(op.Affine(z, 1, -high)) }},
		{constraint.Config{Kind: "sum", Weights: []float64{2, -1}, Total: 3}, func(_, z op.Value) op.Value {
			return op.Affine(op.Sub(op.Scale(op.SliceAxis(z, 3, 0, 1), 2), op.SliceAxis(z, 3, 1, 1)), 1, -3)
		}},
		{constraint.Config{Kind: "mean"}, func(x, z op.Value) op.Value { return op.Sub(means(op.SliceAxis(x, 3, 2, 2)), means(z)) }},
		{constraint.Config{Kind: "energy"}, func(x, z op.Value) op.Value {
			x = op.SliceAxis(x, 3, 2, 2)
			return op.Sub(means(op.Mul(x, x)), means(op.Mul(z, z)))
		}},
		{constraint.Config{Kind: "leray"}, func(_, z op.Value) op.Value {
			return op.Scale(constraint.SpectralStencil.Divergence(z), 0.01)
		}},
		{constraint.Config{Kind: "conserve"}, func(x, z op.Value) op.Value { return op.Sub(means(op.SliceAxis(x, 3, 2, 2)), means(z)) }},
		{constraint.Config{Kind: "conserve", Uncertain: constraint.UncertainConfig{Even: true}}, func(x, z op.Value) op.Value {
			return op.Sub(means(op.SliceAxis(x, 3, 2, 2)), means(z))
		}},
	} {
		l := layer(t, c.config, 2, 2)
		g := op.NewGraph()
		x, y := g.Input("x", op.Float64, dx), g.Input("y", op.Float64, dy.With(-1, l.Channels(2)))
		z := l.Apply(x, y)
		out := evaluate(t, g, map[string][]float64{"x": normals(1, dx.Size()), "y": normals(2, y.Dims().Size())}, []op.Value{c.zero(x, z), z})
		if len(out[1]) != dy.Size() || !(largest(out[0]) <= 1e-13*largest(out[1])) {
			t.Errorf("%s: %.3g is left, of %.3g", c.config.Kind, largest(out[0]), largest(out[1]))
		}
	}
}

// What no layer can be built from is refused with the key at fault.
func TestWrongConstraintsAreRefused(t *testing.T) {
	low := 1.0
	for text, c := range map[string]constraint.Config{
		"unknown kind": {Kind: "curls"},
		"stencil":      {Kind: "curl", Stencil: "upwind"},
		"low, high":    {Kind: "bounds"},
		"bounds 1":     {Kind: "bounds", Low: &low, High: &low},
		"weights":      {Kind: "sum", Weights: []float64{1}},
		"border":       burgers(func(e *constraint.EquationConfig) { e.Borders = []string{"x=1: u"} }),
		"no axis":      burgers(func(e *constraint.EquationConfig) { e.Borders = []string{"1 at y=1: u"} }),
		"unknown name": burgers(func(e *constraint.EquationConfig) { e.Inside = "u_t + v" }),
		"gradient":     burgers(func(e *constraint.EquationConfig) { e.Gradient = "adam" }),
		"experts":      burgers(func(e *constraint.EquationConfig) { e.Experts = []int{2} }),
		"overlap":      burgers(func(e *constraint.EquationConfig) { e.Overlap = 0.9 }),
	} {
		out := 2
		if c.Kind == "equation" {
			out = 1
		}
		if _, err := constraint.New(c, 2, out); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: error is %v", text, err)
		}
	}
}
