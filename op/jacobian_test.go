package op

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// evaluate runs a graph by the definitions.
func evaluate(t *testing.T, leaves map[Value][]float64, out Value) []float64 {
	t.Helper()
	if err := out.g.Err(); err != nil {
		t.Fatal(err)
	}
	order, err := Topological(out)
	if err != nil {
		t.Fatal(err)
	}
	at := map[Value]Array{}
	for _, v := range order {
		o, in, err := v.Def()
		if err != nil {
			t.Fatal(err)
		}
		a := NewArray(v.Dims())
		if o == nil {
			data := leaves[v]
			if l, _ := v.Leaf(); l.Kind == Constant {
				data = l.Data
			}
			copy(a.Data, data)
		} else {
			args := make([]Array, len(in))
			for i, c := range in {
				args[i] = at[c]
			}
			o.Eval(a, args...)
		}
		at[v] = a
	}
	return at[out].Data
}

// rowModel is a network of two layers at m points, values and one direction as rows of the same products, with everything that a
// parameter may do: multiply rows from the right, plain, transposed or factorised; be stretched over points, over channels and
// points; be read twice; go through functions; and not be read.
func rowModel(m int) (r Value, params, leaves []Value) {
	g := NewGraph()
	x := g.Input("x", Float64, Of(m, 2))
	w0, b0 := g.Variable("w0", Float64, Of(2, 5)), g.Variable("b0", Float64, Of(5))
	v, s := g.Variable("v", Float64, Of(5, 5)), g.Variable("s", Float64, Of(5))
	w2 := g.Variable("w2", Float64, Of(1, 5))
	slope, nu, unread := g.Variable("slope", Float64, Of(1)), g.Variable("nu", Float64, Dims{}), g.Variable("unread", Float64, Of(3))
	direction := BroadcastTo(g.Constant("direction", Float64, Of(1, 2), []float64{0.3, -1}), Of(m, 2))
	rows := func(a, da, w Value, trans bool) (Value, Value) {
		y := MatMul(Concat(0, a, da), w, false, trans)
		return SliceAxis(y, 0, 0, m), SliceAxis(y, 0, m, m)
	}
	net := func(x, dx Value) (Value, Value) {
		z, dz := rows(x, dx, w0, false)
		z = Add(z, b0)
		h := Tanh(Mul(z, slope))
		dh := Mul(Mul(Affine(Mul(h, h), -1, 1), dz), slope)
		factor := Mul(v, Exp(s))
		h, dh = rows(h, dh, factor, false)
		return rows(Sin(h), Mul(Cos(h), dh), w2, true)
	}
	u, du := net(x, direction)
	mirror, dmirror := net(Neg(x), Neg(direction))
	u, du = Sub(u, mirror), Sub(du, dmirror)
	r = Sub(Mul(u, du), Mul(Exp(nu), u))
	params = []Value{w0, b0, v, s, w2, slope, nu, unread}
	return r, params, append(params, x)
}

// TestJacobian: the Jacobian is the derivative of each row, against central differences.
func TestJacobian(t *testing.T) {
	const m, h = 7, 1e-5
	r, params, leaves := rowModel(m)
	j := Jacobian(r, params...)
	rnd := rand.New(rand.NewPCG(1, 9))
	values := map[Value][]float64{}
	for _, v := range leaves {
		data := make([]float64, v.Dims().Size())
		for i := range data {
			data[i] = rnd.NormFloat64()
		}
		values[v] = data
	}
	got := evaluate(t, values, j)
	p := j.Dims().At(1)
	at := 0
	for _, v := range params {
		for i := range values[v] {
			old := values[v][i]
			values[v][i] = old + h
			up := evaluate(t, values, r)
			values[v][i] = old - h
			down := evaluate(t, values, r)
			values[v][i] = old
			for row := range m {
				want := (up[row] - down[row]) / (2 * h)
				if d := math.Abs(got[row*p+at] - want); !(d <= 1e-8*(1+math.Abs(want))) {
					leaf, _ := v.Leaf()
					t.Errorf("row %d, %s[%d]: %.9g, differences give %.9g", row, leaf.Name, i, got[row*p+at], want)
				}
			}
			at++
		}
	}
	if at != p {
		t.Errorf("%d columns for %d parameters", p, at)
	}
}

// TestSubstitute: with other leaves the same graph is the function at another place.
func TestSubstitute(t *testing.T) {
	r, params, leaves := rowModel(3)
	g := r.Graph()
	var to []Value
	for i, v := range params {
		to = append(to, g.Variable(fmt.Sprint("other", i), Float64, v.Dims()))
	}
	moved := Substitute([]Value{r}, params, to)[0]
	rnd := rand.New(rand.NewPCG(2, 9))
	here, there := map[Value][]float64{}, map[Value][]float64{}
	for i, v := range leaves {
		a, b := make([]float64, v.Dims().Size()), make([]float64, v.Dims().Size())
		for k := range a {
			a[k], b[k] = rnd.NormFloat64(), rnd.NormFloat64()
		}
		here[v] = a
		there[v] = a
		if i < len(params) {
			here[to[i]] = b
			there[v] = b
		}
	}
	got, want := evaluate(t, here, moved), evaluate(t, there, r)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d: %v, want %v", i, got[i], want[i])
		}
	}
}

// What mixes points, or has no row per point, is refused.
func TestJacobianRefuses(t *testing.T) {
	g := NewGraph()
	x, w := g.Input("x", Float64, Of(6, 2)), g.Variable("w", Float64, Of(2, 1))
	for _, c := range []struct {
		rows Value
		want string
	}{
		{MatMul(x, w, false, false), ""},
		{SliceAxis(MatMul(x, w, false, false), 0, 0, 4), "no multiple of 4 points"},
		{MatMul(ReshapeTo(x, Of(6, 2)), MatMul(w, w, false, true), false, false), "rows of shape"},
		{SliceAxis(MatMul(x, MatMul(w, w, false, true), false, false), 1, 0, 1), "of parameters alone"},
	} {
		if g.Err() != nil {
			t.Fatal(g.Err())
		}
		Jacobian(c.rows, w)
		switch err := g.Err(); {
		case c.want == "" && err != nil:
			t.Fatal(err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%v: error is %v, want one with %q", c.rows.Dims(), err, c.want)
		}
		g.err = nil
	}
}
