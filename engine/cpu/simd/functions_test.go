package simd_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// prec is enough for the power series of erf at |x| = 28, whose terms reach e^784.
const prec = 2600

func num(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }

func add(x, y *big.Float) *big.Float { return num(0).Add(x, y) }
func mul(x, y *big.Float) *big.Float { return num(0).Mul(x, y) }
func quo(x, y *big.Float) *big.Float { return num(0).Quo(x, y) }
func neg(x *big.Float) *big.Float    { return num(0).Neg(x) }

func lit(s string) *big.Float {
	x, _, err := big.ParseFloat(s, 10, prec, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return x
}

// exp is e^x = (e^(x/2^s))^(2^s) by its power series.
func exp(x *big.Float) *big.Float {
	const bits = 300
	short := func() *big.Float { return new(big.Float).SetPrec(bits) }
	y := short().Set(x)
	s := max(0, y.MantExp(nil)+20)
	y.SetMantExp(y, -s)
	sum, term := short().SetInt64(1), short().SetInt64(1)
	for i := int64(1); i < 16; i++ {
		term.Quo(term.Mul(term, y), short().SetInt64(i))
		sum.Add(sum, term)
	}
	for range s {
		sum.Mul(sum, sum)
	}
	return num(0).Set(sum)
}

// sin is the power series at x mod 2π.
func sin(x *big.Float) *big.Float {
	period := mul(num(2), machin)
	turns, _ := quo(x, period).Float64()
	x = add(x, neg(mul(num(math.Round(turns)), period)))
	y := new(big.Float).SetPrec(300).Set(x)
	square := new(big.Float).SetPrec(300).Mul(y, y)
	sum, term := new(big.Float).SetPrec(300).Set(y), new(big.Float).SetPrec(300).Set(y)
	for j := int64(1); j < 30; j++ {
		term.Quo(term.Mul(term, square), new(big.Float).SetInt64(-2*j*(2*j+1)))
		sum.Add(sum, term)
	}
	return num(0).Set(sum)
}

// log solves e^y = x by Newton's iteration from float64.
func log(x *big.Float) *big.Float {
	m := num(0)
	e := x.MantExp(m)
	f, _ := m.Float64()
	y := add(num(math.Log(f)), mul(num(float64(e)), ln2))
	for range 3 {
		y = add(y, add(quo(x, exp(y)), num(-1)))
	}
	return y
}

// ln2 is Σ 1/(j·2^j).
var ln2 = func() *big.Float {
	sum := num(0)
	for j := 1; j < 300; j++ {
		sum = add(sum, quo(num(math.Ldexp(1, -j)), num(float64(j))))
	}
	return sum
}()

// normalCDF is Φ(x) = 1/2 + 1/√2π · Σ_j (−1)^j x^(2j+1)/(2^j j! (2j+1)).
func normalCDF(x *big.Float) *big.Float {
	half := num(0.5)
	q := neg(mul(half, mul(x, x)))
	sum, term := num(0), num(0).Set(x)
	for j := 0; j < 4000; j++ {
		t := quo(term, num(float64(2*j+1)))
		sum = add(sum, t)
		if j > 20 && (t.Sign() == 0 || t.MantExp(nil) < -prec+100) {
			break
		}
		term = quo(mul(term, q), num(float64(j+1)))
	}
	return add(half, quo(sum, rootTwoPi()))
}

// rootTwoPi is √2π to the precision, from Γ(1/2) by no table: π is summed by Machin's formula.
func rootTwoPi() *big.Float { return num(0).Sqrt(mul(num(2), machin)) }

var machin = func() *big.Float {
	atanInv := func(n float64) *big.Float {
		sum, term := num(0), quo(num(1), num(n))
		for k := 0; term.MantExp(nil) > -prec; k++ {
			t := quo(term, num(float64(2*k+1)))
			if k%2 == 1 {
				t = neg(t)
			}
			sum = add(sum, t)
			term = quo(term, num(n*n))
		}
		return sum
	}
	return add(mul(num(16), atanInv(5)), mul(num(-4), atanInv(239)))
}()

func sigma(v *big.Float) *big.Float { return quo(num(1), add(num(1), exp(neg(v)))) }

// cubic is v = √(8/π)·(x + 0.044715·x³) and its derivative.
func cubic(x *big.Float) (v, slope *big.Float) {
	c := num(0).Sqrt(quo(num(8), machin))
	g, s := lit("0.044715"), mul(x, x)
	v = mul(c, mul(x, add(num(1), mul(g, s))))
	return v, mul(c, add(num(1), mul(mul(num(3), g), s)))
}

// gated is d/dx x·σ(v).
func gated(x, v, slope *big.Float) *big.Float {
	return mul(sigma(v), add(num(1), mul(mul(x, slope), sigma(neg(v)))))
}

// function is one function of the table: its name, its exact value, the range of random arguments and the largest
// error allowed, in units of the last place of the result plus, near a root of a derivative, of half an ulp of 1.
type function struct {
	name         string
	f32          func(simd.Kernels[float32]) func(dst, x []float32)
	f64          func(simd.Kernels[float64]) func(dst, x []float64)
	exact        func(x *big.Float) *big.Float
	lo, hi       float64
	ulp32, ulp64 float64
	root         bool
}

func functions() []function {
	type k32 = simd.Kernels[float32]
	type k64 = simd.Kernels[float64]
	type v32 = func(dst, x []float32)
	type v64 = func(dst, x []float64)
	return []function{
		{name: "exp", f32: func(k k32) v32 { return k.Exp }, f64: func(k k64) v64 { return k.Exp }, lo: -110, hi: 88.7, ulp32: 1.5, ulp64: 1.5,
			exact: exp},
		{name: "log", f32: func(k k32) v32 { return k.Log }, f64: func(k k64) v64 { return k.Log }, lo: 0, hi: 1e3, ulp32: 1.5, ulp64: 1.5,
			exact: log},
		{name: "sin", f32: func(k k32) v32 { return k.Sin }, f64: func(k k64) v64 { return k.Sin }, lo: -31000, hi: 31000, ulp32: 2.5, ulp64: 2.5,
			exact: sin},
		{name: "cos", f32: func(k k32) v32 { return k.Cos }, f64: func(k k64) v64 { return k.Cos }, lo: -31000, hi: 31000, ulp32: 2.5, ulp64: 2.5,
			exact: func(x *big.Float) *big.Float { return sin(add(x, quo(machin, num(2)))) }},
		{name: "softplus", f32: func(k k32) v32 { return k.Softplus }, f64: func(k k64) v64 { return k.Softplus }, lo: -110, hi: 30, ulp32: 3, ulp64: 3,
			exact: func(x *big.Float) *big.Float { return log(add(num(1), exp(x))) }},
		{name: "tanh", f32: func(k k32) v32 { return k.Tanh }, f64: func(k k64) v64 { return k.Tanh }, lo: -11, hi: 11, ulp32: 3, ulp64: 3,
			exact: func(x *big.Float) *big.Float {
				t := exp(mul(num(-2), x))
				return quo(add(num(1), neg(t)), add(num(1), t))
			}},
		{name: "sigmoid", f32: func(k k32) v32 { return k.Sigmoid }, f64: func(k k64) v64 { return k.Sigmoid }, lo: -110, hi: 30, ulp32: 2.5, ulp64: 2.5,
			exact: sigma},
		{name: "silu", f32: func(k k32) v32 { return k.SiLU }, f64: func(k k64) v64 { return k.SiLU }, lo: -110, hi: 30, ulp32: 3, ulp64: 3,
			exact: func(x *big.Float) *big.Float { return mul(x, sigma(x)) }},
		{name: "siluGrad", f32: func(k k32) v32 { return k.SiLUGrad }, f64: func(k k64) v64 { return k.SiLUGrad }, lo: -60, hi: 60, ulp32: 5, ulp64: 5, root: true,
			exact: func(x *big.Float) *big.Float { return gated(x, x, num(1)) }},
		{name: "gelu", f32: func(k k32) v32 { return k.GELU }, f64: func(k k64) v64 { return k.GELU }, lo: -15, hi: 6, ulp32: 5, ulp64: 5,
			exact: func(x *big.Float) *big.Float { return mul(x, normalCDF(x)) }},
		{name: "geluGrad", f32: func(k k32) v32 { return k.GELUGrad }, f64: func(k k64) v64 { return k.GELUGrad }, lo: -15, hi: 6, ulp32: 5, ulp64: 5, root: true,
			exact: func(x *big.Float) *big.Float {
				return add(normalCDF(x), quo(mul(x, exp(mul(num(-0.5), mul(x, x)))), rootTwoPi()))
			}},
		{name: "geluTanh", f32: func(k k32) v32 { return k.GELUTanh }, f64: func(k k64) v64 { return k.GELUTanh }, lo: -12, hi: 6, ulp32: 3, ulp64: 3,
			exact: func(x *big.Float) *big.Float { v, _ := cubic(x); return mul(x, sigma(v)) }},
		{name: "geluTanhGrad", f32: func(k k32) v32 { return k.GELUTanhGrad }, f64: func(k k64) v64 { return k.GELUTanhGrad }, lo: -12, hi: 6, ulp32: 5, ulp64: 5, root: true,
			exact: func(x *big.Float) *big.Float { v, s := cubic(x); return gated(x, v, s) }},
	}
}

// ulp is the spacing of numbers of type T at x.
func ulp[T simd.Float](x float64) float64 {
	digits, least := 53, -1074
	if epsilon[T]() > 0x1p-30 {
		digits, least = 24, -149
	}
	_, e := math.Frexp(x)
	return math.Ldexp(1, max(e-digits, least))
}

func TestFunctionError(t *testing.T) {
	for _, f := range functions() {
		rnd := rand.New(rand.NewPCG(5, 6))
		x := []float64{0x1p-126, 0x1p-140, 1 + 0x1p-20, 1 - 0x1p-20, -18, -24.5, -30.25, -36.75}
		if f.name == "sin" || f.name == "cos" { // close to multiples of π/2
			for _, v := range []float64{math.Pi, math.Pi / 2, 11, 355, 710, 103993, 16367173 * math.Pi / 2} {
				x = append(x, float64(float32(v)))
			}
		}
		for i := range 1500 {
			v := f.lo + (f.hi-f.lo)*rnd.Float64()
			if i%3 == 0 {
				v = math.Exp(-30*rnd.Float64()) * (2*rnd.Float64() - 1)
			}
			x = append(x, float64(float32(v)))
		}
		if f.name == "log" {
			for i, v := range x {
				x[i] = math.Abs(v)
			}
		}
		want := make([]*big.Float, len(x))
		for i, v := range x {
			want[i] = f.exact(num(v))
		}
		forAll(t, func(t *testing.T, k simd.Kernels[float32]) {
			testError(t, f.name, f.f32(k), x, want, f.ulp32, f.root)
		}, func(t *testing.T, k simd.Kernels[float64]) {
			testError(t, f.name, f.f64(k), x, want, f.ulp64, f.root)
		})
	}
}

func testError[T simd.Float](t *testing.T, name string, f func(dst, x []T), x []float64, want []*big.Float, limit float64, root bool) {
	dst := make([]T, len(x))
	for i, v := range x {
		dst[i] = T(v)
	}
	f(dst, dst)
	worst, at := 0.0, 0.0
	for i, v := range x {
		y, _ := want[i].Float64()
		d, _ := add(num(float64(dst[i])), neg(want[i])).Float64()
		unit := ulp[T](y)
		if root && v > -2 && v < 0 {
			unit += epsilon[T]() / 4
		}
		if e := math.Abs(d) / unit; !(e <= worst) {
			worst, at = e, v
		}
	}
	t.Logf("%s: %.2f ulp at %v", name, worst, at)
	if !(worst <= limit) {
		t.Errorf("%s: error %.2f ulp at %v, limit %v", name, worst, at, limit)
	}
}

// unary lists every function of one operand.
func unary[T simd.Float](k simd.Kernels[T]) map[string]func(dst, x []T) {
	return map[string]func(dst, x []T){
		"sqrt": k.Sqrt, "relu": k.ReLU, "exp": k.Exp, "log": k.Log, "sin": k.Sin, "cos": k.Cos, "tanh": k.Tanh,
		"sigmoid": k.Sigmoid, "softplus": k.Softplus, "silu": k.SiLU, "siluGrad": k.SiLUGrad, "gelu": k.GELU,
		"geluGrad": k.GELUGrad, "geluTanh": k.GELUTanh, "geluTanhGrad": k.GELUTanhGrad,
		"scale":  func(dst, x []T) { k.Scale(dst, x, 3) },
		"shift":  func(dst, x []T) { k.Shift(dst, x, 3) },
		"affine": func(dst, x []T) { k.Affine(dst, x, 3, 0.1) },
		"add":    func(dst, x []T) { k.Add(dst, x, x) },
		"sub":    func(dst, x []T) { k.Sub(dst, x, x) },
		"mul":    func(dst, x []T) { k.Mul(dst, x, x) },
		"div":    func(dst, x []T) { k.Div(dst, x, x) },
		"axpy":   func(dst, x []T) { copy(dst, x); k.Axpy(dst, 0.1, x) },
		"mulAdd": func(dst, x []T) { copy(dst, x); k.MulAdd(dst, x, dst) },
		"mulSub": func(dst, x []T) { copy(dst, x); k.MulSub(dst, x, dst) },
	}
}

// An element's result is the same alone, anywhere in a slice of any length, and in place; nothing else is written.
func TestPosition(t *testing.T) { forAll(t, testPosition[float32], testPosition[float64]) }

func testPosition[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(1, 9))
	for name, f := range unary(k) {
		for n := range 70 {
			x, y := newGuarded[T](n), newGuarded[T](n)
			for i := range x.data {
				x.data[i] = T(rnd.NormFloat64() * math.Exp(16*rnd.Float64()))
			}
			x0 := append([]T(nil), x.data...)
			f(y.data, x.data)
			same(t, name+" operand", x.data, x0)
			x.check(t, name)
			y.check(t, name)
			one := make([]T, 1)
			for i, v := range x0 {
				f(one, []T{v})
				same(t, name, y.data[i:i+1], one)
			}
			f(x.data, x.data)
			x.check(t, name)
			same(t, name+" in place", x.data, y.data)
		}
	}
}

