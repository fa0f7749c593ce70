package pinn_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models/modelstest"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
	"github.com/kolmogo/kolmogo/train/optimize"
)

// goldenOptimizers is what a case says about optimizers.
type goldenOptimizers struct {
	Loss string
	Adam struct{ LR, Beta1, Beta2, Eps float64 }
}

// checkOptimizers compares Jacobian, Gauss–Newton product, damped step, Adam and L-BFGS on the case's loss.
func (c *goldenCase) checkOptimizers(t *testing.T, net pinn.Network) {
	var o goldenOptimizers
	if err := json.Unmarshal(c.Optimizers, &o); err != nil {
		t.Fatal(err)
	}
	p, names := c.problem(t, net, o.Loss)
	order := c.order(t, net)
	size := len(order)
	t.Run("jacobian", func(t *testing.T) {
		g := op.NewGraph()
		params, rows := p.Build(g)
		j := op.Jacobian(rows[0], params...)
		v := g.Input("v", op.Float64, op.Of(size, 1))
		scale := 2 / float64(rows[0].Dims().Size())
		product := op.Scale(op.MatMul(j, op.MatMul(j, v, false, false), true, false), scale)
		damping := make([]float64, size*size)
		for i := range size {
			damping[i*(size+1)] = 1e-3
		}
		d := op.Of(size, size)
		damped := op.Add(op.Scale(op.MatMul(j, j, true, false), scale), g.Constant("damping", op.Float64, d, damping))
		step := op.Neg(op.CholeskySolve(op.Cholesky(damped), op.Scale(op.MatMul(j, rows[0], true, false), scale)))
		feed := c.feed(t, net)
		feed["v"] = ours(c.values(t, "gn.vector"), order)
		got := evaluate(t, feed, j, product, step)
		var back []float64
		for i := range rows[0].Dims().Size() {
			back = append(back, theirs(got[0][i*size:(i+1)*size], order)...)
		}
		reference.Near(t, "Jacobian", back, c.values(t, "jacobian"), c.Tolerance.RTol)
		reference.Near(t, "damped step", theirs(got[2], order), c.values(t, "gn.step"), 100*c.Tolerance.RTol) // the matrix has a condition of 1e4 and more
		reference.Near(t, "Gauss–Newton product", theirs(got[1], order), c.values(t, "gn.product"), c.Tolerance.RTol)
	})
	start := func(t *testing.T) *optimize.Objective {
		objective, err := optimize.NewObjective(p)
		if err != nil {
			t.Fatal(err)
		}
		var x []float64
		feed := c.feed(t, net)
		for _, name := range names {
			x = append(x, feed[name]...)
		}
		if err := objective.Set(x); err != nil {
			t.Fatal(err)
		}
		return objective
	}
	t.Run("adam", func(t *testing.T) {
		objective := start(t)
		losses := c.adam(t, p, o)
		reference.Near(t, "losses", losses, c.values(t, "adam.losses"), c.Tolerance.RTol)
		x, err := objective.Get()
		if err != nil {
			t.Fatal(err)
		}
		reference.Near(t, "parameters", theirs(x, order), c.values(t, "adam.final_parameters"), c.Tolerance.RTol)
	})
	t.Run("lbfgs", func(t *testing.T) {
		m := optimize.NewLBFGS(start(t), optimize.LBFGSConfig{Memory: 10})
		var r optimize.Report
		for range 10 {
			var err error
			if r, err = m.Step(); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"scipy", "torch"} {
			want := c.values(t, "lbfgs."+name+"_losses")[10]
			if !(r.F <= 2*want) {
				t.Errorf("L-BFGS reaches %g in 10 iterations, %s's %g", r.F, name, want)
			}
		}
	})
}

// problem is the case's loss for optimizers, and the names of the parameters' leaves in order.
func (c *goldenCase) problem(t *testing.T, net pinn.Network, loss string) (p optimize.Problem, names []string) {
	text := c.Residuals[loss]
	m := c.model(t, net, text)
	p = optimize.Problem{Store: engine.NewStore(modelstest.Backend(t)), Build: func(g *op.Graph) (params, rows []op.Value) {
		for _, q := range net.Params() {
			params = append(params, q.In(g, op.Float64))
		}
		list, err := m.Rows(g, op.Float64, m.Sets[0], len(c.values(t, "x"))/c.Network.Sizes[0])
		if err != nil || len(list) != 1 {
			t.Fatalf("%d residuals: %v", len(list), err)
		}
		return params, []op.Value{list[0].Value}
	}, Feed: func(p *engine.Program) error { return engine.Feed(p, "points.domain", c.values(t, "x")) }}
	for name := range net.Params() {
		names = append(names, "param."+name)
	}
	return p, names
}

// order is, for each of our parameters, one after another, its place among theirs: W0, b0, W1, .. with W as [out, in].
func (c *goldenCase) order(t *testing.T, net pinn.Network) []int {
	var order []int
	at := map[string]int{}
	start := 0
	sizes := c.Network.Sizes
	in := sizes[0]
	if c.Network.Fourier > 0 {
		in = 2 * c.Network.Fourier
	}
	for i := range len(sizes) - 1 {
		at[fmt.Sprint("W", i)] = start
		start += in * sizes[i+1]
		at[fmt.Sprint("b", i)] = start
		start += sizes[i+1]
		in = sizes[i+1]
	}
	for name, p := range net.Params() {
		layer, part, _ := strings.Cut(strings.TrimPrefix(name, "layers."), ".")
		if part == "bias" {
			for i := range p.Data {
				order = append(order, at["b"+layer]+i)
			}
			continue
		}
		rows, columns := p.Dims.At(0), p.Dims.At(1)
		for i := range rows {
			for j := range columns {
				order = append(order, at["W"+layer]+j*rows+i)
			}
		}
	}
	return order
}

// theirs puts a vector of ours into their order, ours the other way round.
func theirs(v []float64, order []int) []float64 {
	out := make([]float64, len(v))
	for i, at := range order {
		out[at] = v[i]
	}
	return out
}

func ours(v []float64, order []int) []float64 {
	out := make([]float64, len(v))
	for i, at := range order {
		out[i] = v[at]
	}
	return out
}

// adam does twenty steps and returns the losses before each and after the last.
func (c *goldenCase) adam(t *testing.T, p optimize.Problem, o goldenOptimizers) (losses []float64) {
	config := train.OptimizerConfig{Kind: "adam", Beta1: o.Adam.Beta1, Beta2: o.Adam.Beta2, Eps: o.Adam.Eps}
	g := op.NewGraph()
	params, rows := p.Build(g)
	loss := op.MeanAll(op.Mul(rows[0], rows[0]))
	var updates []engine.Update
	for i, d := range op.Gradients(loss, params...) {
		if d.Valid() {
			leaf, _ := params[i].Leaf()
			updates = append(updates, config.Update(leaf.Name, params[i], d)...)
		}
	}
	program, err := engine.Compile(g, []op.Value{loss}, updates, p.Store)
	if err != nil {
		t.Fatal(err)
	}
	step := func(k int, lr float64) {
		for _, err := range []error{p.Feed(program), config.Feed(program, k, lr), program.Run()} {
			if err != nil {
				t.Fatal(err)
			}
		}
		f, err := program.Scalar(0)
		if err != nil || math.IsNaN(f) {
			t.Fatal(f, err)
		}
		losses = append(losses, f)
	}
	for k := range 20 {
		step(k+1, o.Adam.LR)
	}
	step(21, 0) // measures, and moves nothing
	return losses
}
