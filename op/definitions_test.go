package op

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The tests here hold Eval against values from elsewhere; op/optest holds everything else against Eval.

// apply evaluates an op on arrays.
func apply(t *testing.T, o Op, in ...Array) Array {
	t.Helper()
	dims := make([]Dims, len(in))
	for i, a := range in {
		dims[i] = a.Dims
	}
	d, err := o.Shape(dims...)
	if err != nil {
		t.Fatal(err)
	}
	out := NewArray(d)
	for i := range out.Data {
		out.Data[i] = math.NaN()
	}
	o.Eval(out, in...)
	return out
}

func vector(x ...float64) Array { return Array{Of(len(x)), x} }

// field returns normal numbers of a shape.
func field(d Dims) Array {
	rnd, a := rand.New(rand.NewPCG(1, uint64(d.Size()))), NewArray(d)
	for i := range a.Data {
		a.Data[i] = rnd.NormFloat64()
	}
	return a
}

func TestActivationsByHand(t *testing.T) {
	x := vector(-3, -0.7, 0.4, 2.5)
	for _, c := range []struct {
		fn   UnaryFunc
		want []float64 // by mpmath with 40 digits
	}{
		{GELUFunc{}, []float64{-0.0040496940948902836, -0.16937455655615111, 0.26216869664412967, 2.4844758366855597}},
		{GELUTanhFunc{}, []float64{-0.0036373920817730188, -0.16942986529488325, 0.26216116942735618, 2.4849157339100014}},
		{SiLUFunc{}, []float64{-0.14227761953270034, -0.23226855948228373, 0.2394750640449808, 2.3103545499468911}},
		{SoftplusFunc{}, []float64{0.048587351573742059, 0.40318604888545789, 0.91301525239995262, 2.5788897342925496}},
		{SigmoidFunc{}, []float64{0.047425873177566781, 0.33181222783183389, 0.598687660112452, 0.92414181997875645}},
		{ReLUFunc{}, []float64{0, 0, 0.4, 2.5}},
		{StepFunc{}, []float64{0, 0, 1, 1}},
	} {
		got := apply(t, Unary{c.fn}, x)
		for i, w := range c.want {
			if d := math.Abs(got.Data[i] - w); !(d <= 0x1p-50*math.Abs(x.Data[i])) { // the tails cancel against x
				t.Errorf("%s(%v) = %v, want %v", funcName(c.fn), x.Data[i], got.Data[i], w)
			}
		}
	}
	for _, fn := range []UnaryFunc{ReLUFunc{}, StepFunc{}, SoftplusFunc{}} {
		if y := fn.At(math.NaN()); !math.IsNaN(y) {
			t.Errorf("%s(NaN) = %v", funcName(fn), y)
		}
	}
	if y := (StepFunc{}).At(0); y != 0 {
		t.Errorf("step(0) = %v", y)
	}
}

// x⁰ is 1 everywhere, so its derivative is 0 at 0 too.
func TestPowZeroIsFlatAtZero(t *testing.T) {
	g := NewGraph()
	x := g.Input("x", Float64, Of(1))
	d := Gradients(SumAll(Pow(x, 0)), x)[0]
	if got := run(t, map[Value]Array{x: vector(0)}, d); got.Data[0] != 0 {
		t.Errorf("derivative is %v", got.Data[0])
	}
}

func TestPadByHand(t *testing.T) {
	for mode, want := range map[PadMode][]float64{
		PadZero:     {0, 0, 1, 2, 3, 4, 0, 0, 0},
		PadCircular: {3, 4, 1, 2, 3, 4, 1, 2, 3},
		PadReflect:  {3, 2, 1, 2, 3, 4, 3, 2, 1},
	} {
		if got := apply(t, PadOp{Mode: mode, Before: 2, After: 3}, vector(1, 2, 3, 4)); !slices.Equal(got.Data, want) {
			t.Errorf("%v: %v, want %v", mode, got.Data, want)
		}
	}
}

