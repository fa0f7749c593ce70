//go:build gpu

package cuda

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// fitFunctions are the functions of formulas in the order of their numbers in fit.cu.
var fitFunctions = []string{"number", "x", "+", "*", "/", "scale", "shift", "^", "sin", "cos", "exp", "log", "sqrt", "tanh", "sigmoid", "relu", "step"}

// fitLaunch mirrors struct Fit of fit.cu.
type fitLaunch struct {
	Samples, Unknowns, Blocks, Room, Iterations, GaussNewton int32
	Tolerance, Damping, Least, Most, Ridge, Pivot            float64
	Stride                                                   int64
}

// fitRows mirrors struct Rows, fitInstr struct Instr.
type (
	fitRows struct {
		Fields, Data, Rows, Code, Length, Value, First, Second, Operand, _ int32
	}
	fitInstr struct {
		Fn, A, B, _ int32
		C           float64
	}
)

// fitTileRows is TILE_ROWS of fit.cu.
const fitTileRows = 32

// fitTables stores what the blocks of rows and their operands are, and returns the arguments that point to it.
func (l *lowering) fitTables(p *fitLaunch, text string, operands []engine.Operand) ([]any, error) {
	rows, err := op.ParseRows(text, true)
	if err != nil {
		return nil, err
	}
	var (
		blocks    []fitRows
		code      []fitInstr
		list      []int32
		addresses []uint64
	)
	for _, r := range rows {
		b := fitRows{Fields: int32(r.Fields), Data: int32(r.Data), Rows: int32(operands[len(addresses)].Dims.At(1)), Code: int32(len(code)),
			Length: int32(len(r.Formula.Code)), Value: int32(r.Formula.Value), Operand: int32(len(addresses))}
		for _, in := range r.Formula.Code {
			fn := slices.Index(fitFunctions, in.Fn)
			if fn < 0 {
				return nil, fmt.Errorf("no kernel for the function %q of a formula", in.Fn)
			}
			code = append(code, fitInstr{Fn: int32(fn), A: int32(in.A), B: int32(in.B), C: in.C})
		}
		add := func(instructions []int) (at int32) {
			at = int32(len(list))
			for _, i := range instructions {
				list = append(list, int32(i))
			}
			return at
		}
		b.First, b.Second = add(r.First), add(slices.Concat(r.Second...))
		for range r.Variables() {
			addresses = append(addresses, uint64(pointer(operands[len(addresses)])))
		}
		p.Room = max(p.Room, b.Length+int32(r.Variables()+r.Fields))
		blocks = append(blocks, b)
	}
	p.Blocks = int32(len(blocks))
	return []any{l.constant(record(blocks)), l.constant(record(code)), l.constant(record(list)), l.constant(record(addresses))}, nil
}

// sampleFit launches a kernel that has one block for each sample.
func (l *lowering) sampleFit(name string, p fitLaunch, rows string, operands []engine.Operand, s engine.Step, args ...any) error {
	tables, err := l.fitTables(&p, rows, operands)
	if err != nil {
		return err
	}
	n := int(p.Unknowns)
	p.Stride = int64(3*n*n + 5*n + fitTileRows*(2*n+int(p.Room)) + n*(n+1))
	work := l.temporary(8 * int(p.Stride) * int(p.Samples))
	all := append(append([]any{record(p)}, tables...), args...)
	return l.launch("fit", name, s.Out[0].Dtype, int(p.Samples), threads, append(all, work)...)
}

// fit: the solves of all samples.
func (l *lowering) fit(s engine.Step, o op.FitOp) error {
	d := s.In[0].Dims
	p := fitLaunch{Samples: int32(d.At(0)), Unknowns: int32(d.At(1)), Iterations: int32(o.MaxIterations), Tolerance: o.Tolerance, Damping: o.Damping,
		Least: op.LeastDamping, Most: op.MostDamping, Ridge: o.Ridge, Pivot: op.LeastPivot}
	return l.sampleFit("fit", p, o.Rows, s.In[1:], s, pointer(s.In[0]), pointer(s.Out[0]))
}

// fitAdjoint: the solves that gradients need.
func (l *lowering) fitAdjoint(s engine.Step, o op.FitAdjointOp) error {
	d, last := s.Out[0].Dims, len(s.In)-1
	p := fitLaunch{Samples: int32(d.At(0)), Unknowns: int32(d.At(1)), GaussNewton: truth(o.GaussNewton), Ridge: o.Ridge}
	return l.sampleFit("fit_adjoint", p, o.Rows, s.In[1:last], s, pointer(s.In[0]), pointer(s.In[last]), pointer(s.Out[0]))
}

// fitRows: a warp for each row, as many as the device can keep busy.
func (l *lowering) fitRows(s engine.Step, o op.FitRowsOp) error {
	d, last := s.In[0].Dims, len(s.In)-1
	p := fitLaunch{Samples: int32(d.At(0)), Unknowns: int32(d.At(1))}
	tables, err := l.fitTables(&p, o.Rows, s.In[1:last])
	if err != nil {
		return err
	}
	const warps = threads / 32
	blocks := min(4*l.b.multiprocessors, (d.At(0)*s.In[1].Dims.At(1)+warps-1)/warps)
	work := l.temporary(8 * blocks * warps * (2*d.At(1) + int(p.Room)))
	args := append(append([]any{record(p)}, tables...), pointer(s.In[0]), pointer(s.In[last]), pointer(s.Out[0]), work)
	return l.launch("fit", "fit_rows", s.Out[0].Dtype, blocks, threads, args...)
}
