package constraint

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/op"
)

// Solution is what an equation makes of the fields of a network. Its values are those of all experts, one after the other; Unknowns and
// Report are the zero Value where nothing is solved.
type Solution struct {
	U        op.Value // [batch, x.., 1]
	Unknowns op.Value // [experts·batch, basis]
	Report   op.Value // [experts·batch, op.FitReport]
}

// Solve returns the solution in float64 of the fields y [batch, x.., basis] for the inputs x. The solves start at ones or, where it is valid, at
// start [experts·batch, basis].
func (e *Equation) Solve(x, y, start op.Value) Solution {
	if !x.Valid() || !y.Valid() {
		return Solution{U: y}
	}
	if x.Dims().At(-1) != max(len(e.Given), 1) && len(e.Given) > 0 {
		return Solution{U: x.Fail(fmt.Errorf("constraint: %d input channels, named %v", x.Dims().At(-1), e.Given))}
	}
	y, x = op.Cast(y, op.Float64), op.Cast(x, op.Float64)
	if e.Basis < 0 {
		return Solution{U: y}
	}
	w, report := e.unknowns(x, y, start)
	if !w.Valid() {
		return Solution{U: w}
	}
	found := Solution{Unknowns: w, Report: report}
	d := y.Dims()
	points, experts, batch := d.Span(1, d.Rank()-1), w.Dims().At(0)/d.At(0), d.At(0)
	// the weights at every point, [batch, points, basis]
	masks := op.BroadcastTo(constant(y, "masks", op.Of(1, points, experts), e.masks(d)), op.Of(batch, points, experts))
	w = op.Transpose(op.ReshapeTo(w, op.Of(experts, batch, e.Basis)), 1, 0, 2)
	here := op.MatMul(masks, w, false, false)
	u := op.SumOver(op.Mul(here, op.ReshapeTo(y, here.Dims())), op.AxisSet(2))
	found.U = op.ReshapeTo(u, d.With(-1, 1))
	return found
}

// unknowns solves for w [experts·batch, basis], expert by expert.
func (e *Equation) unknowns(x, y, start op.Value) (w, report op.Value) {
	fields, h := e.derivatives(y), e.spacing(y.Dims())
	batch := y.Dims().At(0)
	chosen := e.chosen(y.Dims())
	experts := len(chosen)
	if !start.Valid() {
		start = constant(y, "ones", op.Of(1, 1), []float64{1})
	}
	args := []op.Value{op.BroadcastTo(start, op.Of(experts*batch, e.Basis))}
	texts := []string{e.inside.text}
	for _, f := range e.inside.fields {
		args = append(args, e.gather(e.inside.box(fields[f]), chosen))
	}
	for _, v := range e.inside.data(x, h) {
		v = e.gather(op.ReshapeTo(v, v.Dims().Append(1)), chosen)
		args = append(args, op.ReshapeTo(v, v.Dims().Cut(0, 2)))
	}
	for _, r := range e.sides {
		texts = append(texts, r.text)
		for _, f := range r.fields {
			args = append(args, repeat(r.box(fields[f]), experts))
		}
		for _, v := range r.data(x, h) {
			args = append(args, repeat(v, experts))
		}
	}
	o := op.FitOp{Rows: strings.Join(texts, ";"), Tolerance: e.Tolerance, Damping: e.Damping, Ridge: e.Ridge, MaxIterations: e.Iterations, GaussNewton: e.Gradient == "gauss_newton"}
	w, report = op.Fit(o, args...)
	if e.Gradient == "none" {
		w = op.Detach(w)
	}
	return w, report
}

// repeat stacks n copies of x along the first axis.
func repeat(x op.Value, n int) op.Value {
	if n == 1 || !x.Valid() {
		return x
	}
	d := x.Dims()
	all := op.BroadcastTo(op.ReshapeTo(x, op.Of(1).Append(d.Slice()...)), op.Of(n).Append(d.Slice()...))
	return op.ReshapeTo(all, d.With(0, n*d.At(0)))
}

// gather takes the chosen points of v [batch, points, c] for every expert: [experts·batch, m, c].
func (e *Equation) gather(v op.Value, chosen [][]float64) op.Value {
	d := v.Dims()
	experts, m := len(chosen), len(chosen[0])
	if experts == 1 && m == d.At(1) {
		return v
	}
	table := op.ReshapeTo(op.Transpose(v, 1, 0, 2), op.Of(d.At(1), d.At(0)*d.At(2)))
	index := constant(v, "points", op.Of(experts*m), slices.Concat(chosen...))
	rows := op.ReshapeTo(op.Gather(table, index), op.Of(experts, m, d.At(0), d.At(2)))
	return op.ReshapeTo(op.Transpose(rows, 0, 2, 1, 3), op.Of(experts*d.At(0), m, d.At(2)))
}

// chosen lists, for each expert, points inside the grid by their number among the rows of the equation: as many for one as for another.
func (e *Equation) chosen(d op.Dims) [][]float64 {
	grid := make([]int, e.dims)
	for i := range grid {
		grid[i] = e.inside.end(d, i) - e.inside.from[i]
	}
	masks, experts := e.masks(d), 1
	for _, k := range e.Experts {
		experts *= k
	}
	all := make([][]float64, experts)
	at := make([]int, e.dims)
	for p := range op.Of(grid...).Size() {
		rest, cell := p, 0
		for i := e.dims - 1; i >= 0; i-- {
			at[i] = e.inside.from[i] + rest%grid[i]
			rest /= grid[i]
		}
		for i := range e.dims {
			cell = cell*d.At(i+1) + at[i]
		}
		for k := range all {
			if masks[cell*experts+k] > 0 {
				all[k] = append(all[k], float64(p))
			}
		}
	}
	m := len(all[0])
	for _, list := range all {
		m = min(m, len(list))
	}
	if e.Points > 0 {
		m = min(m, e.Points)
	}
	rnd := rand.New(rand.NewPCG(1, uint64(m)))
	for k, list := range all {
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		all[k] = list[:m]
		slices.Sort(all[k])
	}
	return all
}

// masks are m_e at every point of the grid, [points, experts], which add up to one.
func (e *Equation) masks(d op.Dims) []float64 {
	experts := 1
	for _, k := range e.Experts {
		experts *= k
	}
	grid := d.Cut(1, d.Rank()-1)
	masks := make([]float64, grid.Size()*experts)
	strides := grid.Strides()
	for p := range grid.Size() {
		sum := 0.0
		for k := range experts {
			m, rest := 1.0, k
			for i := e.dims - 1; i >= 0; i-- {
				m *= e.hat(p/strides[i]%grid.At(i), grid.At(i), rest%e.Experts[i], e.Experts[i])
				rest /= e.Experts[i]
			}
			masks[p*experts+k] = m
			sum += m
		}
		for k := range experts {
			masks[p*experts+k] /= sum
		}
	}
	return masks
}

// hat is the mask of part k along an axis of n points, at point j: 1 in the part, and with an overlap a ramp around its ends.
func (e *Equation) hat(j, n, k, parts int) float64 {
	if e.Overlap == 0 {
		if starts := split(n, parts); j >= starts[k] && j < starts[k+1] {
			return 1
		}
		return 0
	}
	s, width := float64(j)/float64(n-1)*float64(parts), e.Overlap // in parts
	m := 1.0
	if k > 0 {
		m = math.Min(m, math.Max(0, (s-float64(k)+width)/(2*width)))
	}
	if k < parts-1 {
		m = math.Min(m, math.Max(0, (float64(k+1)-s+width)/(2*width)))
	}
	return m
}
