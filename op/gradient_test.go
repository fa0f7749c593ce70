package op

import (
	"fmt"
	"strings"
	"testing"
)

// Two builds of the same graph give the same nodes in the same order, sums of gradients included: training depends on it to
// the last bit.
func TestGradientGraphIsDeterministic(t *testing.T) {
	build := func() string {
		g := NewGraph()
		x := g.Input("x", Float64, Of(4, 3))
		w := g.Variable("w", Float64, Of(3, 3))
		h := MatMul(x, w, false, false)
		var total Value
		for i, v := range []Value{Tanh(h), Sin(h), Mul(h, h), Exp(h), MatMul(h, w, false, true)} {
			if s := SumAll(Mul(v, v)); i == 0 {
				total = s
			} else {
				total = Add(total, s)
			}
		}
		order, err := Topological(Gradients(total, w, x)...)
		if err != nil {
			t.Fatal(err)
		}
		at := map[Value]int{}
		var text strings.Builder
		for i, v := range order {
			at[v] = i
			o, in, err := v.Def()
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "%d %#v", i, o)
			for _, c := range in {
				fmt.Fprintf(&text, " %d", at[c])
			}
			text.WriteByte('\n')
		}
		return text.String()
	}
	first := build()
	for range 50 {
		if again := build(); again != first {
			t.Fatalf("two builds differ:\n%s\n%s", first, again)
		}
	}
}