// run evaluates v given the values of the leaves, which it extends.
func run(t *testing.T, values map[Value]Array, v Value) Array {
	t.Helper()
	if !v.Valid() {
		t.Fatal(v.Graph().Err())
	}
	order, err := Topological(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range order {
		o, in, err := n.Def()
		if err != nil {
			t.Fatal(err)
		}
		if l, leaf := n.Leaf(); leaf && l.Kind == Constant {
			values[n] = Array{l.Dims, l.Data}
		}
		if o == nil {
			continue
		}
		args := make([]Array, len(in))
		for i, c := range in {
			args[i] = values[c]
		}
		values[n] = apply(t, o, args...)
	}
	return values[v]
}

// Each group of a group norm, the channels of each point of a layer norm, and each channel's grid of an instance norm has mean 0 and
// variance σ²/(σ² + ε); γ and β belong to channels.
func TestNormsNormalizeTheirGroups(t *testing.T) {
	const batch, n, channels, eps = 2, 5, 6, 0.25
	g := NewGraph()
	x, gamma, beta := g.Input("x", Float64, Of(batch, n, channels)), g.Input("gamma", Float64, Of(channels)), g.Input("beta", Float64, Of(channels))
	in, scale, shift := field(x.Dims()), field(gamma.Dims()), vector(1, 2, 3, 4, 5, 6)
	leaves := map[Value]Array{x: in, gamma: scale, beta: shift}
	for name, c := range map[string]struct {
		v      Value
		group  func(batch, point, channel int) int
		affine bool
	}{
		"group":    {GroupNorm(x, 3, gamma, beta, eps), func(i, _, k int) int { return 3*i + k/2 }, true},
		"layer":    {LayerNorm(x, gamma, beta, eps), func(i, j, _ int) int { return n*i + j }, true},
		"instance": {InstanceNorm(x, eps), func(i, _, k int) int { return channels*i + k }, false},
	} {
		y := run(t, leaves, c.v)
		groups := map[int][]int{}
		for at, idx := range indices(in.Dims) {
			k := c.group(idx[0], idx[1], idx[2])
			groups[k] = append(groups[k], at)
		}
		for k, members := range groups {
			mean, square := 0.0, 0.0
			for _, at := range members {
				mean += in.Data[at] / float64(len(members))
				square += in.Data[at] * in.Data[at] / float64(len(members))
			}
			for _, at := range members {
				want := (in.Data[at] - mean) / math.Sqrt(square-mean*mean+eps)
				if ch := at % channels; c.affine {
					want = want*scale.Data[ch] + shift.Data[ch]
				}
				if !(math.Abs(y.Data[at]-want) <= 1e-13) {
					t.Errorf("%s norm: element %d of group %d is %v, want %v", name, at, k, y.Data[at], want)
				}
			}
		}
	}
}

func TestSoftmaxByHand(t *testing.T) {
	got := apply(t, SoftmaxOp{}, Array{Of(2, 3), []float64{0, math.Log(2), math.Log(5), 1000, 1000, -1000}})
	for i, want := range []float64{1. / 8, 2. / 8, 5. / 8, .5, .5, 0} {
		if !(math.Abs(got.Data[i]-want) <= 1e-15) {
			t.Errorf("element %d is %v, want %v", i, got.Data[i], want)
		}
	}
}

// The product by its user function, with a matrix of rank two against a stack, and complex products against complex128.
func TestProductsByHand(t *testing.T) {
	g := NewGraph()
	a, b := g.Input("a", Float64, Of(2, 1, 2)), g.Input("b", Float64, Of(3, 2))
	got := run(t, map[Value]Array{a: {a.Dims(), []float64{1, 2, 3, 4}}, b: {b.Dims(), []float64{1, 0, 0, 1, 1, 1}}}, MatMul(a, b, false, true))
	if want := []float64{1, 2, 3, 3, 4, 7}; got.Dims != Of(2, 1, 3) || !slices.Equal(got.Data, want) {
		t.Errorf("product is %v, want %v", got, want)
	}
	if MatMul(g.Input("square", Float64, Of(2, 3, 3)), b, true, false); g.Err() == nil {
		t.Error("a stack of transposed matrices times one matrix is no product of rows")
	}
	z, w := []complex128{1 + 2i, 3 - 1i}, []complex128{-2 + 1i, 5i}
	row, column := Array{Of(2, 1, 2), []float64{1, 3, 2, -1}}, Array{Of(2, 2, 1), []float64{-2, 0, 1, 5}}
	if got, want := apply(t, CMatMulOp{}, row, column), z[0]*w[0]+z[1]*w[1]; got.Data[0] != real(want) || got.Data[1] != imag(want) {
		t.Errorf("complex product is %v, want %v", got.Data, want)
	}
	column.Dims = Of(2, 1, 2) // read as a row, whose conjugate transpose is a column
	if got, want := apply(t, CMatMulOp{AdjB: true}, row, column), z[0]*conj(w[0])+z[1]*conj(w[1]); got.Data[0] != real(want) || got.Data[1] != imag(want) {
		t.Errorf("product with the conjugate transpose is %v, want %v", got.Data, want)
	}
}

func conj(z complex128) complex128 { return complex(real(z), -imag(z)) }
