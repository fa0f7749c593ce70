package op

import (
	"slices"
	"strings"
	"testing"
)

// A kernel with a single one shifts; stride 2 keeps every other position, dilation 2 spreads the kernel.
func TestConvByHand(t *testing.T) {
	x := Array{Of(1, 6, 1), []float64{1, 2, 3, 4, 5, 6}}
	w := Array{Of(2, 1, 1), []float64{10, 1}}
	for _, c := range []struct {
		stride, dilation int
		want             []float64
	}{
		{1, 1, []float64{12, 23, 34, 45, 56}},
		{2, 1, []float64{12, 34, 56}},
		{1, 2, []float64{13, 24, 35, 46}},
		{3, 2, []float64{13, 46}},
	} {
		o := ConvOp{Of(c.stride), Of(c.dilation)}
		d, err := o.Shape(x.Dims, w.Dims)
		if err != nil {
			t.Fatal(err)
		}
		out := NewArray(d)
		o.Eval(out, x, w)
		if !slices.Equal(out.Data, c.want) {
			t.Errorf("stride %d, dilation %d: %v, want %v", c.stride, c.dilation, out.Data, c.want)
		}
	}
}

// Three views of one form: Σ y·conv(x, w) = Σ x·convᵀ(y, w) = Σ w·convʷ(x, y), in whole numbers exactly, and transposing twice
// returns to the start, so that derivatives of every order stay within the three.
func TestConvIsTrilinear(t *testing.T) {
	g := NewGraph()
	x, w := g.Input("x", Float64, Of(2, 7, 5, 2)), g.Input("w", Float64, Of(3, 2, 2, 3))
	stride, dilation := []int{2, 1}, []int{1, 3}
	y := Conv(x, w, stride, dilation)
	if g.Err() != nil || y.Dims() != Of(2, 3, 2, 3) {
		t.Fatal(y.Dims(), g.Err())
	}
	s := g.Input("s", Float64, y.Dims())
	forms := []Value{
		SumAll(Mul(s, y)),
		SumAll(Mul(x, ConvTranspose(s, w, stride, dilation, []int{7, 5}))),
		SumAll(Mul(w, ConvWeight(x, s, stride, dilation, []int{3, 2}))),
	}
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	values := map[Value]Array{}
	for i, v := range []Value{x, w, s} {
		a := NewArray(v.Dims())
		for j := range a.Data {
			a.Data[j] = float64((j*j+i*7)%11 - 5)
		}
		values[v] = a
	}
	order, err := Topological(forms...)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range order {
		o, in, _ := v.Def()
		if o == nil {
			continue
		}
		args := make([]Array, len(in))
		for i, c := range in {
			args[i] = values[c]
		}
		values[v] = NewArray(v.Dims())
		o.Eval(values[v], args...)
	}
	want := values[forms[0]].Data[0]
	for i, f := range forms {
		if got := values[f].Data[0]; got != want || want == 0 {
			t.Errorf("form %d is %v, form 0 is %v", i, got, want)
		}
	}
}

func TestConvErrorsNameBothShapes(t *testing.T) {
	g := NewGraph()
	Conv(g.Input("x", Float32, Of(2, 3, 4)), g.Input("w", Float32, Of(5, 4, 1)), nil, nil)
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "[2,3,4]") || !strings.Contains(err.Error(), "[5,4,1]") {
		t.Errorf("error is %v", err)
	}
}
