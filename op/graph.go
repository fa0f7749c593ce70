package op

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"
)

// Kind says who sets a leaf's value.
type Kind uint8

// The kinds of leaves.
const (
	Input    Kind = iota // set before each run
	Variable             // kept by the program's storage; may be the target of an update
	Constant             // set once, when the graph is built
)

// Leaf is a node without inputs.
type Leaf struct {
	Name  string
	Kind  Kind
	Dtype Dtype
	Dims  Dims
	Data  []float64 // the value of a Constant
}

// Graph is a Gorgonia expression graph over the vocabulary. It is built by one goroutine.
type Graph struct {
	expr   *gorgonia.ExprGraph
	leaves map[*gorgonia.Node]Leaf
	named  map[string]Value
	err    error
}

// NewGraph returns an empty graph.
func NewGraph() *Graph {
	return &Graph{
		expr:   gorgonia.NewGraph(),
		leaves: map[*gorgonia.Node]Leaf{},
		named:  map[string]Value{},
	}
}

// Err returns the first error met while building, with the file and line of the call that made it.
func (g *Graph) Err() error { return g.err }

// Gorgonia returns the expression graph itself, for its own tools (TapeMachine, DOT output).
func (g *Graph) Gorgonia() *gorgonia.ExprGraph { return g.expr }

// Value is a node of a Graph, or the zero Value where an error stuck or no gradient exists.
type Value struct {
	g *Graph
	n *gorgonia.Node
}

// Valid reports whether v is a node.
func (v Value) Valid() bool { return v.n != nil }

// Graph returns the graph that v belongs to.
func (v Value) Graph() *Graph { return v.g }

// Node returns the Gorgonia node.
func (v Value) Node() *gorgonia.Node { return v.n }

// Dims is the shape of v; a scalar's for an invalid Value.
func (v Value) Dims() Dims {
	if v.n == nil {
		return Dims{}
	}
	return Of(v.n.Shape()...)
}

// Dtype is the element type of v.
func (v Value) Dtype() Dtype {
	if v.n == nil {
		return Float32
	}
	return fromTensor(v.n.Dtype())
}

// Input adds a leaf that is fed before each run. The same name with the same dtype and shape is the same node.
func (g *Graph) Input(name string, t Dtype, d Dims) Value {
	return g.leaf(Leaf{Name: name, Kind: Input, Dtype: t, Dims: d})
}

// Variable adds a leaf that lives in the program's storage: a parameter, or an optimizer's state. The same name with the
// same dtype and shape is the same node.
func (g *Graph) Variable(name string, t Dtype, d Dims) Value {
	return g.leaf(Leaf{Name: name, Kind: Variable, Dtype: t, Dims: d})
}

// Constant adds a leaf with a fixed value. The same name with the same value is the same node.
func (g *Graph) Constant(name string, t Dtype, d Dims, data []float64) Value {
	if len(data) != d.Size() {
		return g.fail(fmt.Errorf("op: constant %q has %d values for shape %v", name, len(data), d))
	}
	return g.leaf(Leaf{Name: name, Kind: Constant, Dtype: t, Dims: d, Data: data})
}

// Scalar returns the constant c of dtype t.
func (g *Graph) Scalar(t Dtype, c float64) Value {
	return g.Constant(fmt.Sprintf("%v %v", t, c), t, Dims{}, []float64{c})
}

func (g *Graph) leaf(l Leaf) Value {
	if g.err != nil {
		return Value{g: g}
	}
	if v, ok := g.named[l.Name]; ok {
		old := g.leaves[v.n]
		if old.Kind == l.Kind && old.Dtype == l.Dtype && old.Dims == l.Dims && slices.Equal(old.Data, l.Data) {
			return v
		}
		return g.fail(fmt.Errorf("op: two leaves are named %q: %v%v and %v%v", l.Name, old.Dtype, old.Dims, l.Dtype, l.Dims))
	}
	v := Value{g, newLeafNode(g.expr, l)}
	g.leaves[v.n] = l
	g.named[l.Name] = v
	return v
}

// Leaf returns the leaf that v is, and whether it is one.
func (v Value) Leaf() (Leaf, bool) {
	if v.n == nil {
		return Leaf{}, false
	}
	l, ok := v.g.leaves[v.n]
	return l, ok
}

// Apply adds the node op(in...). It is what the functions of this package call; a caller's own Op may use it too.
func Apply(o Op, in ...Value) Value {
	g, err := graphOf(in)
	if err != nil {
		return g.fail(fmt.Errorf("%s: %w", nameOf(o), err))
	}
	if g.err != nil {
		return Value{g: g}
	}
	n, err := g.apply(o, in)
	if err != nil {
		return g.fail(err)
	}
	return Value{g, n}
}

// graphOf finds the inputs' common graph; it exists wherever at least one input came from a graph.
func graphOf(in []Value) (*Graph, error) {
	var g *Graph
	for _, v := range in {
		switch {
		case v.g == nil:
		case g == nil:
			g = v.g
		case g != v.g:
			return g, fmt.Errorf("inputs belong to different graphs")
		}
	}
	if g == nil {
		panic("op: Apply without an input from a graph")
	}
	if g.err != nil {
		return g, nil
	}
	for i, v := range in {
		if v.n == nil {
			return g, fmt.Errorf("input %d is not a node", i)
		}
		if v.Dtype() != in[0].Dtype() {
			return g, fmt.Errorf("input %d is %v, input 0 is %v: use Cast", i, v.Dtype(), in[0].Dtype())
		}
	}
	return g, nil
}

// Fail records an error found by code that builds on this package (a model's own checks), unless there is one already.
func (v Value) Fail(err error) Value { return v.fail(err) }

func (v Value) fail(err error) Value { return v.g.fail(err) }

func (g *Graph) fail(err error) Value {
	if g.err == nil {
		g.err = fmt.Errorf("%s: %w", callSite(), err)
	}
	return Value{g: g}
}

// callSite is file:line of the innermost caller outside this package's non-test files.
func callSite() string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for {
		f, more := frames.Next()
		inside := strings.Contains(f.Function, "/kolmogo/op.") && !strings.HasSuffix(f.File, "_test.go")
		if !inside || !more {
			file := f.File[strings.LastIndexByte(f.File, '/')+1:]
			return fmt.Sprintf("%s:%d", file, f.Line)
		}
	}
}
