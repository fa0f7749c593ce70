package constraint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/models/modelstest"
	"github.com/kolmogo/kolmogo/op"
)

// goldenCase is a case and the graph that is built of it: inputs are its tensors, and what it must give are outputs.
type goldenCase struct {
	Name       string
	Rows       string
	Parameters map[string]float64
	Tolerance  map[string]any
	Precision  float64
	Noise      float64 `json:"sigma_G_squared"`
	Smoothing  string

	t       *testing.T
	tensors map[string]datasets.Array
	g       *op.Graph
	feeds   map[string][]float64
	outputs []op.Value
	wants   []want
	checked int
}

type want struct {
	name   string
	values []float64
	tol    float64
}

// goldenKinds builds the cases whose names begin so.
var goldenKinds = map[string]func(c *goldenCase){
	"gaussian_conditioning":         conditioning,
	"probconserv_integral":          integrals,
	"linear_equality_projection":    projection,
	"leray_projection":              leray,
	"stream_function":               streamFunction,
	"hard_layer_linear_diffusion":   linearLayer,
	"hard_layer_mixture":            mixture,
	"hard_layer_diffusion_sorption": sorption,
}

func TestGoldenConstraints(t *testing.T) {
	reference.Each(t, 2, "constraints", "case.json", func(t *testing.T, file string) {
		c := readCase(t, file)
		for prefix, build := range goldenKinds {
			if strings.HasPrefix(c.Name, prefix) {
				build(c)
				c.run()
				return
			}
		}
		t.Fatalf("no way to build the case %q", c.Name)
	})
}

func readCase(t *testing.T, file string) *goldenCase {
	t.Helper()
	c := &goldenCase{t: t, g: op.NewGraph(), feeds: map[string][]float64{}}
	c.tensors = reference.Case(t, file, c)
	return c
}

// tolerance is one of the case's.
func (c *goldenCase) tolerance(key string) float64 {
	v, ok := c.Tolerance[key].(float64)
	if !ok || !(v > 0) {
		c.t.Fatalf("the case gives no tolerance %q", key)
	}
	return v
}

// rtol is the tolerance of a case with one.
func (c *goldenCase) rtol() float64 { return c.tolerance("rtol_of_max") }

func (c *goldenCase) parameter(name string) float64 {
	v, ok := c.Parameters[name]
	if !ok {
		c.t.Fatalf("the case gives no parameter %q", name)
	}
	return v
}

// values returns a tensor's numbers, shape its shape.
func (c *goldenCase) values(name string) []float64 {
	c.t.Helper()
	a, ok := c.tensors[name]
	if !ok {
		c.t.Fatalf("the case has no tensor %q", name)
	}
	data, err := a.Float64s()
	if err != nil {
		c.t.Fatal(err)
	}
	return data
}

func (c *goldenCase) shape(name string) op.Dims {
	c.values(name)
	return op.Of(c.tensors[name].Shape...)
}

// input returns a tensor as an input of the graph.
func (c *goldenCase) input(name string) op.Value {
	c.feeds[name] = c.values(name)
	return c.g.Input(name, op.Float64, c.shape(name))
}

// fed returns numbers as an input.
func (c *goldenCase) fed(name string, d op.Dims, data []float64) op.Value {
	c.feeds[name] = data
	return c.g.Input(name, op.Float64, d)
}

// expect asks that a value is a tensor of the case, within tol of its largest element.
func (c *goldenCase) expect(name string, v op.Value, tol float64) {
	c.t.Helper()
	c.expectValues(name, v, c.values(name), tol)
}

func (c *goldenCase) expectValues(name string, v op.Value, values []float64, tol float64) {
	c.outputs, c.wants = append(c.outputs, v), append(c.wants, want{name, values, tol})
}