// A pair has the bits of its two functions, in place too, and writes nothing else.
func TestPair(t *testing.T) { forAll(t, testPair[float32], testPair[float64]) }

func testPair[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(3, 9))
	for name, f := range map[string]struct {
		pair         func(value, slope, x []T)
		value, slope func(dst, x []T)
	}{
		"silu": {k.SiLUPair, k.SiLU, k.SiLUGrad}, "gelu": {k.GELUPair, k.GELU, k.GELUGrad}, "geluTanh": {k.GELUTanhPair, k.GELUTanh, k.GELUTanhGrad},
	} {
		for n := range 70 {
			x, value, slope := newGuarded[T](n), newGuarded[T](n), newGuarded[T](n)
			for i := range x.data {
				x.data[i] = T(rnd.NormFloat64() * math.Exp(8*rnd.Float64()-4))
			}
			for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0} {
				if n > 40 {
					x.data[i] = T(v)
				}
			}
			wantValue, wantSlope := make([]T, n), make([]T, n)
			f.value(wantValue, x.data)
			f.slope(wantSlope, x.data)
			f.pair(value.data, slope.data, x.data)
			same(t, name+" value", value.data, wantValue)
			same(t, name+" slope", slope.data, wantSlope)
			f.pair(value.data, x.data, x.data)
			same(t, name+" value beside x", value.data, wantValue)
			same(t, name+" slope in place", x.data, wantSlope)
			for _, g := range []guarded[T]{x, value, slope} {
				g.check(t, name)
			}
		}
	}
}

