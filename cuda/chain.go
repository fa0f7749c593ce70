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
