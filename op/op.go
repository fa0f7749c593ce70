package op

import "fmt"

// Op is one entry of the vocabulary: a comparable struct whose fields are its attributes.
type Op interface {
	// Shape is the output's shape, or an error that names the shapes it was given. It is the only place that validates.
	Shape(in ...Dims) (Dims, error)
	// Eval computes out = op(in...) by the definition. out is dense, of the shape that Shape gave, with arbitrary content.
	Eval(out Array, in ...Array)
	// Grad returns, for each input, the gradient of a scalar L given dOut = ∂L/∂out; the zero Value where there is none.
	Grad(in []Value, out, dOut Value) []Value
}

// Selective is implemented by ops that are not differentiable in some of their inputs (indices, step counters).
type Selective interface {
	Differentiable(input int) bool
}

// Caster is implemented by ops whose output has another dtype than their inputs.
type Caster interface {
	Output(in Dtype) Dtype
}

// Linear is implemented by ops that are linear in each single input; optest checks their adjoint identity to rounding.
type Linear interface {
	Op
	LinearIn(input int) bool
}

// Parted is implemented by ops that can make some positions of the first axis of their result alone: Part returns the op that makes those
// from .. to−1 of n from the same inputs, false where there is none.
type Parted interface {
	Part(from, to, n int) (Op, bool)
}

// Surrounded is implemented by ops that need not be given zeros: Inner returns the op whose input 0 is positions from .. to−1 of the first
// axis of n, for zeros around them; false where there is none.
type Surrounded interface {
	Inner(from, to, n int) (Op, bool)
}

// Array is a dense row-major array in float64, the currency of Eval.
type Array struct {
	Dims Dims
	Data []float64
}

// NewArray returns an array of zeros.
func NewArray(d Dims) Array { return Array{d, make([]float64, d.Size())} }

// Dtype is the element type of a tensor.
type Dtype uint8

// The element types. Float32 is the default everywhere.
const (
	Float32 Dtype = iota
	Float64
)

// Size is the number of bytes of one element.
func (t Dtype) Size() int {
	if t == Float64 {
		return 8
	}
	return 4
}

func (t Dtype) String() string {
	if t == Float64 {
		return "float64"
	}
	return "float32"
}

// ParseDtype reads "float32" or "float64"; the empty string is float32.
func ParseDtype(s string) (Dtype, error) {
	switch s {
	case "", "float32":
		return Float32, nil
	case "float64":
		return Float64, nil
	}
	return 0, fmt.Errorf("op: unknown precision %q: use float32 or float64", s)
}

// arity checks the number of inputs of an op.
func arity(name string, in []Dims, n int) error {
	if len(in) != n {
		return fmt.Errorf("%s: takes %d inputs, got %d: %v", name, n, len(in), in)
	}
	return nil
}