// Limits at ±∞, ±0, beyond the range and at NaN.
func TestSpecialValues(t *testing.T) {
	forAll(t, testSpecialValues[float32], testSpecialValues[float64])
}

func testSpecialValues[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	inf, nan, minus := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	x := []float64{nan, inf, -inf, 0, minus, 1e30, -1e30}
	want := map[string][]float64{
		"sqrt":         {nan, inf, nan, 0, minus, float64(T(math.Sqrt(float64(T(1e30))))), nan},
		"relu":         {nan, inf, 0, 0, minus, float64(T(1e30)), 0},
		"exp":          {nan, inf, 0, 1, 1, inf, 0},
		"log":          {nan, inf, nan, -inf, -inf, float64(T(math.Log(float64(T(1e30))))), nan},
		"sin":          {nan, nan, nan, 0, minus, float64(T(math.Sin(float64(T(1e30))))), float64(T(-math.Sin(float64(T(1e30)))))},
		"cos":          {nan, nan, nan, 1, 1, float64(T(math.Cos(float64(T(1e30))))), float64(T(math.Cos(float64(T(1e30)))))},
		"tanh":         {nan, 1, -1, 0, minus, 1, -1},
		"sigmoid":      {nan, 1, 0, 0.5, 0.5, 1, 0},
		"softplus":     {nan, inf, 0, float64(T(math.Ln2)), float64(T(math.Ln2)), float64(T(1e30)), 0},
		"silu":         {nan, inf, minus, 0, minus, float64(T(1e30)), minus},
		"siluGrad":     {nan, 1, minus, 0.5, 0.5, 1, minus},
		"gelu":         {nan, inf, minus, 0, minus, float64(T(1e30)), minus},
		"geluGrad":     {nan, 1, minus, 0.5, 0.5, 1, minus},
		"geluTanh":     {nan, inf, minus, 0, minus, float64(T(1e30)), minus},
		"geluTanhGrad": {nan, 1, minus, 0.5, 0.5, 1, minus},
	}
	for name, f := range unary(k) {
		for i, w := range want[name] {
			got := []T{T(x[i])}
			f(got, got)
			if g := float64(got[0]); !(g == w || math.IsNaN(g) && math.IsNaN(w)) || !math.IsNaN(w) && math.Signbit(g) != math.Signbit(w) {
				t.Errorf("%s(%v) = %v, want %v", name, x[i], g, w)
			}
		}
	}
}

