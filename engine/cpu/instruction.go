package cpu

import (
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/op"
)

// instruction is one vectorised loop of a chain: it reads values and makes values, each a block of elements. One that has no run
// is a load of the operand that its value stands for.
type instruction[T simd.Float] struct {
	in, out []int // values, numbered as the chain's code
	run     func(v [][]T)
}

// loops turns a chain's code into instructions, one for each function.
func loops[T simd.Float](k *simd.Kernels[T], c *engine.Chain) []instruction[T] {
	list := make([]instruction[T], len(c.Code))
	for i, code := range c.Code {
		list[i] = instruction[T]{out: []int{i}}
		switch {
		case code.Unary != nil:
			list[i].in = []int{code.A}
			loop := unaryLoop(k, code.Unary)
			list[i].run = func(v [][]T) { loop(v[i], v[code.A]) }
		case code.Binary != nil:
			list[i].in = []int{code.A, code.B}
			loop := binaryLoop(k, code.Binary)
			list[i].run = func(v [][]T) { loop(v[i], v[code.A], v[code.B]) }
		}
	}
	return list
}

// instructions are the loops of what is stored, several functions in one where there is a kernel that does them together. scalar is
// where a value is that is one number throughout; nil if it is not.
func instructions[T simd.Float](k *simd.Kernels[T], c *engine.Chain, scalar func(value int) *T) []instruction[T] {
	list := loops(k, c)
	for i := range c.Code {
		if both := activationPair(k, c, i); both != nil {
			first := min(both.out[0], both.out[1])
			list[max(both.out[0], both.out[1])] = instruction[T]{}
			list[first] = *both
		}
		if back := tanhBackward(k, c, i); back != nil {
			list[i] = *back
		}
		if update := adamUpdate(k, c, i, scalar); update != nil {
			for _, v := range update.out {
				list[v] = instruction[T]{}
			}
			list[i] = *update
		}
	}
	if kept := needed(list, c.Stores); ordered(kept) {
		return kept
	}
	return needed(loops(k, c), c.Stores)
}

// ordered reports whether every value is made before it is read.
func ordered[T simd.Float](list []instruction[T]) bool {
	made := map[int]bool{}
	for _, in := range list {
		for _, v := range in.in {
			if !made[v] {
				return false
			}
		}
		for _, v := range in.out {
			made[v] = true
		}
	}
	return true
}

// needed drops the instructions whose results nothing stored depends on.
func needed[T simd.Float](list []instruction[T], stores []int) []instruction[T] {
	live := map[int]bool{}
	for _, v := range stores {
		live[v] = true
	}
	var kept []instruction[T]
	for _, in := range slices.Backward(list) {
		if slices.ContainsFunc(in.out, func(v int) bool { return live[v] }) {
			kept = append(kept, in)
			for _, v := range in.in {
				live[v] = true
			}
		}
	}
	slices.Reverse(kept)
	return kept
}

// activationPair joins instruction i, an activation, with its derivative at the same value.
func activationPair[T simd.Float](k *simd.Kernels[T], c *engine.Chain, i int) *instruction[T] {
	var pair func(value, slope, x []T)
	var slope op.UnaryFunc
	switch c.Code[i].Unary.(type) {
	case op.GELUFunc:
		pair, slope = k.GELUPair, op.GELUSlopeFunc{}
	case op.GELUTanhFunc:
		pair, slope = k.GELUTanhPair, op.GELUTanhSlopeFunc{}
	case op.SiLUFunc:
		pair, slope = k.SiLUPair, op.SiLUSlopeFunc{}
	default:
		return nil
	}
	a := c.Code[i].A
	j := slices.IndexFunc(c.Code, func(in engine.Instr) bool { return in.Unary == slope && in.A == a })
	if j < 0 {
		return nil
	}
	return &instruction[T]{in: []int{a}, out: []int{i, j}, run: func(v [][]T) { pair(v[i], v[j], v[a]) }}
}

// tanhBackward does (1 − y²)·dy, the gradient of y = tanh as package op writes it, in one loop, the last instruction of which is i.
func tanhBackward[T simd.Float](k *simd.Kernels[T], c *engine.Chain, i int) *instruction[T] {
	y := anything("y")
	f := found{map[string]int{}, map[string]float64{}}
	slope := apply1(op.AffineFunc{A: -1, B: 1}, apply2(op.MulFunc{}, y, y))
	if !apply2(op.MulFunc{}, slope, anything("dy")).match(c, i, f) {
		return nil
	}
	x, dy := f.value["y"], f.value["dy"]
	return &instruction[T]{in: []int{dy, x}, out: []int{i}, run: func(v [][]T) { k.TanhBack(v[i], v[dy], v[x]) }}
}

// adamPattern is Adam's update as package train writes it: p − rate·(m·correct1)/(√(v·correct2) + ε), p perhaps shrunk by decay·p.
func adamPattern(decays bool) pattern {
	p := anything("p")
	if decays {
		p = apply2(op.SubFunc{}, p, apply2(op.MulFunc{}, anything("decay"), anything("p")))
	}
	d := anything("d")
	mean := apply2(op.AddFunc{}, scaled("beta1", anything("m")), scaled("rest1", d)).named("m2")
	square := apply2(op.AddFunc{}, scaled("beta2", anything("v")), scaled("rest2", apply2(op.MulFunc{}, d, d))).named("v2")
	root := shifted("eps", apply1(op.SqrtFunc{}, apply2(op.MulFunc{}, square, anything("correct2"))))
	ratio := apply2(op.DivFunc{}, apply2(op.MulFunc{}, mean, anything("correct1")), root)
	return apply2(op.SubFunc{}, p, apply2(op.MulFunc{}, anything("rate"), ratio))
}

// adamUpdate does Adam's update in one loop, the last instruction of which is i; the numbers are the same bit for bit.
func adamUpdate[T simd.Float](k *simd.Kernels[T], c *engine.Chain, i int, scalar func(value int) *T) *instruction[T] {
	f := found{map[string]int{}, map[string]float64{}}
	if !adamPattern(true).match(c, i, f) {
		f = found{map[string]int{}, map[string]float64{}}
		if !adamPattern(false).match(c, i, f) {
			return nil
		}
	}
	var from [4]*T
	for j, name := range []string{"correct1", "correct2", "rate", "decay"} {
		from[j] = new(T)
		if v, ok := f.value[name]; ok {
			if from[j] = scalar(v); from[j] == nil {
				return nil
			}
		}
	}
	p, m, v, d, m2, v2 := f.value["p"], f.value["m"], f.value["v"], f.value["d"], f.value["m2"], f.value["v2"]
	num := func(name string) T { return T(f.number[name]) }
	n := simd.AdamNumbers[T]{Beta1: num("beta1"), Rest1: num("rest1"), Beta2: num("beta2"), Rest2: num("rest2"), Epsilon: num("eps")}
	return &instruction[T]{in: []int{p, m, v, d}, out: []int{i, m2, v2}, run: func(x [][]T) {
		n := n
		n.Correct1, n.Correct2, n.Rate, n.Decay = *from[0], *from[1], *from[2], *from[3]
		k.Adam(x[i], x[m2], x[v2], x[p], x[m], x[v], x[d], n)
	}}
}
