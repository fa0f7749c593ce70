package models_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// TestJetFunctionsDifferentiate: each derivative of a function is the slope of the one before.
func TestJetFunctionsDifferentiate(t *testing.T) {
	const h = 1e-3
	at := []float64{0.3, 0.7, 1.1, 1.9}
	shifts := []float64{-2, -1, 1, 2} // fourth order: (f₋₂ − 8f₋₁ + 8f₁ − f₂)/12h
	for _, name := range []string{"cos", "exp", "gelu", "log", "sigmoid", "silu", "sin", "softplus", "sqrt", "tanh"} {
		f, err := models.JetFunction(name)
		if err != nil {
			t.Fatal(err)
		}
		var points []float64
		for _, x := range at {
			points = append(points, x)
			for _, s := range shifts {
				points = append(points, x+s*h)
			}
		}
		x := op.NewGraph().Input("x", op.Float64, op.Of(len(points), 1))
		values := compile(t, f.Derivatives(x, models.MaxDerivative)[:models.MaxDerivative+1]...).run(t, map[string][]float64{"x": points})
		for k := range models.MaxDerivative {
			for i := range at {
				v := values[k][5*i:]
				slope := (v[1] - 8*v[2] + 8*v[3] - v[4]) / (12 * h)
				if got := values[k+1][5*i]; !(math.Abs(got-slope) <= 1e-8*(1+math.Abs(slope))) {
					t.Errorf("%s: derivative %d at %v is %v, the slope of the one before %v", name, k+1, at[i], got, slope)
				}
			}
		}
	}
}

// TestCollapse: an operator carried as one slot is the sum of its terms, for products and compositions.
func TestCollapse(t *testing.T) {
	laplacian, biharmonic := models.Laplacian(0, 1, 2), models.Biharmonic(0, 1, 2)
	mixed := models.Operator{{C: 3, D: models.Partial(0, 1, 2)}, {C: -1, D: models.Partial(1, 1)}}
	operators := []models.Operator{laplacian, biharmonic, mixed}
	var wanted []models.Derivative
	for _, o := range operators {
		for _, w := range o {
			wanted = append(wanted, w.D)
		}
	}
	field := func(p *models.JetPlan) models.Jet {
		x := op.NewGraph().Input("x", op.Float64, op.Of(5, 3))
		j := p.Coordinates(x)
		tanh, _ := models.JetFunction("tanh")
		sin, _ := models.JetFunction("sin")
		a := j.Columns(0, 1).Mul(j.Columns(1, 1)).Compose(sin)
		return a.Mul(j.Columns(2, 1).Add(a).Compose(tanh)).Scale(2).Sub(j.Columns(0, 1))
	}
	collapsed, err := models.NewJetPlan(3, nil, nil, operators)
	if err != nil {
		t.Fatal(err)
	}
	full, err := models.NewJetPlan(3, nil, wanted, nil)
	if err != nil {
		t.Fatal(err)
	}
	if collapsed.Slots() >= full.Slots() {
		t.Errorf("%d slots with operators, %d without", collapsed.Slots(), full.Slots())
	}
	feed := map[string][]float64{"x": {.1, .2, .3, -.4, .5, .6, .7, -.8, .9, 1, 1.1, 1.2, -.3, .2, .1}}
	one, each := field(collapsed), field(full)
	for i, o := range operators {
		var sum op.Value
		for k, w := range o {
			if v := op.Scale(each.At(w.D), w.C); k == 0 {
				sum = v
			} else {
				sum = op.Add(sum, v)
			}
		}
		reference.Near(t, "operator", compile(t, one.Operator(i)).run(t, feed)[0], compile(t, sum).run(t, feed)[0], 1e-13)
	}
}

// TestDirections: derivatives along a vector are the same combination of partial ones.
func TestDirections(t *testing.T) {
	feed := map[string][]float64{"x": {.1, .2, -.4, .5}}
	field := func(directions [][]float64, d ...models.Derivative) models.Jet {
		p, err := models.NewJetPlan(2, directions, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		j := p.Coordinates(op.NewGraph().Input("x", op.Float64, op.Of(2, 2)))
		sin, _ := models.JetFunction("sin")
		return j.Columns(0, 1).Mul(j.Columns(1, 1)).Compose(sin)
	}
	along := field([][]float64{{2, -1}}, models.Partial(0, 0))
	f := field(nil, models.Partial(0, 0), models.Partial(0, 1), models.Partial(1, 1))
	want := op.Add(op.Scale(f.At(models.Partial(0, 0)), 4), op.Sub(f.At(models.Partial(1, 1)), op.Scale(f.At(models.Partial(0, 1)), 4)))
	reference.Near(t, "second derivative", compile(t, along.At(models.Partial(0, 0))).run(t, feed)[0], compile(t, want).run(t, feed)[0], 1e-14)
}
