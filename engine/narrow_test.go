package engine_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/op/optest"
)

// Slots of a jet that the loss does not read are not made, in the forward pass or in the gradient, and the results are those of the graph's
// definitions: for one slot in the middle, for several, for parts of a slot and for all of them side by side.
func TestRowsThatNobodyReadsAreNotMade(t *testing.T) {
	const m, c, k = 16, 5, 16
	shapes := map[string]op.Dims{"x": op.Of(3*m, 2), "v": op.Of(2, c), "b": op.Of(m, c), "w": op.Of(c, k)}
	rules := op.MakeJetRules(3, 4, []op.JetTerm{
		{C: 1}, {Slot: 1, C: 1, Blocks: []int{1}}, {Slot: 2, C: 1, Blocks: []int{2}}, {Slot: 3, C: 1, Blocks: []int{1, 1}}, {Slot: 3, C: 1, Blocks: []int{2, 2}},
	})
	build := func(spans [][2]int) (*op.Graph, []op.Value) {
		g := op.NewGraph()
		in := func(name string) op.Value { return g.Input(name, op.Float64, shapes[name]) }
		y := op.Apply(op.JetOp{Fn: op.JetTanh, Rules: rules}, op.MatMul(in("x"), in("v"), false, false), in("b"))
		u := op.MatMul(y, in("w"), false, false)
		var loss op.Value
		for i, s := range spans {
			part := op.SliceAxis(u, 0, s[0], s[1])
			if sum := op.SumAll(op.Mul(part, op.Sin(part))); i == 0 {
				loss = sum
			} else {
				loss = op.Add(loss, sum)
			}
		}
		return g, append(op.Gradients(loss, in("v"), in("b"), in("w")), loss)
	}
	all := [][2]int{{0, m}, {m, m}, {2 * m, m}, {3 * m, m}}
	g, outputs := build(all)
	whole, _ := compile(t, g, outputs)
	for _, spans := range [][][2]int{{{2 * m, m}}, {{3 * m, m}}, {{m, m}, {3 * m, m}}, {{m + 3, m}, {2*m - 2, 7}}, all} {
		g, outputs := build(spans)
		p, _ := compile(t, g, outputs)
		v := fill(t, p, shapes)
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		want, err := optest.TapeMachine{}.Run(g, v, outputs)
		if err != nil {
			t.Fatal(err)
		}
		for i := range outputs {
			got := make([]float64, len(want[i]))
			if err := engine.Output(p, i, got); err != nil {
				t.Fatal(err)
			}
			for j := range got {
				if !(math.Abs(got[j]-want[i][j]) <= 1e-12*(1+math.Abs(want[i][j]))) {
					t.Fatalf("rows %v: element %d of output %d is %v, want %v", spans, j, i, got[j], want[i][j])
				}
			}
		}
		if got, most := p.Cost().FLOPs, whole.Cost().FLOPs; len(spans) == 1 && !(2*got < most) {
			t.Errorf("rows %v: %d operations of %d for all rows", spans, got, most)
		}
	}
	// the gradients of slices side by side are joined: no zeros are made, and none added
	if got := whole.Cost().Steps; got > 17 {
		t.Errorf("%d steps for all rows: slices or zeros are made", got)
	}
}