// Arithmetic and sums have the same bits in every implementation.
func TestSameBits(t *testing.T) {
	forAll(t, func(t *testing.T, k simd.Kernels[float32]) { testSameBits(t, k, simd.Generic().F32) },
		func(t *testing.T, k simd.Kernels[float64]) { testSameBits(t, k, simd.Generic().F64) })
}

func testSameBits[T simd.Float](t *testing.T, k, ref simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(2, 9))
	for _, n := range []int{0, 1, 5, 31, 32, 63, 64, 65, 130, 4095, 4096, 4097, 9000} {
		x, y := make([]T, n), make([]T, n)
		for i := range x {
			x[i], y[i] = T(rnd.NormFloat64()), T(rnd.NormFloat64())
		}
		got, want := unary(k), unary(ref)
		for _, name := range []string{"scale", "shift", "affine", "axpy", "sqrt", "relu"} {
			a, b := make([]T, n), make([]T, n)
			got[name](a, x)
			want[name](b, x)
			same(t, name, a, b)
		}
		for name, f := range map[string][2]func(dst, x, y []T){"add": {k.Add, ref.Add}, "sub": {k.Sub, ref.Sub}, "mul": {k.Mul, ref.Mul}, "mulAdd": {k.MulAdd, ref.MulAdd}, "mulSub": {k.MulSub, ref.MulSub}, "tanhBack": {k.TanhBack, ref.TanhBack}, "div": {k.Div, ref.Div}} {
			a, b := make([]T, n), make([]T, n)
			f[0](a, x, y)
			f[1](b, x, y)
			same(t, name, a, b)
		}
		same(t, "sum", []T{k.Sum(x)}, []T{ref.Sum(x)})
		same(t, "dot", []T{k.Dot(x, y)}, []T{ref.Dot(x, y)})

		var sum, dot, sumScale, dotScale float64
		for i := range x {
			sum += float64(x[i])
			sumScale += math.Abs(float64(x[i]))
			dot += float64(x[i]) * float64(y[i])
			dotScale += math.Abs(float64(x[i]) * float64(y[i]))
		}
		if d := math.Abs(float64(k.Sum(x)) - sum); !(d <= 140*epsilon[T]()*sumScale) {
			t.Errorf("sum of %d is off by %v", n, d)
		}
		if d := math.Abs(float64(k.Dot(x, y)) - dot); !(d <= 140*epsilon[T]()*dotScale) {
			t.Errorf("dot of %d is off by %v", n, d)
		}
	}
}

