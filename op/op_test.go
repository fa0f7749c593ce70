package op

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
)

func TestTapeMachineRunsGradients(t *testing.T) {
	g := NewGraph()
	x := g.Input("x", Float64, Of(2, 3))
	b := g.Variable("b", Float64, Of(3))
	loss := MeanAll(Tanh(Add(Mul(x, x), b)))
	grads := Gradients(loss, x, b)
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	var out gorgonia.Value
	gorgonia.Read(grads[0].Node(), &out)
	mach := gorgonia.NewTapeMachine(g.Gorgonia())
	defer mach.Close()
	xv, bv := []float64{1, 2, 3, 4, 5, 6}, []float64{.1, .2, .3}
	for v, d := range map[Value][]float64{x: xv, b: bv} {
		tv, _ := tensorValue(Float64, Array{v.Dims(), d})
		gorgonia.Let(v.Node(), tv)
	}
	if err := mach.RunAll(); err != nil {
		t.Fatal(err)
	}
	got, _ := float64s(out)
	for i, x := range xv {
		y := math.Tanh(x*x + bv[i%3])
		if want := (1 - y*y) * 2 * x / 6; !(math.Abs(got[i]-want) < 1e-15) {
			t.Errorf("gradient %d is %v, want %v", i, got[i], want)
		}
	}
}

func TestFirstErrorSticksWithItsLine(t *testing.T) {
	g := NewGraph()
	x, y := g.Input("x", Float32, Of(2, 3)), g.Input("y", Float32, Of(4))
	_, _, line, _ := runtime.Caller(0)
	z := Tanh(Add(x, y))
	if z.Valid() || g.Err() == nil {
		t.Fatal("no error")
	}
	want := fmt.Sprintf("op_test.go:%d: add: shapes [2,3] and [4] do not broadcast", line+1)
	if g.Err().Error() != want {
		t.Errorf("error is %q, want %q", g.Err(), want)
	}
}

// An op with a NaN attribute equals nothing, itself included: it must be refused, not searched for.
func TestNaNAttributeIsAnError(t *testing.T) {
	g := NewGraph()
	Scale(g.Input("x", Float32, Of(2)), math.NaN())
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "affine") {
		t.Errorf("error is %v", err)
	}
}
