// Package enginetest lets a backend of the engine pass the suite of package optest.
package enginetest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Device is an engine.Backend as an optest.Backend.
type Device struct{ engine.Backend }

// Apply builds a program of one step, its operands in one memory with NaNs before, between and behind them.
func (d Device) Apply(o op.Op, t op.Dtype, out op.Array, in ...op.Array) error {
	to := t
	if c, ok := o.(op.Caster); ok {
		to = c.Output(t)
	}
	const guard = 4 * engine.Alignment
	size := guard
	place := func(t op.Dtype, d op.Dims) engine.Operand {
		p := engine.Operand{Offset: size, Dtype: t, Dims: d}
		size += (p.Bytes()+engine.Alignment-1)/engine.Alignment*engine.Alignment + guard
		return p
	}
	var operands []engine.Operand
	for _, a := range in {
		operands = append(operands, place(t, a.Dims))
	}
	operands = append(operands, place(to, out.Dims))
	memory, err := d.Alloc(size)
	if err != nil {
		return err
	}
	before := bytes.Repeat([]byte{0xff}, size) // all bits set is a NaN of either dtype
	for i := range operands {
		operands[i].Memory = memory
		if i < len(in) {
			Encode(before[operands[i].Offset:], t, in[i].Data)
		}
	}
	if err := memory.Write(0, before); err != nil {
		return err
	}
	program, err := d.Build([]engine.Step{Step(o, operands)})
	if err != nil {
		return err
	}
	if err := program.Run(); err != nil {
		return err
	}
	after := make([]byte, size)
	if err := memory.Read(0, after); err != nil {
		return err
	}
	result := operands[len(in)]
	from, until := result.Offset, result.Offset+result.Bytes()
	decode(out.Data, to, after[from:until])
	copy(after[from:until], before[from:until])
	for i := range after {
		if after[i] != before[i] {
			return fmt.Errorf("byte %d changed; the result has bytes %d to %d of %d", i, from, until, size)
		}
	}
	return nil
}

// Step is one op as the compiler would lower it, element-wise ones as chains; the last operand is the result.
func Step(o op.Op, operands []engine.Operand) engine.Step {
	n := len(operands) - 1
	s := engine.Step{In: operands[:n], Out: operands[n:]}
	c := &engine.Chain{Dims: operands[n].Dims, Stores: []int{n}}
	for i, in := range s.In {
		c.Loads, c.Code = append(c.Loads, in.Dims.Strides()), append(c.Code, engine.Instr{Load: i})
	}
	switch f := o.(type) {
	case op.Unary:
		c.Code = append(c.Code, engine.Instr{Unary: f.Fn})
	case op.Binary:
		c.Code = append(c.Code, engine.Instr{Binary: f.Fn, A: 0, B: 1})
	case op.Broadcast:
		c.Loads[0], c.Stores[0] = f.Strides(s.In[0].Dims), 0
	default:
		s.Op = o
		return s
	}
	s.Chain = c
	return s
}

// Encode writes numbers as elements of a dtype.
func Encode(dst []byte, t op.Dtype, data []float64) {
	for i, x := range data {
		if t == op.Float64 {
			binary.LittleEndian.PutUint64(dst[8*i:], math.Float64bits(x))
		} else {
			binary.LittleEndian.PutUint32(dst[4*i:], math.Float32bits(float32(x)))
		}
	}
}

func decode(dst []float64, t op.Dtype, src []byte) {
	for i := range dst {
		if t == op.Float64 {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:]))
		} else {
			dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:])))
		}
	}
}

// Run compiles a graph and runs it once.
func (d Device) Run(g *op.Graph, feeds map[string][]float64, outputs []op.Value) ([][]float64, error) {
	store := engine.NewStore(d)
	p, err := engine.Compile(g, outputs, nil, store)
	if err != nil {
		return nil, err
	}
	for name, data := range feeds {
		if _, ok := store.Var(name); ok {
			err = store.Set(name, data)
		} else {
			err = engine.Feed(p, name, data)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := p.Run(); err != nil {
		return nil, err
	}
	results := make([][]float64, len(outputs))
	for i, v := range outputs {
		results[i] = make([]float64, v.Dims().Size())
		if err := engine.Output(p, i, results[i]); err != nil {
			return nil, err
		}
	}
	return results, nil
}