// Complex products are the portable ones bit for bit at every length, in place too, and nothing else is written.
func TestMulComplex(t *testing.T) { forAll(t, testMulComplex[float32], testMulComplex[float64]) }

func testMulComplex[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	rnd := rand.New(rand.NewPCG(5, 9))
	for n := range 70 {
		var v [6]guarded[T]
		for i := range v {
			v[i] = newGuarded[T](n)
			for j := range v[i].data {
				v[i].data[j] = T(rnd.NormFloat64())
			}
		}
		x, y := simd.Planar[T]{Re: v[0].data, Im: v[1].data}, simd.Planar[T]{Re: v[2].data, Im: v[3].data}
		re, im := make([]T, n), make([]T, n)
		for i, a := range x.Re {
			b, c, d := x.Im[i], y.Re[i], y.Im[i]
			re[i], im[i] = T(a*c)-T(b*d), T(a*d)+T(b*c)
		}
		k.MulComplex(simd.Planar[T]{Re: v[4].data, Im: v[5].data}, x, y)
		same(t, "real part", v[4].data, re)
		same(t, "imaginary part", v[5].data, im)
		k.MulComplex(x, x, y)
		same(t, "real part in place", x.Re, re)
		same(t, "imaginary part in place", x.Im, im)
		for _, g := range v {
			g.check(t, "complex product")
		}
	}
}

