package optest

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// rules make a new value from x; those that do not apply to its shape return x. Results stay of order one, and functions smooth, so
// that neither their size nor a corner amplifies rounding.
var rules = []func(w *walk, x op.Value) op.Value{
	function, function, function, arithmetic, arithmetic, stretch, product, gram, permute, regroup, cut, extend, join, sum, sum,
	scale, spectrum, spectrum2, correlate, filter, rows, noise, detached, shared, through, folded, factor, orthogonal, outer, fitted, bounded, jet,
}

func function(w *walk, x op.Value) op.Value {
	squared := op.Mul(x, x)
	return []func() op.Value{
		func() op.Value { return op.Tanh(x) },
		func() op.Value { return op.Sin(x) },
		func() op.Value { return op.Cos(x) },
		func() op.Value { return op.Sigmoid(x) },
		func() op.Value { return op.Tanh(op.GELU(x)) },
		func() op.Value { return op.Tanh(op.GELUTanh(x)) },
		func() op.Value { return op.Tanh(op.SiLU(x)) },
		func() op.Value { return op.Tanh(op.Softplus(x)) },
		func() op.Value { return op.Exp(op.Neg(squared)) },
		func() op.Value { return op.Tanh(op.Log(op.Affine(squared, 1, 1))) },
		func() op.Value { return op.Tanh(op.Sqrt(op.Affine(squared, 1, 0.5))) },
		func() op.Value { return op.Pow(op.Affine(squared, 0.5, 1), -1.5) },
		func() op.Value { return op.Affine(x, -0.7, 0.2) },
	}[w.rnd.IntN(13)]()
}

func arithmetic(w *walk, x op.Value) op.Value {
	y := w.partner(x)
	switch w.rnd.IntN(4) {
	case 0:
		return op.Scale(op.Add(x, y), math.Sqrt(0.5))
	case 1:
		return op.Scale(op.Sub(y, x), math.Sqrt(0.5))
	case 2:
		return op.Tanh(op.Mul(x, y))
	}
	return op.Div(x, op.Affine(op.Mul(y, y), 1, 1))
}

// stretch combines x with a leaf that is broadcast along some axes, and may lack the first ones.
func stretch(w *walk, x op.Value) op.Value {
	d := x.Dims()
	for i := range d.Rank() {
		if w.rnd.IntN(2) == 0 {
			d = d.With(i, 1)
		}
	}
	y := w.leaf(d.Cut(w.rnd.IntN(d.Rank()+1), d.Rank()))
	if w.rnd.IntN(2) == 0 {
		return op.Scale(op.Add(y, x), math.Sqrt(0.5))
	}
	return op.Tanh(op.Mul(x, y))
}

func product(w *walk, x op.Value) op.Value {
	if x.Dims().Rank() < 2 {
		return x
	}
	k, n := x.Dims().At(-1), 1+w.rnd.IntN(6)
	y := op.Scale(op.MatMul(x, w.leaf(op.Of(k, n)), false, false), 1/math.Sqrt(float64(k)))
	if w.rnd.IntN(2) == 0 {
		return op.Tanh(op.Add(y, w.leaf(op.Of(n))))
	}
	return y
}

// gram is x·xᵀ or xᵀ·x over the last two axes.
func gram(w *walk, x op.Value) op.Value {
	if x.Dims().Rank() < 2 {
		return x
	}
	if w.rnd.IntN(2) == 0 {
		return op.Scale(op.MatMul(x, w.partner(x), false, true), 1/float64(x.Dims().At(-1)))
	}
	return op.Tanh(op.MatMul(x, x, true, false))
}

func permute(w *walk, x op.Value) op.Value { return op.Transpose(x, w.rnd.Perm(x.Dims().Rank())...) }

// regroup joins two neighbouring axes, or adds one of length one.
func regroup(w *walk, x op.Value) op.Value {
	d, i := x.Dims(), w.axis(x)
	if i+1 < d.Rank() {
		joined := d.Cut(0, i).Append(d.At(i) * d.At(i+1))
		return op.ReshapeTo(x, joined.Append(d.Cut(i+2, d.Rank()).Slice()...))
	}
	return op.ReshapeTo(x, d.Append(1))
}

func cut(w *walk, x op.Value) op.Value {
	if x.Dims().Rank() == 0 {
		return x
	}
	i := w.axis(x)
	n := x.Dims().At(i)
	start := w.rnd.IntN(n)
	return op.SliceAxis(x, i, start, 1+w.rnd.IntN(n-start))
}

