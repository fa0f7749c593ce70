//go:build gpu

package cuda

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// epilogue is a chain that takes each element of a product as soon as it is summed: the product itself is never written. So an activation
// is made with the sum before it, and AdamW's update with a weight's gradient.
type epilogue struct {
	chain engine.Step
	given int // the operand of the chain that is the product
}

// The limits of epilogues.
const (
	reach      = 8   // steps that a product may wait for its chain
	fusedTerms = 512 // of the sums of a product that a library could make: longer ones gain more from it
)

// epilogues finds the products that chains take as they are made: for each such chain's number the product's. The product is done when its
// chain is, so nothing between may touch what it reads; and nobody else may want it: its memory is overwritten by the chain, or touched
// by these two steps only.
func (b *Backend) epilogues(steps []engine.Step) map[int]int {
	pairs := map[int]int{}
	if b.config.Compile == nil {
		return pairs // nobody makes the kernels
	}
	taken := map[int]bool{}
	for j, s := range steps {
		if s.Chain == nil {
			continue
		}
		for i := j - 1; i >= max(0, j-reach); i-- {
			if !taken[i] && b.follows(steps, i, j) {
				pairs[j], taken[i] = i, true
				break
			}
		}
	}
	return pairs
}

// follows reports whether chain j may be the epilogue of step i.
func (b *Backend) follows(steps []engine.Step, i, j int) bool {
	product, chain := steps[i], steps[j]
	result := product.Out[0]
	if !b.isProduct(product) || result.Dims.Size() == 0 || result.Dtype != chain.Out[0].Dtype || given(chain, result) < 0 {
		return false
	}
	between := append(slices.Clone(steps[i+1:j]), engine.Step{Out: chain.Out})
	for k, s := range between {
		if k < j-i-1 && touches(s, result) {
			return false
		}
		for _, o := range s.Out {
			if slices.ContainsFunc(product.In, func(in engine.Operand) bool { return overlap(in, o) }) {
				return false
			}
		}
	}
	if slices.ContainsFunc(chain.Out, func(o engine.Operand) bool { return overlap(o, result) }) {
		return true
	}
	return b.passes(steps, i, j)
}

// passes reports whether the result of step i lies in memory that is not a variable's and that no step but i and j touches.
func (b *Backend) passes(steps []engine.Step, i, j int) bool {
	result := steps[i].Out[0]
	if result.Memory != nil || steps[i].Add {
		return false
	}
	for k, s := range steps {
		if k != i && k != j && touches(s, result) {
			return false
		}
	}
	return true
}

// isProduct tells the steps that have epilogues from the others.
func (b *Backend) isProduct(s engine.Step) bool {
	switch o := s.Op.(type) {
	case op.MatMulOp:
		_, _, _, k := o.Sizes(s.In[0].Dims, s.In[1].Dims)
		return b.blas == nil || k <= fusedTerms
	case op.CMatMulOp, op.RealDFTOp, op.RealSynthesisOp, op.DFTOp, op.SynthesisOp:
		return true
	}
	return false
}

// given is the operand of a chain that is a tensor, read once and element by element; −1: none.
func given(chain engine.Step, t engine.Operand) int {
	at := -1
	for q, o := range chain.In {
		if !overlap(o, t) {
			continue
		}
		if at >= 0 || o.Bytes() != t.Bytes() || o.Offset != t.Offset || chain.Chain.Dims.Size() != t.Dims.Size() || !slices.Equal(chain.Chain.Loads[q], chain.Chain.Dims.Strides()) {
			return -1
		}
		at = q
	}
	return at
}

func touches(s engine.Step, t engine.Operand) bool {
	return slices.ContainsFunc(append(slices.Clone(s.In), s.Out...), func(o engine.Operand) bool { return overlap(o, t) })
}

func overlap(x, y engine.Operand) bool {
	return x.Memory == y.Memory && x.Offset < y.Offset+y.Bytes() && y.Offset < x.Offset+x.Bytes()
}

// Group implements engine.Grouper: a product, its epilogue and the steps between are one group, and a product that only its epilogue
// reads needs no memory.
func (b *Backend) Group(steps []engine.Step) (number, inner []int) {
	pairs := b.epilogues(steps)
	until, group := -1, -1
	end := map[int]int{}
	for j, i := range pairs {
		end[i] = j
		if !slices.ContainsFunc(steps[j].Out, func(o engine.Operand) bool { return overlap(o, steps[i].Out[0]) }) {
			inner = append(inner, steps[i].Out[0].Offset)
		}
	}
	for i := range steps {
		if i > until {
			group++
		}
		number = append(number, group)
		if j, ok := end[i]; ok {
			until = max(until, j)
		}
	}
	slices.Sort(inner)
	return number, inner
}

// Bytes implements engine.Counter: products with an epilogue are not written and not read again.
func (b *Backend) Bytes(steps []engine.Step) (n int64) {
	pairs := b.epilogues(steps)
	for j, s := range steps {
		var c engine.Cost
		c.Count(s)
		n += c.Bytes
		if i, ok := pairs[j]; ok {
			n -= 2 * int64(steps[i].Out[0].Bytes())
		}
	}
	return n
}

// finished launches a kernel of products whose elements go to the epilogue: call is the body, in which take(place, sum) is what becomes of
// an element.
func (l *lowering) finished(call string, t op.Dtype, blocks int, p productLaunch, a, b, c, partial any) error {
	s := l.then.chain
	body, err := chainSource(s.Chain, l.then.given)
	if err != nil {
		return err
	}
	operands := append(slices.Clone(s.In), s.Out...)
	pointers := make([]uint64, len(operands))
	for q, o := range operands {
		if q != l.then.given {
			pointers[q] = uint64(pointer(o))
		}
	}
	name := kernelName("product", call+body)
	f, err := l.b.compiled(name, t, func() string { return finishedSource(name, call, body, len(operands)) })
	if err != nil {
		return err
	}
	l.launches = append(l.launches, launch{name: name + suffix(t), f: f, blocks: blocks, threads: threads, args: []any{record(p), record(pointers), a, b, c, partial}})
	return nil
}

// finishedSource is the file of a kernel of products with an epilogue.
func finishedSource(name, call, body string, operands int) string {
	return fmt.Sprintf(`#include "gpu.h"
#include "product.h"
#include "functions.h"
struct Operands {
  real *at[%d];
};
KERNEL(%s)(PARAM Product p, PARAM Operands o, const real *a, const real *b, const real *c, real *partial) {
  auto take = [&](long long place, real sum) {
    real given = p.add ? c[place] + sum : sum;
    unsigned i = (unsigned)place;
%s  };
  %s;
}
EXPORT(%s)
`, operands, name, body, call, name)
}
