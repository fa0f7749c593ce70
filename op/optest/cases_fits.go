package optest

import "github.com/kolmogo/kolmogo/op"

// fits are solves of constraints and what their gradients are made of. Results of a solve are compared, not differentiated here: its
// report has no gradient.
func fits() (list []testCase) {
	for _, c := range []struct {
		rows    string
		samples int
		n       int
		lengths []int
		kinds   [][2]int // fields and data of each block
	}{
		{"1 1 x0 x1 -", 3, 4, []int{9}, [][2]int{{1, 1}}},
		{"2 1 x0 x1 sin 0.3 * + x2 -", 2, 5, []int{23}, [][2]int{{2, 1}}},
		{"3 2 x1 x2 1 x0 x0 * + / 0.1 * - x3 - x4 *; 1 1 x0 x1 -", 2, 3, []int{19, 7}, [][2]int{{3, 2}, {1, 1}}},
		{"2 0 x0 x1 tanh 1 + * 0.4 -", 1, 2, []int{600}, [][2]int{{2, 0}}},
		{"1 1 x0 x0 sin + x1 -", 2, 37, []int{300}, [][2]int{{1, 1}}},
		{"1 1 x0 x1 -", 0, 4, []int{9}, [][2]int{{1, 1}}},
	} {
		var blocks []arg
		for b, m := range c.lengths {
			for range c.kinds[b][0] {
				blocks = append(blocks, arg{of(c.samples, m, c.n), normal})
			}
			for range c.kinds[b][1] {
				blocks = append(blocks, arg{of(c.samples, m), normal})
			}
		}
		unknowns := arg{of(c.samples, c.n), normal}
		fit := op.FitOp{Rows: c.rows, Tolerance: 1e-3, Damping: 1e-2, Ridge: 0.1, MaxIterations: 9}
		list = append(list, testCase{op: fit, in: append([]arg{unknowns}, blocks...), only: true})
		result := arg{of(c.samples, c.n+op.FitReport), normal}
		adjoint := append(append([]arg{result}, blocks...), unknowns)
		list = append(list,
			testCase{op: op.FitAdjointOp{Rows: c.rows, Ridge: 40}, in: adjoint, only: true},
			testCase{op: op.FitAdjointOp{Rows: c.rows, Ridge: 0.5, GaussNewton: true}, in: adjoint, only: true})
		if len(c.lengths) == 1 {
			list = append(list, testCase{op: op.FitRowsOp{Rows: c.rows}, in: append(append([]arg{unknowns}, blocks...), unknowns), only: true})
		}
	}
	// steps of rows that do not determine the unknowns
	singular := op.FitOp{Rows: "1 1 x0 x0 x0 * x0 * 0.1 * + x1 -", Tolerance: 1e-3, Damping: 1e-15, MaxIterations: 1}
	list = append(list, testCase{op: singular, in: []arg{{of(2, 40), normal}, {of(2, 36, 40), normal}, {of(2, 36), normal}}, only: true})
	return list
}