func extend(w *walk, x op.Value) op.Value {
	if x.Dims().Rank() == 0 {
		return x
	}
	i, mode := w.axis(x), op.PadMode(w.rnd.IntN(3))
	limit := map[op.PadMode]int{op.PadZero: 3, op.PadCircular: x.Dims().At(i), op.PadReflect: x.Dims().At(i) - 1}[mode]
	return op.Pad(x, mode, i, w.rnd.IntN(min(limit, 3)+1), w.rnd.IntN(min(limit, 3)+1))
}

func join(w *walk, x op.Value) op.Value {
	if x.Dims().Rank() == 0 {
		return x
	}
	return op.Concat(w.axis(x), x, w.partner(x))
}

func sum(w *walk, x op.Value) op.Value {
	axes := op.Axes(w.rnd.IntN(1 << x.Dims().Rank()))
	n := 1
	for i, m := range x.Dims().Slice() {
		if axes.Has(i) {
			n *= m
		}
	}
	if axes == 1<<x.Dims().Rank()-1 {
		return op.Tanh(op.Scale(op.Dot(x, w.partner(x)), 1/float64(n)))
	}
	return op.Scale(op.SumOver(x, axes), 1/math.Sqrt(float64(n)))
}

// scale is a softmax or a normalisation.
func scale(w *walk, x op.Value) op.Value {
	if x.Dims().Rank() == 0 {
		return x
	}
	if w.rnd.IntN(2) == 0 {
		return op.Softmax(x)
	}
	return op.Normalize(x, op.AxisSet(w.axis(x)), 0.5)
}

// spectrum filters the axis before the last through its first wavenumbers.
func spectrum(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() < 2 || d.Rank() > 4 {
		return x
	}
	n := d.At(-2)
	bins := 1 + w.rnd.IntN(n/2+1)
	return op.RealSynthesis(op.RealDFT(x, bins, 1/math.Sqrt(float64(n))), n+w.rnd.IntN(3), 1/math.Sqrt(float64(n)))
}

// spectrum2 mixes the channels of the modes of two axes: a Fourier layer.
func spectrum2(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() != 4 {
		return x
	}
	nx, ny, c := d.At(1), d.At(2), d.At(3)
	mx, my := 1+w.rnd.IntN(nx), 1+w.rnd.IntN(ny/2+1)
	v := op.DFT(op.RealDFT(x, my, 1/math.Sqrt(float64(ny))), 1, -(mx / 2), mx, 1/math.Sqrt(float64(nx)))
	v = op.Scale(op.CMatMul(v, w.leaf(op.Of(mx, my, 2, c, 2)), false, false), 1/math.Sqrt(float64(2*c)))
	return op.RealSynthesis(op.Synthesis(v, 1, -(mx/2), nx, 1/math.Sqrt(float64(nx))), ny, 1/math.Sqrt(float64(ny)))
}

func correlate(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() < 3 || d.Rank() > 5 {
		return x
	}
	k, stride := op.Of(), []int{}
	for _, n := range d.Cut(1, d.Rank()-1).Slice() {
		k, stride = k.Append(1+w.rnd.IntN(min(n, 3))), append(stride, 1+w.rnd.IntN(2))
	}
	weight := w.leaf(k.Append(d.At(-1), 2))
	return op.Scale(op.Conv(x, weight, stride, nil), 1/math.Sqrt(float64(k.Size()*d.At(-1))))
}

// filter correlates each channel with a kernel of its own.
func filter(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() < 3 || d.Rank() > 5 {
		return x
	}
	k := op.Of()
	for _, n := range d.Cut(1, d.Rank()-1).Slice() {
		k = k.Append(1 + w.rnd.IntN(min(n, 3)))
	}
	return op.Scale(op.Depthwise(x, w.leaf(k.Append(d.At(-1)))), 1/math.Sqrt(float64(k.Size())))
}

// rows gathers rows of a matrix by a constant index.
func rows(w *walk, x op.Value) op.Value {
	if x.Dims().Rank() != 2 {
		return x
	}
	index := make([]float64, 1+w.rnd.IntN(5))
	name := "index"
	for i := range index {
		index[i] = float64(w.rnd.IntN(x.Dims().At(0)))
		name += string(rune('0' + int(index[i])%10))
	}
	return op.Gather(x, w.g.Constant(name, w.dtype, op.Of(len(index)), index))
}

// jet takes half of the rows for a function and the others for its derivative, both of them shifted where there is a shift.
func jet(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() != 2 || d.At(0)%2 != 0 {
		return x
	}
	f := []op.JetFunction{op.JetTanh, op.JetSin, op.JetCos}[w.rnd.IntN(3)]
	rules := op.MakeJetRules(2, 2, []op.JetTerm{{C: 1}, {Slot: 1, C: 1, Blocks: []int{1}}})
	if w.rnd.IntN(2) == 0 {
		return op.Apply(op.JetOp{Fn: f, Rules: rules}, x)
	}
	return op.Apply(op.JetOp{Fn: f, Rules: rules}, x, w.leaf(d.With(0, d.At(0)/2)))
}

