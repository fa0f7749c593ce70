package models_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// goldenCase is what every case.json says.
type goldenCase struct {
	Case      string
	Model     string
	Config    json.RawMessage
	AdamW     adamW
	Tolerance struct {
		Output float64 `json:"output_rel"`
		Grad   float64 `json:"grad_rel"`
		AdamW  float64 `json:"adamw_losses_rel"`
		Native float64 `json:"output_float32_native_rel"`
	}
	LossFormula string             `json:"loss_formula"`
	WithoutGrad []string           `json:"params_without_grad"`
	Norms       map[string]float64 `json:"param_l2_norm_after_10_steps"`

	tensors map[string]tensor
}

func TestGoldenOperators(t *testing.T) {
	reference.Each(t, 1, "operators", "case.json", func(t *testing.T, file string) {
		c := readCase(t, file)
		if strings.HasPrefix(c.Model, "PDE-Refiner") {
			checkRefiner(t, c, file)
			return
		}
		build, ok := builders[c.Model]
		if !ok {
			t.Fatalf("no way to build the model %q", c.Model)
		}
		checkCase(t, c, build(t, c))
	})
}

func readCase(t *testing.T, file string) *goldenCase {
	t.Helper()
	c := &goldenCase{tensors: map[string]tensor{}}
	for name, a := range reference.Case(t, file, c) {
		data, err := a.Float64s()
		if err != nil {
			t.Fatal(err)
		}
		c.tensors[name] = tensor{a.Shape, data}
	}
	return c
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// built is a case's model and where each of its parameters is in the case.
type built struct {
	model  models.Model
	params []layout // in the order of the model's parameters
	dtype  op.Dtype
	input  func(tensor) tensor // the case's layout of the input to the model's
	field  func(tensor) tensor // the case's layout of the output to [batch, x.., channel]
	given  tensor              // scalars [batch, n]; empty: none
	points tensor              // where the output is asked for, which the model reads as the input "coords"; empty: on the grid
}

func checkCase(t *testing.T, c *goldenCase, b built) {
	load(t, c, b)
	tol := c.Tolerance
	if tol.Output == 0 || tol.Grad == 0 || tol.AdamW == 0 {
		t.Fatalf("the case gives no tolerances: %+v", tol)
	}

	// Output, loss and gradients.
	input, target := b.input(c.tensors["input"]), b.field(c.tensors["target"])
	fed := map[string][]float64{"x": input.data, "target": target.data}
	g := op.NewGraph()
	x := g.Input("x", b.dtype, op.Of(input.shape...))
	var given op.Value
	if len(b.given.data) > 0 {
		given = g.Input("given", b.dtype, op.Of(b.given.shape...))
		fed["given"] = b.given.data
	}
	y := models.Given(b.model, x, given)
	loss := lossOf(t, c)(y, g.Input("target", b.dtype, op.Of(target.shape...)))
	wrt := []op.Value{x}
	for _, p := range b.model.Params() {
		wrt = append(wrt, p.In(g, b.dtype))
	}
	if len(b.points.data) > 0 {
		fed["coords"] = b.points.data
		wrt = append(wrt, g.Input("coords", b.dtype, op.Of(b.points.shape...)))
	}
	grads := op.Gradients(loss, wrt...)
	outputs := []op.Value{y, loss, grads[0]}
	for i, l := range b.params {
		absent := !slices.ContainsFunc(l.names, func(name string) bool { return !slices.Contains(c.WithoutGrad, name) })
		if absent == grads[i+1].Valid() {
			t.Fatalf("%s: without gradient in the case: %v, here: %v", l.param.Name, absent, !grads[i+1].Valid())
		}
		if !absent {
			outputs = append(outputs, grads[i+1])
		}
	}
	if len(b.points.data) > 0 {
		outputs = append(outputs, grads[len(grads)-1])
	}
	step := compile(t, outputs...)
	got := step.run(t, feedParams(maps.Clone(fed), b.model))
	reference.Near(t, "output", got[0], b.field(c.tensors["output"]).data, tol.Output)
	reference.Near(t, "loss", got[1], c.tensors["loss"].data, tol.Output)
	reference.Near(t, "gradient of the input", got[2], b.input(c.tensors["grad.input"]).data, tol.Grad)
	largest := 0.0 // an element of a gradient that is 0 by a law, as before a norm, is rounding of terms of this size
	for name, v := range c.tensors {
		if strings.HasPrefix(name, "grad.param.") {
			largest = math.Max(largest, math.Max(slices.Max(v.data), -slices.Min(v.data)))
		}
	}
	rest := got[3:]
	for i, l := range b.params {
		if grads[i+1].Valid() {
			want := l.read(t, c.tensors, "grad.param.")
			if scale := math.Max(slices.Max(want), -slices.Min(want)); scale <= rounding*largest {
				nearZero(t, "gradient of "+l.param.Name, rest[0], rounding*largest)
			} else {
				reference.Near(t, "gradient of "+l.param.Name, rest[0], want, tol.Grad)
			}
			rest = rest[1:]
		}
	}
	if len(b.points.data) > 0 {
		reference.Near(t, "gradient of the coordinates", rest[0], c.tensors["grad.coords"].data, tol.Grad)
	}
	if native, ok := c.tensors["output_float32_native"]; ok {
		reference.Near(t, "output in float32", got[0], b.field(native).data, tol.Native)
	}

	// The same weights on other grids.
	for _, grid := range []string{"2x", "other_grid"} {
		if in, ok := c.tensors["input_"+grid]; ok {
			in := b.input(in)
			out := apply(t, b.model, op.Of(in.shape...), in.data)
			reference.Near(t, "output_"+grid, out, b.field(c.tensors["output_"+grid]).data, tol.Output)
		}
	}

	// Eleven losses around ten steps of AdamW, each one program.
	opt := train.OptimizerConfig{Kind: "adamw", Beta1: c.AdamW.Beta1, Beta2: c.AdamW.Beta2, Eps: c.AdamW.Eps, WeightDecay: c.AdamW.WeightDecay}
	var updates []engine.Update
	for i, l := range b.params {
		if d := grads[i+1]; d.Valid() {
			updates = append(updates, opt.Update(l.param.Name, wrt[i+1], d)...)
		}
	}
	advance := compileUpdates(t, step.store, updates, loss)
	var losses []float64
	run := func(n int) {
		if err := opt.Feed(advance.Program, n, c.AdamW.LR); err != nil {
			t.Fatal(err)
		}
		losses = append(losses, advance.run(t, fed)[0][0])
	}
	for n := range c.AdamW.Steps {
		run(n + 1)
	}
	for _, l := range b.params {
		want := 0.0
		for _, name := range l.names {
			want = math.Hypot(want, c.Norms[name])
		}
		data := l.param.Data // where there is no gradient, nothing changes it
		if _, used := step.store.Var("param." + l.param.Name); used {
			var err error
			if data, err = step.store.Get("param." + l.param.Name); err != nil {
				t.Fatal(err)
			}
		}
		reference.Near(t, "norm after AdamW of "+l.param.Name, []float64{norm(data)}, []float64{want}, tol.AdamW)
	}
	run(c.AdamW.Steps + 1)
	reference.Near(t, "AdamW losses", losses, c.tensors["adamw_losses"].data, tol.AdamW)
}

// load sets the model's parameters to the case's; both must have the same ones.
func load(t *testing.T, c *goldenCase, b built) {
	t.Helper()
	used := map[string]bool{}
	i := 0
	for name := range b.model.Params() {
		if i >= len(b.params) || b.params[i].param.Name != name {
			t.Fatalf("parameter %d is %s, which has no layout", i, name)
		}
		l := b.params[i]
		data := l.read(t, c.tensors, "param.")
		if len(data) != l.param.Dims.Size() {
			t.Fatalf("%s has shape %v, the case %d values", name, l.param.Dims, len(data))
		}
		copy(l.param.Data, data)
		for _, n := range l.names {
			used[n] = true
		}
		i++
	}
	golden := 0
	for name, v := range c.tensors {
		if rest, ok := strings.CutPrefix(name, "param."); ok {
			golden += len(v.data)
			if !used[rest] {
				t.Fatalf("the case's parameter %s is not in the model", rest)
			}
		}
	}
	if n := models.Count(b.model); n != golden {
		t.Fatalf("%d parameters, the case has %d", n, golden)
	}
}

// lossOf is the loss that a case describes.
func lossOf(t *testing.T, c *goldenCase) func(y, target op.Value) op.Value {
	t.Helper()
	switch {
	case strings.HasPrefix(c.LossFormula, "mean over the batch of ||output_b - target_b||_2 / ||target_b||_2"):
		return relativeL2
	case strings.HasPrefix(c.LossFormula, "mean over every element (batch, channels, grid) of (output - target)^2"):
		return meanSquare
	}
	t.Fatalf("no such loss: %q", c.LossFormula)
	return nil
}

// meanSquare is the mean of (y − t)² over everything.
func meanSquare(y, target op.Value) op.Value {
	d := op.Sub(y, target)
	return op.MeanAll(op.Mul(d, d))
}

// relativeL2 is the mean over the batch of ‖y − t‖₂/‖t‖₂.
func relativeL2(y, target op.Value) op.Value {
	square := func(v op.Value) op.Value {
		axes := op.Axes(1<<v.Dims().Rank() - 2)
		return op.SumOver(op.Mul(v, v), axes)
	}
	return op.MeanAll(op.Div(op.Sqrt(square(op.Sub(y, target))), op.Sqrt(square(target))))
}

// adamW is the optimizer that a case describes.
type adamW struct {
	LR          float64
	WeightDecay float64 `json:"weight_decay"`
	Beta1       float64
	Beta2       float64
	Eps         float64
	Steps       int
}

// rounding bounds the relative error of sums of a few hundred float64 terms.
const rounding = 1e-13

// nearZero reports max|a| > limit; NaN fails.
func nearZero(t *testing.T, what string, a []float64, limit float64) {
	t.Helper()
	for _, v := range a {
		if !(math.Abs(v) <= limit) {
			t.Errorf("%s: %.3g, want 0 within %.3g", what, v, limit)
			return
		}
	}
}

func norm(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}
