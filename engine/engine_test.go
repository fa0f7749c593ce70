package engine_test

import (
	"math"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/op"
)

func compile(t *testing.T, g *op.Graph, outputs []op.Value, updates ...engine.Update) (*engine.Program, *engine.Store) {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	store := engine.NewStore(b)
	p, err := engine.Compile(g, outputs, updates, store)
	if err != nil {
		t.Fatal(err)
	}
	return p, store
}

// An element-wise expression is one kernel, whatever its length; a product and a sum are barriers.
func TestElementwiseNodesFuse(t *testing.T) {
	g := op.NewGraph()
	x, b := g.Input("x", op.Float64, op.Of(5, 7)), g.Input("b", op.Float64, op.Of(7))
	y := op.Tanh(op.Mul(op.Add(x, b), op.Exp(op.Neg(x))))
	p, _ := compile(t, g, []op.Value{op.SumAll(op.Mul(y, y))})
	if n := p.Cost().Steps; n != 2 {
		t.Errorf("%d kernels, want a chain and a sum", n)
	}
}

// a → sum → b must not be one chain, although b also reads a directly.
func TestFusionMakesNoCycles(t *testing.T) {
	g := op.NewGraph()
	x := g.Input("x", op.Float64, op.Of(3, 4))
	a := op.Exp(x)
	y := op.Div(a, op.ReshapeTo(op.SumOver(a, op.AxisSet(1)), op.Of(3, 1))) // softmax by hand
	p, _ := compile(t, g, []op.Value{y})
	data := []float64{1, 2, 3, 4, 0, 0, 0, 0, -1, 5, 2, 2}
	if err := engine.Feed(p, "x", data); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	got := make([]float64, 12)
	if err := engine.Output(p, 0, got); err != nil {
		t.Fatal(err)
	}
	for r := range 3 {
		sum := 0.0
		for _, v := range data[r*4 : r*4+4] {
			sum += math.Exp(v)
		}
		for c := range 4 {
			if want := math.Exp(data[r*4+c]) / sum; !(math.Abs(got[r*4+c]-want) < 1e-15) {
				t.Errorf("(%d, %d) is %v, want %v", r, c, got[r*4+c], want)
			}
		}
	}
}

func TestConstantsFold(t *testing.T) {
	g := op.NewGraph()
	x := g.Input("x", op.Float64, op.Of(2))
	c := g.Constant("c", op.Float64, op.Of(2), []float64{1, 4})
	p, _ := compile(t, g, []op.Value{op.Mul(x, op.Sqrt(op.Mul(c, c)))})
	if n := p.Cost().Steps; n != 1 {
		t.Errorf("%d kernels, want 1", n)
	}
}

func TestEqualNodesAreShared(t *testing.T) {
	g := op.NewGraph()
	x := g.Input("x", op.Float64, op.Of(3, 3))
	p, _ := compile(t, g, []op.Value{op.Add(op.MatMul(x, x, false, true), op.MatMul(x, x, false, true))})
	if n := p.Cost().Steps; n != 2 {
		t.Errorf("%d kernels, want one product and one sum", n)
	}
}

// All updates see the values from before the run, also those that swap two variables.
func TestUpdatesSeeOldValues(t *testing.T) {
	g := op.NewGraph()
	a, b := g.Variable("a", op.Float64, op.Of(2)), g.Variable("b", op.Float64, op.Of(2))
	p, store := compile(t, g, []op.Value{op.SumAll(op.Mul(a, b))},
		engine.Update{Variable: a, Value: op.Scale(b, 2)}, engine.Update{Variable: b, Value: op.Add(a, b)})
	store.Set("a", []float64{1, 2})
	store.Set("b", []float64{10, 20})
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	va, _ := store.Get("a")
	vb, _ := store.Get("b")
	if va[0] != 20 || va[1] != 40 || vb[0] != 11 || vb[1] != 22 {
		t.Errorf("a = %v, b = %v", va, vb)
	}
}

func TestSwapOfTwoVariables(t *testing.T) {
	g := op.NewGraph()
	a, b := g.Variable("a", op.Float64, op.Of(1)), g.Variable("b", op.Float64, op.Of(1))
	p, store := compile(t, g, nil, engine.Update{Variable: a, Value: b}, engine.Update{Variable: b, Value: a})
	store.Set("a", []float64{1})
	store.Set("b", []float64{2})
	p.Run()
	va, _ := store.Get("a")
	vb, _ := store.Get("b")
	if va[0] != 2 || vb[0] != 1 {
		t.Errorf("a = %v, b = %v", va, vb)
	}
}

func TestCompileReportsTheFirstError(t *testing.T) {
	g := op.NewGraph()
	x := g.Input("x", op.Float32, op.Of(2, 3))
	y := op.MatMul(x, x, false, false)
	b, _ := cpu.New(cpu.Config{Threads: 1})
	defer b.Close()
	_, err := engine.Compile(g, []op.Value{y}, nil, engine.NewStore(b))
	if err == nil || !strings.Contains(err.Error(), "matmul: shapes [2,3] and [2,3]") || !strings.Contains(err.Error(), "engine_test.go:") {
		t.Errorf("error is %v", err)
	}
}