func noise(w *walk, x op.Value) op.Value {
	if w.rnd.IntN(2) == 0 {
		return op.Dropout(x, w.step, 0.25, 9, uint64(len(w.pool)))
	}
	return op.Add(x, op.Scale(op.Normal(w.step, x.Dims(), 9, uint64(len(w.pool))), 0.1))
}

// detached is a factor that the gradient does not see.
func detached(w *walk, x op.Value) op.Value { return op.Mul(x, op.Detach(op.Tanh(w.partner(x)))) }

// shared uses one sub-expression twice, written twice.
func shared(_ *walk, x op.Value) op.Value {
	return op.Mul(op.Sin(op.Affine(x, 0.5, 0)), op.Cos(op.Sin(op.Affine(x, 0.5, 0))))
}

// through takes a detour over the other dtype.
func through(w *walk, x op.Value) op.Value {
	if w.dtype == op.Float64 {
		return op.Cast(op.Cast(op.Tanh(x), op.Float64), w.dtype)
	}
	return op.Cast(op.Tanh(op.Cast(x, op.Float64)), w.dtype)
}

// folded has a factor that depends on constants only.
func folded(w *walk, x op.Value) op.Value {
	c := w.constant(x.Dims())
	return op.Mul(x, op.Tanh(op.Add(c, op.Mul(c, c))))
}

// diagonal is the constant matrices c·1 of the given shape.
func (w *walk) diagonal(d op.Dims, c float64) op.Value {
	data, n := make([]float64, d.Size()), d.At(-1)
	for i := range data {
		if i%(n*n)%(n+1) == 0 {
			data[i] = c
		}
	}
	return w.g.Constant(fmt.Sprintf("diagonal %v %v", d, c), w.dtype, d, data)
}

// factor solves (y·yᵀ/n + 2)·z = x for tanh y of the shape of x, by Cholesky, and marks what broke down: nothing.
func factor(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() < 2 {
		return x
	}
	y := op.Tanh(w.partner(x))
	gram := op.Scale(op.MatMul(y, y, false, true), 1/float64(d.At(-1)))
	l := op.Cholesky(op.Add(gram, w.diagonal(gram.Dims(), 2)))
	z := op.CholeskySolve(l, x)
	return op.Add(z, op.BroadcastTo(op.ReshapeTo(op.Broken(l), d.With(-1, 1).With(-2, 1)), d))
}

// orthogonal is the Q or the R of tanh x below 2·1.
func orthogonal(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() < 2 {
		return x
	}
	q, r := op.QR(op.Concat(d.Rank()-2, w.diagonal(d.With(-2, d.At(-1)), 2), op.Tanh(x)))
	if w.rnd.IntN(2) == 0 {
		return q
	}
	return op.Tanh(r)
}

// outer takes the outer products of the rows of x and of another matrix, halves of the rows together where that goes.
func outer(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() != 2 || d.Size() == 0 {
		return x
	}
	rows := d.At(0)
	if rows%2 == 0 {
		rows /= 2
	}
	return op.Scale(op.RowOuter(rows, x, w.leaf(d.With(1, 1+w.rnd.IntN(4)))), 0.5)
}

// fitted is sin(F)·w + w₀ ≈ x as a fit of w, for the columns of tanh x as F.
func fitted(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() < 2 {
		return x
	}
	field := op.ReshapeTo(op.Tanh(x), op.Of(d.Span(0, d.Rank()-2), d.At(-2), d.At(-1)))
	o := op.FitOp{Rows: "1 1 x0 0.1 x0 * sin + x1 -", Tolerance: 1e-9, Damping: 1e-3, Ridge: 1, MaxIterations: 20}
	start := op.Scale(op.SumOver(field, op.AxisSet(1)), 0)
	target := op.Tanh(op.SumOver(field, op.AxisSet(2)))
	solution, _ := op.Fit(o, start, field, target)
	return op.Tanh(solution)
}

// bounded is the solution of (2·1 below tanh x)·z ≈ 1 + tanh y in z ≥ 0, y of the shape of x.
func bounded(w *walk, x op.Value) op.Value {
	d := x.Dims()
	if d.Rank() != 3 {
		return x
	}
	a := op.Concat(1, w.diagonal(d.With(1, d.At(2)), 2), op.Tanh(x))
	b := op.Concat(1, op.ReshapeTo(op.Scale(op.SumOver(w.leaf(d.With(1, d.At(2))), op.AxisSet(1)), 0), d.Cut(0, 1).Append(d.At(2))),
		op.Affine(op.Tanh(op.SumOver(w.partner(x), op.AxisSet(2))), 1, 1.5))
	return op.NonnegativeLeastSquares(a, b)
}
