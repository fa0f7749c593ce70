package cpu

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// code writes the code of a chain: values are numbered in the order in which they are made.
type code struct{ c engine.Chain }

func (c *code) load() int {
	c.c.Loads = append(c.c.Loads, []int{1})
	return c.add(engine.Instr{Load: len(c.c.Loads) - 1})
}
func (c *code) unary(f op.UnaryFunc, a int) int { return c.add(engine.Instr{Unary: f, A: a}) }
func (c *code) binary(f op.BinaryFunc, a, b int) int {
	return c.add(engine.Instr{Binary: f, A: a, B: b})
}
func (c *code) scale(a int, s float64) int { return c.unary(op.AffineFunc{A: s}, a) }
func (c *code) add(in engine.Instr) int {
	c.c.Code = append(c.c.Code, in)
	return len(c.c.Code) - 1
}

// adamCode is Adam's update as train writes it, with d·d stored as well.
func adamCode(decays bool) (c *code, scalars []int) {
	c = &code{}
	p, m, v, d := c.load(), c.load(), c.load(), c.load()
	correct1, correct2, rate := c.load(), c.load(), c.load()
	scalars = []int{correct1, correct2, rate}
	m2 := c.binary(op.AddFunc{}, c.scale(m, .9), c.scale(d, .1))
	square := c.binary(op.MulFunc{}, d, d)
	v2 := c.binary(op.AddFunc{}, c.scale(v, .999), c.scale(square, .001))
	root := c.unary(op.AffineFunc{A: 1, B: 1e-8}, c.unary(op.SqrtFunc{}, c.binary(op.MulFunc{}, v2, correct2)))
	if decays {
		decay := c.load()
		scalars = append(scalars, decay)
		p = c.binary(op.SubFunc{}, p, c.binary(op.MulFunc{}, decay, p))
	}
	step := c.binary(op.MulFunc{}, rate, c.binary(op.DivFunc{}, c.binary(op.MulFunc{}, m2, correct1), root))
	c.c.Stores = []int{c.binary(op.SubFunc{}, p, step), m2, v2, square}
	return c, scalars
}

// pairCode stores an activation and its derivative, with other code between them.
func pairCode(value, slope op.UnaryFunc) *code {
	c := &code{}
	x := c.binary(op.AddFunc{}, c.load(), c.load())
	y := c.unary(value, x)
	z := c.binary(op.MulFunc{}, y, y)
	c.c.Stores = []int{y, z, c.unary(slope, x)}
	return c
}

// slopeCode is (1 − y²)·dy, with y² stored as well.
func slopeCode() *code {
	c := &code{}
	y, dy := c.load(), c.load()
	square := c.binary(op.MulFunc{}, y, y)
	c.c.Stores = []int{c.binary(op.MulFunc{}, c.unary(op.AffineFunc{A: -1, B: 1}, square), dy), square}
	return c
}

// Loops that do several functions at once give the bits of the functions one after another, on every instruction set.
func TestFusedInstructionsEqualPlain(t *testing.T) {
	for _, set := range simd.Available() {
		testFused(t, set.F32.Name+"/f32", &set.F32)
		testFused(t, set.F64.Name+"/f64", &set.F64)
	}
}

func testFused[T simd.Float](t *testing.T, name string, k *simd.Kernels[T]) {
	adam, scalars := adamCode(false)
	shrinking, more := adamCode(true)
	for _, c := range []struct {
		name    string
		code    *code
		scalars []int
		shorter int // instructions that fusing saves
	}{
		{"adam", adam, scalars, 12},
		{"adamw", shrinking, more, 14},
		{"gelu", pairCode(op.GELUFunc{}, op.GELUSlopeFunc{}), nil, 1},
		{"gelu tanh", pairCode(op.GELUTanhFunc{}, op.GELUTanhSlopeFunc{}), nil, 1},
		{"tanh slope", slopeCode(), nil, 1},
		{"silu", pairCode(op.SiLUFunc{}, op.SiLUSlopeFunc{}), nil, 1},
	} {
		const n = 37
		rnd := rand.New(rand.NewPCG(9, 9))
		inputs := make([][]T, len(c.code.c.Code))
		for v, in := range c.code.c.Code {
			if in.Unary != nil || in.Binary != nil {
				continue
			}
			inputs[v] = make([]T, n)
			for i := range inputs[v] {
				inputs[v][i] = T(math.Abs(rnd.NormFloat64()))
			}
			if slices.Contains(c.scalars, v) {
				inputs[v] = slices.Repeat(inputs[v][:1], n)
			}
		}
		run := func(list []instruction[T]) (stored [][]T) {
			v := make([][]T, len(inputs))
			for i := range v {
				if v[i] = inputs[i]; v[i] == nil {
					v[i] = slices.Repeat([]T{T(math.NaN())}, n)
				}
			}
			for _, in := range list {
				if in.run != nil {
					in.run(v)
				}
			}
			for _, s := range c.code.c.Stores {
				stored = append(stored, v[s])
			}
			return stored
		}
		plain := needed(loops(k, &c.code.c), c.code.c.Stores)
		fused := instructions(k, &c.code.c, func(v int) *T {
			if slices.Contains(c.scalars, v) {
				return &inputs[v][0]
			}
			return nil
		})
		if saved := functions(plain) - functions(fused); saved != c.shorter {
			t.Errorf("%s %s: fusing saves %d loops, want %d", name, c.name, saved, c.shorter)
		}
		want, got := run(plain), run(fused)
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Errorf("%s %s: output %d is %v, want %v", name, c.name, i, got[i], want[i])
			}
		}
	}
}

func functions[T simd.Float](list []instruction[T]) (n int) {
	for _, in := range list {
		if in.run != nil {
			n++
		}
	}
	return n
}
