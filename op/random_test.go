package op

import (
	"math"
	"math/big"
	"slices"
	"testing"
)

// The known answers of Random123 1.14 (kat_vectors, philox4x32 with 10 rounds).
func TestPhiloxKnownAnswers(t *testing.T) {
	const all = math.MaxUint32
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{want: [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{all, all, all, all}, [2]uint32{all, all}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := Philox(c.counter, c.key); got != c.want {
			t.Errorf("counter %x, key %x: %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

func TestStepCounterIsExactInFloat32(t *testing.T) {
	for _, step := range []uint64{0, 1, 1<<20 - 1, 1 << 20, 1<<24 + 1, 1<<44 - 1} {
		c := StepCounter(step)
		if got := StepOf([]float64{float64(float32(c[0])), float64(float32(c[1]))}); got != step {
			t.Errorf("step %d comes back as %d", step, got)
		}
	}
}

// Φ(Φ⁻¹(u)) = u. In the tails a relative error δ of z moves Φ by z²δ.
func TestQuantileInvertsTheDistribution(t *testing.T) {
	for i := 1; i < 4000; i++ {
		u := float64(i) / 8000
		if i%4 == 0 {
			u = math.Exp2(-53 * float64(i) / 4000) // the tail: both branches of √(−ln u)
		}
		z := Quantile(u)
		phi := 0.5 * math.Erfc(-z/math.Sqrt2)
		if tol := (4 + 4*z*z) * 0x1p-52 * u; !(math.Abs(phi-u) <= tol) {
			t.Errorf("Φ(Φ⁻¹(%v)) is off by %v, tolerance %v", u, phi-u, tol)
		}
		if w := 1 - u; 1-w == u && Quantile(w) != -z {
			t.Errorf("quantiles of %v and %v: %v and %v", u, w, z, Quantile(w))
		}
	}
}

// The bits are the same with and without fused multiply-add (GOAMD64=v3, arm64): every product is rounded by itself.
func TestQuantileBits(t *testing.T) {
	const want = 0x30c5f49b7ecc6012
	hash := uint64(0)
	for i := range 1 << 14 {
		u := (float64(i) + 0.5) * 0x1p-14
		if i%2 == 0 {
			u = math.Ldexp(u, -i%39)
		}
		hash = (hash ^ math.Float64bits(Quantile(u))) * 0x9E3779B97F4A7C15
	}
	if hash != want {
		t.Errorf("hash of the bits is %#x, want %#x", hash, uint64(want))
	}
}

func TestLogTail(t *testing.T) {
	for i := range 2000 {
		x := math.Exp2(-float64(i) * 54 / 2000)
		if d := math.Abs(logTail(x) - math.Log(x)); !(d <= 0x1p-51*math.Abs(math.Log(x))) {
			t.Errorf("ln %v is off by %v", x, d)
		}
	}
	ln2, _ := new(big.Float).SetPrec(100).SetString("0.693147180559945309417232121458176568075500134360")
	if got, _ := ln2.Float64(); logTail(2) != got {
		t.Errorf("ln 2 is %v, want %v", logTail(2), got)
	}
}

func normals(n int, step uint64, o NormalOp) []float64 {
	o.To = Of(n)
	c := StepCounter(step)
	out := NewArray(o.To)
	o.Eval(out, Array{Of(2), c[:]})
	return out.Data
}

// Mean 0, variance 1, fourth moment 3, uncorrelated neighbours, steps, streams and seeds: each within five standard errors.
func TestNormalMoments(t *testing.T) {
	const n = 1 << 16
	x := normals(n, 7, NormalOp{Seed: 1, Stream: 2})
	other := map[string][]float64{
		"next element": append(x[1:n:n], x[0]),
		"next step":    normals(n, 8, NormalOp{Seed: 1, Stream: 2}),
		"other stream": normals(n, 7, NormalOp{Seed: 1, Stream: 3}),
		"other seed":   normals(n, 7, NormalOp{Seed: 2, Stream: 2}),
	}
	moment := func(name string, f func(i int) float64, want, variance float64) {
		sum := 0.0
		for i := range n {
			sum += f(i)
		}
		if d := sum/n - want; !(math.Abs(d) <= 5*math.Sqrt(variance/n)) {
			t.Errorf("%s: %v off", name, d)
		}
	}
	moment("mean", func(i int) float64 { return x[i] }, 0, 1)
	moment("variance", func(i int) float64 { return x[i] * x[i] }, 1, 2)
	moment("fourth moment", func(i int) float64 { return math.Pow(x[i], 4) }, 3, 96)
	for name, y := range other {
		moment(name, func(i int) float64 { return x[i] * y[i] }, 0, 1)
	}
}

// A value depends on its index alone, not on how many are drawn.
func TestNormalIsAFunctionOfTheIndex(t *testing.T) {
	long, short := normals(9, 3, NormalOp{Seed: 5}), normals(4, 3, NormalOp{Seed: 5})
	for i, v := range short {
		if v != long[i] {
			t.Errorf("element %d is %v of 4 and %v of 9", i, v, long[i])
		}
	}
}

// A row is the numbers of its counter, whichever rows it is drawn with.
func TestNormalRowsAreIndependent(t *testing.T) {
	steps := []uint64{3, 1 << 30, 3}
	rows := Array{Dims: Of(3, 2)}
	for _, s := range steps {
		c := StepCounter(s)
		rows.Data = append(rows.Data, c[:]...)
	}
	o := NormalOp{To: Of(3, 5), Seed: 5}
	out := NewArray(o.To)
	o.Eval(out, rows)
	for r, s := range steps {
		if want := normals(5, s, NormalOp{Seed: 5}); !slices.Equal(out.Data[5*r:5*r+5], want) {
			t.Errorf("row %d is %v, want %v", r, out.Data[5*r:5*r+5], want)
		}
	}
}

// The share of kept elements is 1 − p within five standard errors, and they keep the mean.
func TestDropoutKeepsTheMean(t *testing.T) {
	const n, p = 1 << 16, 0.3
	x, out := NewArray(Of(n)), NewArray(Of(n))
	for i := range x.Data {
		x.Data[i] = 1
	}
	DropoutOp{P: p, Seed: 3}.Eval(out, x, NewArray(Of(2)))
	sum := 0.0
	for _, v := range out.Data {
		sum += v
	}
	if d := sum/n - 1; !(math.Abs(d) <= 5*math.Sqrt(p/(1-p)/n)) {
		t.Errorf("mean is off by %v", d)
	}
}