// Nothing allocates.
func TestNoAllocation(t *testing.T) { forAll(t, testNoAllocation[float32], testNoAllocation[float64]) }

func testNoAllocation[T simd.Float](t *testing.T, k simd.Kernels[T]) {
	x, y, z := make([]T, 1000), make([]T, 1000), make([]T, 1000)
	work := make([]T, simd.GemmWork(10, 10, 10))
	complexWork := make([]T, simd.CGemmWork(10, 10, 10))
	p, q := simd.Planar[T]{Re: x, Im: x}, simd.Planar[T]{Re: y, Im: z}
	fs := unary(k)
	if n := testing.AllocsPerRun(5, func() {
		for _, f := range fs {
			f(y, x)
		}
		k.SiLUPair(y, z, x)
		k.GELUPair(y, z, x)
		k.GELUTanhPair(y, z, x)
		k.Sum(x)
		k.Dot(x, y)
		k.Gemm(10, 10, 10, x, 10, true, x, 10, true, y, 10, false, work)
		k.CGemm(10, 10, 10, p, 10, true, p, 10, true, q, 10, false, complexWork)
		k.Radix(4, 2, 100, simd.Branches[T]{Planar: q, Step: 100, Jump: 200}, simd.Branches[T]{Planar: p, Step: 100, Jump: 200}, nil, 1)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFunctions(b *testing.B) {
	for _, s := range simd.Available() {
		for _, f := range functions() {
			b.Run(s.F32.Name+"/f32/"+f.name, func(b *testing.B) { benchFunction(b, f.f32(s.F32)) })
			b.Run(s.F32.Name+"/f64/"+f.name, func(b *testing.B) { benchFunction(b, f.f64(s.F64)) })
		}
		benchPairs(b, s.F32, "f32")
		benchPairs(b, s.F64, "f64")
	}
}

func benchPairs[T simd.Float](b *testing.B, k simd.Kernels[T], dtype string) {
	for name, f := range map[string]func(value, slope, x []T){"siluPair": k.SiLUPair, "geluPair": k.GELUPair, "geluTanhPair": k.GELUTanhPair} {
		slope := make([]T, benchLength)
		b.Run(k.Name+"/"+dtype+"/"+name, func(b *testing.B) {
			benchFunction(b, func(dst, x []T) { f(dst, slope, x) })
		})
	}
}

// benchLength keeps all operands of a function in the first-level cache.
const benchLength = 1024

func benchFunction[T simd.Float](b *testing.B, f func(dst, x []T)) {
	x, y := make([]T, benchLength), make([]T, benchLength)
	for i := range x {
		x[i] = T(i%97)/16 - 3
	}
	for b.Loop() {
		f(y, x)
	}
	b.ReportMetric(float64(len(x))*float64(b.N)/b.Elapsed().Seconds()/1e9, "G/s")
}
