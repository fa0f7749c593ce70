package op

import (
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"strings"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// node is the one adapter: an Op applied to inputs of known dtype and shape, as a gorgonia.SDOp.
type node struct {
	Op
	g     *Graph
	in    []Dims
	dtype Dtype // of the inputs
	out   Dims
	salt  int // distinguishes ops whose 32-bit hashes collide
}

func (g *Graph) apply(o Op, in []Value) (*gorgonia.Node, error) {
	if same := o; same != o {
		return nil, fmt.Errorf("%s: an attribute of %+v is NaN", nameOf(o), o)
	}
	dims := make([]Dims, len(in))
	nodes := make(gorgonia.Nodes, len(in))
	for i, v := range in {
		dims[i], nodes[i] = v.Dims(), v.n
	}
	out, err := o.Shape(dims...)
	if err != nil {
		return nil, err
	}
	for salt := 0; ; salt++ {
		a := node{Op: o, g: g, in: dims, dtype: in[0].Dtype(), out: out, salt: salt}
		n, err := gorgonia.ApplyOp(a, nodes...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", nameOf(o), err)
		}
		if got, ok := n.Op().(node); ok && got.Op == o && sameNodes(inputs(n), nodes) {
			return n, nil
		}
	}
}

func sameNodes(a []*gorgonia.Node, b gorgonia.Nodes) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// inputs returns the children of a node in order.
func inputs(n *gorgonia.Node) []*gorgonia.Node {
	it := n.Graph().From(n.ID())
	var list []*gorgonia.Node
	for it != nil && it.Next() {
		list = append(list, it.Node().(*gorgonia.Node))
	}
	return list
}

// output is the dtype of the result.
func (a node) output() Dtype {
	if c, ok := a.Op.(Caster); ok {
		return c.Output(a.dtype)
	}
	return a.dtype
}

// Arity implements gorgonia.Op.
func (a node) Arity() int { return len(a.in) }

// Type implements gorgonia.Op: the exact function type of this application.
func (a node) Type() hm.Type {
	t := make([]hm.Type, 0, len(a.in)+1)
	for _, d := range a.in {
		t = append(t, tensorType(a.dtype, d))
	}
	return hm.NewFnType(append(t, tensorType(a.output(), a.out))...)
}

// InferShape implements gorgonia.Op.
func (a node) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return tensor.Shape(a.out.Slice()), nil
}

// Do implements gorgonia.Op by Eval in float64.
func (a node) Do(values ...gorgonia.Value) (gorgonia.Value, error) {
	in := make([]Array, len(values))
	for i, v := range values {
		data, err := float64s(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", nameOf(a.Op), err)
		}
		in[i] = Array{a.in[i], data}
	}
	out := NewArray(a.out)
	a.Eval(out, in...)
	return tensorValue(a.output(), out)
}

// ReturnsPtr implements gorgonia.Op.
func (a node) ReturnsPtr() bool { return false }

// CallsExtern implements gorgonia.Op.
func (a node) CallsExtern() bool { return false }

// OverwritesInput implements gorgonia.Op.
func (a node) OverwritesInput() int { return -1 }

// WriteHash implements gorgonia.Op: the identity of the struct.
func (a node) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%#v %v %d", a.Op, a.dtype, a.salt) }

// Hashcode implements gorgonia.Op.
func (a node) Hashcode() uint32 {
	h := fnv.New32a()
	a.WriteHash(h)
	return h.Sum32()
}

func (a node) String() string { return nameOf(a.Op) }

// DiffWRT implements gorgonia.SDOp.
func (a node) DiffWRT(n int) []bool {
	diff := make([]bool, n)
	sel, selective := a.Op.(Selective)
	for i := range diff {
		diff[i] = !selective || sel.Differentiable(i)
	}
	return diff
}

// SymDiff implements gorgonia.SDOp by the op's gradient rule.
func (a node) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	g := a.g
	vals := make([]Value, len(in))
	for i, n := range in {
		vals[i] = Value{g, n}
	}
	grads := a.Grad(vals, Value{g, out}, Value{g, grad})
	if g.err != nil {
		return nil, g.err
	}
	nodes := make(gorgonia.Nodes, len(in))
	for i, differentiable := range a.DiffWRT(len(in)) {
		if nodes[i] = grads[i].n; differentiable && nodes[i] == nil {
			return nil, fmt.Errorf("%s has no gradient rule for input %d", nameOf(a.Op), i)
		}
	}
	return nodes, nil
}

// nameOf is the short name of an op, without package and with the function of an element-wise one.
func nameOf(o Op) string {
	switch e := o.(type) {
	case Unary:
		return funcName(e.Fn)
	case Binary:
		return funcName(e.Fn)
	}
	return shortName(o, "Op")
}

func funcName(f any) string { return shortName(f, "Func") }

// shortName is the lower-case name of v's type without package and suffix.
func shortName(v any, suffix string) string {
	name := fmt.Sprintf("%T", v)
	return strings.ToLower(strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], suffix))
}

// Name returns the short name of an op: "matmul", "tanh".
func Name(o Op) string { return nameOf(o) }

// errForeign is returned for nodes that are neither of the vocabulary nor what gorgonia.Grad adds.
var errForeign = errors.New("op: the graph holds an op that is not in the vocabulary")

// Def returns the op and the inputs of a node; for a leaf the op is nil. What gorgonia.Grad adds, sums of gradients
// and the constant one, is returned in the vocabulary's terms.
func (v Value) Def() (Op, []Value, error) {
	if _, ok := v.g.leaves[v.n]; ok {
		return nil, nil, nil
	}
	children := inputs(v.n)
	in := make([]Value, len(children))
	for i, c := range children {
		in[i] = Value{v.g, c}
	}
	switch o := v.n.Op().(type) {
	case node:
		return o.Op, in, nil
	case nil:
		return nil, nil, fmt.Errorf("%w: leaf %q", errForeign, v.n.Name())
	default:
		if len(in) == 2 && strings.HasPrefix(o.String(), "+ ") {
			return Binary{AddFunc{}}, in, nil
		}
		if one := v.n.Value(); len(in) == 0 && one != nil {
			data, err := float64s(one)
			if err != nil {
				return nil, nil, err
			}
			v.g.leaves[v.n] = Leaf{Name: v.n.Name(), Kind: Constant, Dtype: v.Dtype(), Data: data}
			return nil, nil, nil
		}
		return nil, nil, fmt.Errorf("%w: %v", errForeign, o)
	}
}
