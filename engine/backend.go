package engine

import "github.com/kolmogo/kolmogo/op"

// Backend runs programs on one device. Every backend passes the suite in op/optest.
type Backend interface {
	// Name says what runs where, for logs and manifests: "cpu avx512, 2 threads".
	Name() string
	// Alloc returns zeroed memory of the device, aligned to Alignment.
	Alloc(bytes int) (Memory, error)
	// Build lowers steps, to be run in order. Operands stay where they are for good.
	Build(steps []Step) (Runner, error)
}

// Runner is a program as a backend has built it.
type Runner interface {
	// Run executes the program once, or starts it where the backend is a Waiter. It allocates nothing.
	Run() error
}

// RunFunc is a function as a Runner.
type RunFunc func() error

// Run implements Runner.
func (f RunFunc) Run() error { return f() }

// Grouper is implemented by a backend that runs some consecutive steps interleaved, a part of each at a time.
type Grouper interface {
	// Group gives each step the number of its group, ascending. Operands of steps of one group should not share memory unless
	// they are the same; those that have no memory yet are told apart by their Offset. inner lists the offsets of those that
	// only pass from step to step of one group: the backend finds room for them when it builds the steps.
	Group(steps []Step) (number, inner []int)
}

// Counter is implemented by a backend that moves fewer bytes than its steps' operands have.
type Counter interface {
	// Bytes is what a run of the steps reads and writes.
	Bytes(steps []Step) int64
}

// Explainer is implemented by a backend that chooses between ways to do a step.
type Explainer interface {
	// Explain says how a step of a program that is built is done and why; "" where there was no choice.
	Explain(s Step) string
}

// Limiter is implemented by a backend that can say beforehand whether a program fits.
type Limiter interface {
	// Fits returns an error, which says what is needed, what there is and what to do, if so many bytes cannot be had beside those
	// that are in use.
	Fits(bytes int64) error
}

// Waiter is implemented by a backend whose programs go on while their caller does.
type Waiter interface {
	// Wait returns when all that was started is done, with the error of what failed meanwhile.
	Wait() error
}

// Memory is a block of device memory. Writing and reading fail when the device does.
type Memory interface {
	Write(offset int, src []byte) error
	Read(offset int, dst []byte) error
}

// Alignment of every operand in bytes.
const Alignment = 64

// Operand is a dense row-major tensor in device memory.
type Operand struct {
	Memory Memory
	Offset int // bytes
	Dtype  op.Dtype
	Dims   op.Dims
}

// Bytes is the size of the operand.
func (o Operand) Bytes() int { return o.Dims.Size() * o.Dtype.Size() }

// Step is one kernel of a program: either a single op or a fused chain of element-wise ones.
type Step struct {
	Op    op.Op // nil for a chain
	Chain *Chain
	In    []Operand
	Out   []Operand // one, or several of a chain
	// Add says that the result is added to what Out[0] holds; Op is then a product of matrices.
	Add bool
	// Group is what a Grouper said of this step; steps of other groups stay apart.
	Group int
}

// Chain is a fused element-wise expression over an iteration space: straight-line code in which value i is the result of
// Code[i]. All operands have one dtype.
type Chain struct {
	Dims   op.Dims // the iteration space
	Loads  [][]int // for each input operand: its element stride along each axis of Dims, 0 where it is stretched
	Code   []Instr
	Stores []int // for each output operand: the value it receives
}

// Instr is one instruction of a Chain: a load of an operand, or a function of earlier values.
type Instr struct {
	Load   int           // operand index; valid when both functions are nil
	Unary  op.UnaryFunc  // of value A
	Binary op.BinaryFunc // of values A and B
	A, B   int
}
