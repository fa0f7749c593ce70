package optest

import (
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/op"
)

// jets are the derivatives of functions, of first to fourth order, mixed, repeated, collapsed, missing and with a shift.
func jets() (list []testCase) {
	for _, rules := range []op.JetRules{
		op.MakeJetRules(1, 1, nil), // nothing
		op.MakeJetRules(1, 1, []op.JetTerm{{C: 1}}),
		op.MakeJetRules(2, 2, []op.JetTerm{{C: 1}, {Slot: 1, C: 1, Blocks: []int{1}}}),
		op.MakeJetRules(3, 4, []op.JetTerm{ // u, u_x, u_t, u_xx of an argument without second derivatives
			{C: 1}, {Slot: 1, C: 1, Blocks: []int{1}}, {Slot: 2, C: 1, Blocks: []int{2}}, {Slot: 3, C: 1, Blocks: []int{1, 1}},
		}),
		op.MakeJetRules(3, 1, []op.JetTerm{{C: 1, Blocks: []int{1, 1}}, {C: 1, Blocks: []int{2, 2}}}), // a Laplacian alone
		op.MakeJetRules(5, 6, []op.JetTerm{ // a slot that stays empty, and coefficients
			{C: 2}, {Slot: 1, C: 1, Blocks: []int{1}}, {Slot: 3, C: 1, Blocks: []int{3}}, {Slot: 3, C: 2.5, Blocks: []int{1, 2}},
			{Slot: 4, C: 1, Blocks: []int{4}}, {Slot: 4, C: 3, Blocks: []int{1, 3}}, {Slot: 4, C: -1, Blocks: []int{1, 1, 2}},
			{Slot: 4, C: 6, Blocks: []int{1, 1, 1, 1}},
		}),
	} {
		in, out, _, _ := rules.Read()
		modest := func(rows, channels int) arg { return arg{of(rows, channels), small} }
		for _, f := range []op.JetFunction{op.JetTanh, op.JetSin, op.JetCos} {
			for _, d := range []op.Dims{of(7, 5), of(0, 3), of(41, 19)} {
				m, c := d.At(0), d.At(1)
				z, b, y := modest(in*m, c), modest(m, c), modest(out*m, c)
				list = append(list,
					testCase{op: op.JetOp{Fn: f, Rules: rules}, in: []arg{z, b}},
					testCase{op: op.JetGradOp{Fn: f, Rules: rules}, in: []arg{y, z, b}, only: true})
			}
			z, y := modest(in*3, 4), modest(out*3, 4)
			list = append(list,
				testCase{op: op.JetOp{Fn: f, Rules: rules}, in: []arg{z}},
				testCase{op: op.JetGradOp{Fn: f, Rules: rules}, in: []arg{y, z}, only: true})
		}
	}
	return list
}

// small draws from [−½, ½): 1 − tanh² has its digits there.
func small(rnd *rand.Rand, _ int) float64 { return rnd.Float64() - 0.5 }