// run evaluates the outputs, compares them, and begins a new graph.
func (c *goldenCase) run() {
	if len(c.outputs) == 0 {
		if c.checked == 0 {
			c.t.Fatal("the case asks for nothing")
		}
		return
	}
	for i, got := range evaluate(c.t, c.g, c.feeds, c.outputs) {
		reference.Near(c.t, c.wants[i].name, got, c.wants[i].values, c.wants[i].tol)
	}
	c.checked += len(c.outputs)
	c.g, c.feeds, c.outputs, c.wants = op.NewGraph(), map[string][]float64{}, nil, nil
}

// evaluate runs a graph once.
func evaluate(t *testing.T, g *op.Graph, feeds map[string][]float64, outputs []op.Value) [][]float64 {
	t.Helper()
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	store := engine.NewStore(modelstest.Backend(t))
	p, err := engine.Compile(g, outputs, nil, store)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range feeds {
		if err := engine.Feed(p, name, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	results := make([][]float64, len(outputs))
	for i, v := range outputs {
		results[i] = make([]float64, v.Dims().Size())
		if err := engine.Output(p, i, results[i]); err != nil {
			t.Fatal(err)
		}
	}
	return results
}

// one adds an axis of length one in front.
func one(v op.Value) op.Value { return op.ReshapeTo(v, op.Of(1).Append(v.Dims().Slice()...)) }

// conditioning: every noise variance for which there is a result.
func conditioning(c *goldenCase) {
	prior := constraint.Gaussian{Mean: one(c.input("mean")), Cov: one(c.input("cov"))}
	rows, b := one(c.input("G")), one(c.input("b"))
	found := 0
	for name := range c.tensors {
		variance, ok := strings.CutPrefix(name, "mean.")
		if !ok {
			continue
		}
		var noise float64
		if _, err := fmt.Sscan(variance, &noise); err != nil {
			c.t.Fatalf("variance %q: %v", variance, err)
		}
		after := prior.Condition(rows, b, op.Affine(op.Scale(b, 0), 1, noise))
		c.expect(name, after.Mean, c.rtol())
		c.expect("cov."+variance, after.Cov, c.rtol())
		found++
	}
	if found == 0 {
		c.t.Fatal("the case has no results")
	}
}

// integrals: each time is a sample with its own nodes.
func integrals(c *goldenCase) {
	s, n := c.shape("x").At(0), c.shape("x").At(1)
	std := c.input("std")
	prior := constraint.Gaussian{Mean: c.input("mean"), Cov: op.Mul(std, std)}
	mass := op.ReshapeTo(c.input("mass"), op.Of(s, 1))
	none := op.Scale(mass, 0)
	rules := map[string]op.Value{}
	for name, rule := range map[string]func([]float64) []float64{"trapezoid": constraint.Trapezoid, "rhs": constraint.RightRule} {
		var w []float64
		for i := range s {
			w = append(w, rule(c.values("x")[i*n:(i+1)*n])...)
		}
		rows := c.fed(name, op.Of(s, 1, n), w)
		rules[name] = rows
		soft := prior.Full().Condition(rows, mass, op.Affine(none, 1, c.Noise))
		c.expect("mean."+name+".soft", soft.Mean, c.rtol())
		c.expect("cov."+name+".soft", soft.Cov, c.rtol())
		exact := prior.Full().Condition(rows, mass, none)
		c.expect("mean."+name+".exact", exact.Mean, c.rtol())
		c.expect("cov."+name+".exact", exact.Cov, c.rtol())
		even := prior.ConditionMean(rows, mass)
		c.expect("mean."+name+".euclidean", even.Mean, c.rtol())
		// variances alone give the same mean, and the integral is right to rounding
		short := prior.Condition(rows, mass, none)
		c.expect("mean."+name+".exact", short.Mean, c.rtol())
		c.expectValues("variances", short.Variance(), diagonals(c.values("cov."+name+".exact"), n), c.rtol())
		integral := op.SumOver(op.Mul(op.ReshapeTo(rows, op.Of(s, n)), short.Mean), op.AxisSet(1))
		c.expectValues("mass", integral, c.values("mass"), 1e-12)
	}
	var alpha float64
	if _, err := fmt.Sscanf(c.Smoothing, "alpha=%g,", &alpha); err != nil {
		c.t.Fatalf("smoothing %q: %v", c.Smoothing, err)
	}
	smooth := prior.Smooth(alpha).Condition(rules["trapezoid"], mass, none)
	c.expect("mean.smoothed_exact", smooth.Mean, c.rtol())
	c.expect("cov.smoothed_exact", smooth.Cov, c.rtol())
	bounded := constraint.Gaussian{Mean: one(c.input("inequality.mean")), Cov: one(c.input("inequality.cov"))}
	c.expect("inequality.nonneg", bounded.Bound(false), c.rtol())
	c.expect("inequality.monotone", bounded.Bound(true), c.rtol())
}

// diagonals are those of square matrices of order n.
func diagonals(m []float64, n int) (d []float64) {
	for i := range m {
		if i%(n*n)%(n+1) == 0 {
			d = append(d, m[i])
		}
	}
	return d
}

func projection(c *goldenCase) {
	a, b, y := c.input("A"), c.input("b"), c.input("y")
	z := constraint.Project(y, a, b)
	grads := op.Gradients(op.SumAll(op.Mul(z, c.input("cotangent"))), a, y, b)
	c.expect("z", z, c.rtol())
	for i, name := range []string{"A", "y", "b"} {
		c.expect("grad."+name, grads[i], c.rtol())
	}
}

// channelsLast turns [component, x..] into [1, x.., component].
func channelsLast(v op.Value) op.Value {
	axes := []int{}
	for i := 1; i < v.Dims().Rank(); i++ {
		axes = append(axes, i)
	}
	return one(op.Transpose(v, append(axes, 0)...))
}

// componentsFirst is the way back.
func componentsFirst(v op.Value) op.Value {
	d := v.Dims()
	v = op.ReshapeTo(v, d.Cut(1, d.Rank()))
	axes := []int{d.Rank() - 2}
	for i := range d.Rank() - 2 {
		axes = append(axes, i)
	}
	return op.Transpose(v, axes...)
}

func leray(c *goldenCase) {
	for name := range c.tensors {
		if kind, ok := strings.CutPrefix(name, "field."); ok {
			c.expect("projected."+kind, componentsFirst(constraint.Leray(channelsLast(c.input(name)))), c.rtol())
		}
	}
}

func streamFunction(c *goldenCase) {
	psi := c.input("psi")
	psi = one(op.ReshapeTo(psi, psi.Dims().Append(1)))
	for name, s := range map[string]constraint.Stencil{"spectral": constraint.SpectralStencil, "central": constraint.CentralStencil, "staggered": constraint.StaggeredStencil} {
		c.expect("velocity."+name, componentsFirst(s.Curl(psi)), c.rtol())
	}
}

// basisNetwork is tanh(W1·tanh(W0·x + b0) + b1) at points, with derivatives; weights are [out, in].
func (c *goldenCase) basisNetwork(points op.Value, wanted ...models.Derivative) (models.Jet, []op.Value) {
	plan, err := models.NewJetPlan(points.Dims().At(1), nil, wanted, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	tanh, err := models.JetFunction("tanh")
	if err != nil {
		c.t.Fatal(err)
	}
	j, weights := plan.Coordinates(points), []op.Value{}
	for l := 0; ; l++ {
		if _, ok := c.tensors[fmt.Sprintf("weights.W%d", l)]; !ok {
			return j, weights
		}
		w, b := c.input(fmt.Sprintf("weights.W%d", l)), c.input(fmt.Sprintf("weights.b%d", l))
		j = j.MatMul(op.Transpose(w, 1, 0)).Shift(b).Compose(tanh)
		weights = append(weights, w, b)
	}
}

// linearLayer is solved with the basis as it is given, and with the network that makes it.
func linearLayer(c *goldenCase) {
	nu, lambda := c.parameter("nu"), c.parameter("lambda")
	wanted := []models.Derivative{models.Partial(1), models.Partial(0, 0)}
	for name, ridge := range map[string]float64{"0": 0, "ridge": c.parameter("ridge")} {
		for _, network := range []bool{false, true} {
			parts, wrt := []string{"phi_t", "phi_xx", "phi_b", "phi_e"}, []op.Value{}
			fields := map[string]op.Value{}
			if network {
				inside, weights := c.basisNetwork(c.input("x"), wanted...)
				border, _ := c.basisNetwork(c.input("x_boundary"))
				outside, _ := c.basisNetwork(c.input("x_eval"))
				fields = map[string]op.Value{"phi_t": inside.At(wanted[0]), "phi_xx": inside.At(wanted[1]), "phi_b": border.Value(), "phi_e": outside.Value()}
				for part, v := range fields {
					c.expect(part, v, c.rtol())
				}
				parts, wrt = []string{"weights.W0", "weights.b0", "weights.W1", "weights.b1"}, weights
			} else {
				for _, part := range parts {
					fields[part] = c.input(part)
					wrt = append(wrt, fields[part])
				}
			}
			a := op.Concat(0, op.Sub(fields["phi_t"], op.Scale(fields["phi_xx"], nu)), op.Scale(fields["phi_b"], lambda))
			zero := op.Scale(op.SumOver(fields["phi_t"], op.AxisSet(1)), 0)
			w := constraint.LeastSquares(one(a), one(op.Concat(0, zero, op.Scale(c.input("g"), lambda))), ridge)
			u := op.MatMul(w, fields["phi_e"], false, true)
			r := op.Sub(u, one(c.input("y_eval")))
			loss := op.Scale(op.MeanAll(op.Mul(r, r)), 0.5)
			c.expect("w."+name, w, c.rtol())
			c.expect("loss."+name, loss, c.rtol())
			c.expect("u_eval."+name, u, c.rtol())
			for i, d := range op.Gradients(loss, wrt...) {
				c.expect("grad."+name+"."+parts[i], d, c.rtol())
			}
			c.run()
		}
	}
}

// mixture: one solve for each expert, of rows that are zero where a point is another's.
func mixture(c *goldenCase) {
	nu, lambda, ridge := c.parameter("nu"), c.parameter("lambda"), c.parameter("ridge")
	phi, phiT, phiXX, g := c.input("phi"), c.input("phi_t"), c.input("phi_xx"), c.input("g")
	m, experts := phi.Dims().At(0), c.shape("w").At(0)
	border, masks := c.values("is_boundary"), make([]float64, experts*m)
	inside := make([]float64, m)
	for i, e := range c.values("expert") {
		masks[int(e)*m+i], inside[i] = 1, 1-border[i]
	}
	mask := c.fed("masks", op.Of(experts, m, 1), masks)
	on, in := c.fed("on", op.Of(m, 1), border), c.fed("in", op.Of(m, 1), inside)
	a := op.Add(op.Mul(in, op.Sub(phiT, op.Scale(phiXX, nu))), op.Scale(op.Mul(on, phi), lambda))
	b := op.Scale(op.Mul(on, op.ReshapeTo(g, op.Of(m, 1))), lambda)
	w := constraint.LeastSquares(op.Mul(mask, a), op.ReshapeTo(op.Mul(mask, b), op.Of(experts, m)), ridge)
	each := op.Mul(op.MatMul(w, phi, false, true), op.ReshapeTo(mask, op.Of(experts, m)))
	u := op.SumOver(each, op.AxisSet(0))
	r := op.Sub(u, c.input("y"))
	loss := op.Scale(op.MeanAll(op.Mul(r, r)), 0.5)
	grads := op.Gradients(loss, phi, phiT, phiXX)
	c.expect("w", w, c.rtol())
	c.expect("u", u, c.rtol())
	c.expect("loss", loss, c.rtol())
	for i, name := range []string{"phi", "phi_t", "phi_xx"} {
		c.expect("grad."+name, grads[i], c.rtol())
	}
}

// sorption: rows of the equation, and linear ones of the initial and boundary values.
func sorption(c *goldenCase) {
	p := c.parameter
	nx, nt := int(p("nx")), int(p("nt"))
	dx, dt := 1/float64(nx-1), p("T")/float64(nt-1)
	central := strings.Contains(c.Rows, "central:")
	retard := (1 - p("phi")) / p("phi") * p("rho_s") * p("k_f") * p("n_f")
	equation := fmt.Sprintf("3 0 x1 x2 %v * x0 relu 1e-06 + ^%v %v * 1 + / -", p("D"), p("n_f")-1, retard)
	for _, newton := range []bool{true, false} {
		phi := c.input("phi")
		k := phi.Dims().At(1)
		grid := op.ReshapeTo(phi, op.Of(nt, nx, k))
		block := func(t, n, x, m int) op.Value { return op.SliceAxis(op.SliceAxis(grid, 0, t, n), 1, x, m) }
		rows := func(v op.Value) op.Value { return op.ReshapeTo(v, op.Of(1, v.Dims().Span(0, 2), k)) }
		u := rows(block(1, nt-1, 1, nx-2))
		step := op.Sub(block(1, nt-1, 1, nx-2), block(0, nt-1, 1, nx-2))
		if central {
			middle := op.Scale(op.Sub(block(2, nt-2, 1, nx-2), block(0, nt-2, 1, nx-2)), 0.5)
			step = op.Concat(0, middle, op.SliceAxis(step, 0, nt-2, 1))
		}
		second := op.Scale(op.Add(op.Sub(block(1, nt-1, 2, nx-2), op.Scale(block(1, nt-1, 1, nx-2), 2)), block(1, nt-1, 0, nx-2)), dt/(dx*dx))
		first := block(0, 1, 0, nx)
		left := op.Transpose(block(1, nt-1, 0, 1), 1, 0, 2)
		right := op.Transpose(op.Sub(block(1, nt-1, nx-1, 1), block(1, nt-1, nx-2, 1)), 1, 0, 2)
		linear := op.Scale(op.Concat(1, one(op.ReshapeTo(first, op.Of(nx, k))), left, right), p("lambda"))
		targets := append(append([]float64{}, c.values("u_initial")...), make([]float64, 2*(nt-1))...)
		for i := range nt - 1 {
			targets[nx+i] = 1
		}
		for i := range targets {
			targets[i] *= p("lambda")
		}
		fit := op.FitOp{Rows: equation + "; 1 1 x0 x1 -", Tolerance: 1e-17, Damping: 1e-3, MaxIterations: 100, GaussNewton: !newton}
		start := one(c.input("w_start"))
		w, report := op.Fit(fit, start, u, rows(step), rows(second), linear, c.fed("targets", op.Of(1, len(targets)), targets))
		field := op.MatMul(w, phi, false, true)
		r := op.Sub(field, one(c.input("y")))
		loss := op.Scale(op.MeanAll(op.Mul(r, r)), 0.5)
		norm := 0.0
		for _, x := range c.values("residual") {
			norm += x * x / 2
		}
		c.expect("w", w, c.tolerance("w_rtol_of_max"))
		c.expect("u", field, c.tolerance("u_rtol_of_max"))
		c.expectValues("objective and convergence", op.Concat(1, op.SliceAxis(report, 1, 0, 1), op.SliceAxis(report, 1, 2, 1)), []float64{norm, 1}, 1e-9*norm)
		name := map[bool]string{true: "grad.phi", false: "grad_gauss_newton.phi"}[newton]
		c.expect(name, op.Gradients(loss, phi)[0], c.tolerance("grad_rtol_of_max"))
		c.run()
	}
}
