//go:build gpu

package cuda

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// functionNumber reads the numbers of the element-wise functions from functions.h, where they are declared.
func functionNumber() map[string]int32 {
	number := map[string]int32{}
	list := regexp.MustCompile(`(?s)#define FUNCTIONS\(F\).*?\n\n`).FindString(Source("functions.h"))
	for i, m := range regexp.MustCompile(`F\((\w+)\)`).FindAllStringSubmatch(list, -1) {
		number[m[1]] = int32(i)
	}
	number["load"], number["store"] = int32(len(number)), int32(len(number)+1)
	return number
}

// instruction mirrors struct Instruction of chain.cu.
type instruction struct {
	Code, To, A, B int32
	K0, K1         float64
}

// chainOperand mirrors struct Operand.
type chainOperand struct {
	Data   uint64
	Dense  int64
	Stride [op.MaxRank]int64
}

// slots is the number of values that the interpreter holds.
const slots = 64

// element is a function of functions.h: its name and constants.
type element struct {
	name   string
	k0, k1 float64
}

// elementOf is the table from functions to their names in functions.h.
func elementOf(f any) (element, error) {
	switch f := f.(type) {
	case op.AffineFunc:
		return element{"affine", f.A, f.B}, nil
	case op.PowFunc:
		return element{"pow", f.P, 0}, nil
	case op.AddFunc:
		return element{name: "add"}, nil
	case op.SubFunc:
		return element{name: "sub"}, nil
	case op.MulFunc:
		return element{name: "mul"}, nil
	case op.DivFunc:
		return element{name: "div"}, nil
	case op.ExpFunc:
		return element{name: "exp"}, nil
	case op.LogFunc:
		return element{name: "log"}, nil
	case op.SinFunc:
		return element{name: "sin"}, nil
	case op.CosFunc:
		return element{name: "cos"}, nil
	case op.SqrtFunc:
		return element{name: "sqrt"}, nil
	case op.TanhFunc:
		return element{name: "tanh"}, nil
	case op.SigmoidFunc:
		return element{name: "sigmoid"}, nil
	case op.SiLUFunc:
		return element{name: "silu"}, nil
	case op.SiLUSlopeFunc:
		return element{name: "silu_slope"}, nil
	case op.GELUFunc:
		return element{name: "gelu"}, nil
	case op.GELUSlopeFunc:
		return element{name: "gelu_slope"}, nil
	case op.GELUTanhFunc:
		return element{name: "gelu_tanh"}, nil
	case op.GELUTanhSlopeFunc:
		return element{name: "gelu_tanh_slope"}, nil
	case op.ReLUFunc:
		return element{name: "relu"}, nil
	case op.StepFunc:
		return element{name: "step"}, nil
	case op.SoftplusFunc:
		return element{name: "softplus"}, nil
	}
	return element{}, fmt.Errorf("no kernel for the function %T", f)
}

// space joins the axes of a chain's iteration space as far as all its operands allow, and gives each load its strides over it.
func space(c *engine.Chain) (over axes, loads []axes) {
	lens := c.Dims.Slice()
	all := join(lens, append([][]int{c.Dims.Strides()}, c.Loads...)...)
	return all[0], all[1:]
}

// chain launches a fused element-wise expression: a kernel made of it where there is a compiler, else the interpreter.
func (l *lowering) chain(s engine.Step) error {
	if l.b.config.Compile != nil {
		return l.fused(s)
	}
	return l.interpreted(s)
}

// interpreted launches the interpreter on the chain's code.
func (l *lowering) interpreted(s engine.Step) error {
	code, err := l.encode(s.Chain)
	if err != nil {
		return err
	}
	over, loads := space(s.Chain)
	var operands bytes.Buffer
	for i, o := range s.In {
		a := chainOperand{Data: uint64(pointer(o)), Stride: loads[i].Stride}
		a.Dense = int64(truth(loads[i] == over))
		operands.Write(record(a))
	}
	for _, o := range s.Out {
		operands.Write(record(chainOperand{Data: uint64(pointer(o)), Dense: 1}))
	}
	n := s.Chain.Dims.Size()
	return l.each("chain", "chain", s.Out[0].Dtype, n, l.constant(record(code)), int32(len(code)), l.constant(operands.Bytes()), record(over), uint32(n))
}

// encode turns a chain into instructions: each load just before its first use, all stores at the end, so that an operand may be
// computed in place. A value's slot is free again after its last use.
func (l *lowering) encode(c *engine.Chain) ([]instruction, error) {
	e := encoder{chain: c, number: l.b.functions, slot: make([]int32, len(c.Code)), last: make([]int, len(c.Code)), loaded: make([]bool, len(c.Code))}
	for i, in := range c.Code {
		for _, v := range inputs(in) {
			e.last[v] = i
		}
	}
	for _, v := range c.Stores {
		e.last[v] = len(c.Code)
	}
	for i, in := range c.Code {
		if err := e.function(i, in); err != nil {
			return nil, err
		}
	}
	for k, v := range c.Stores {
		if err := e.load(v); err != nil {
			return nil, err
		}
		e.code = append(e.code, instruction{Code: e.number["store"], A: e.slot[v], B: int32(len(c.Loads) + k)})
	}
	return e.code, nil
}

// inputs lists the values that an instruction reads: two, equal for a function of one, or none for a load.
func inputs(in engine.Instr) []int {
	switch {
	case in.Binary != nil:
		return []int{in.A, in.B}
	case in.Unary != nil:
		return []int{in.A, in.A}
	}
	return nil
}

// encoder carries encode.
type encoder struct {
	chain  *engine.Chain
	number map[string]int32
	code   []instruction
	slot   []int32 // of each value
	last   []int   // instruction that uses it last
	loaded []bool
	free   []int32
	next   int32
}

// function appends instruction i of the chain; loads wait for their users.
func (e *encoder) function(i int, in engine.Instr) error {
	read := inputs(in)
	if read == nil {
		return nil
	}
	var f any = in.Unary
	if in.Binary != nil {
		f = in.Binary
	}
	element, err := elementOf(f)
	if err != nil {
		return err
	}
	for _, v := range read {
		if err := e.load(v); err != nil {
			return err
		}
	}
	x, y := e.slot[read[0]], e.slot[read[1]]
	for k, v := range read {
		if e.last[v] == i && (k == 0 || v != read[0]) {
			e.free = append(e.free, e.slot[v])
		}
	}
	if err := e.take(i); err != nil {
		return err
	}
	e.code = append(e.code, instruction{e.number[element.name], e.slot[i], x, y, element.k0, element.k1})
	return nil
}

// load appends the load of value v where it is one that has not been loaded.
func (e *encoder) load(v int) error {
	in := e.chain.Code[v]
	if inputs(in) != nil || e.loaded[v] {
		return nil
	}
	e.loaded[v] = true
	if err := e.take(v); err != nil {
		return err
	}
	e.code = append(e.code, instruction{Code: e.number["load"], To: e.slot[v], A: int32(in.Load)})
	return nil
}

// take gives a slot to value v.
func (e *encoder) take(v int) error {
	if n := len(e.free); n > 0 {
		e.slot[v], e.free = e.free[n-1], e.free[:n-1]
		return nil
	}
	e.slot[v] = e.next
	if e.next++; e.next > slots {
		return fmt.Errorf("a chain of %d instructions holds more than %d values at once", len(e.chain.Code), slots)
	}
	return nil
}
