package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
)

// constant is a number of the element size in memory, a 256-bit vector long. AVX-512 reads it once and repeats it over
// the lanes, which costs half the load of a whole vector.
type constant struct{ operand.Mem }

// bits is the constant of the given bits.
func (p *program) bits(v uint64) constant {
	name := fmt.Sprintf("c%d_%x", 8*p.size, v)
	p.note(name, func() vector { return p.reg(p.bits(v)) })
	if m, ok := p.pool[v]; ok {
		return m
	}
	m := constant{p.StaticGlobal(name)}
	p.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := 0; i < 32; i += p.size {
		p.datum(i, v)
	}
	p.pool[v] = m
	return m
}

// datum appends one element to the data at hand.
func (p *program) datum(offset int, bits uint64) {
	if p.single() {
		p.AddDatum(offset, operand.U32(bits))
	} else {
		p.AddDatum(offset, operand.U64(bits))
	}
}

// num is the constant v, rounded to the element type.
func (p *program) num(v float64) constant { return p.bits(p.encode(v)) }

func (p *program) encode(v float64) uint64 {
	if p.single() {
		return uint64(math.Float32bits(float32(v)))
	}
	return math.Float64bits(v)
}

func (p *program) signBit() constant { return p.bits(1 << (8*p.size - 1)) }

// reg is an operand in a register of its own.
func (p *program) reg(m operand.Op) vector {
	v := p.vec()
	c, isConstant := m.(constant)
	switch {
	case isConstant && p.hoisted[c.Symbol.Name] != nil:
		p.mov(p.hoisted[c.Symbol.Name], v)
	case isConstant && p.masked():
		pick(p.isa, p.VBROADCASTSS, p.VBROADCASTSD)(c.Mem, v)
	default:
		p.mov(plain(m), v)
	}
	return v
}

// register is a constant in a register that will not be written.
func (p *program) register(c constant) vector {
	if v, ok := p.held(c).(vector); ok {
		return v
	}
	return p.reg(c)
}

// held is m, or the register that holds it already.
func (p *program) held(m operand.Op) operand.Op {
	if c, ok := m.(constant); ok && p.hoisted[c.Symbol.Name] != nil {
		return p.hoisted[c.Symbol.Name]
	}
	return m
}

// plain is the operand of an instruction that knows no constants.
func plain(m operand.Op) operand.Op {
	if c, ok := m.(constant); ok {
		return c.Mem
	}
	return m
}

// Tables of one number per lane.

func (p *program) table(kind string, v []float64) operand.Mem {
	name := fmt.Sprintf("%s_%d", kind, 8*p.size)
	p.note(name, func() vector { return p.reg(p.table(kind, v)) })
	if m, ok := p.tables[name]; ok {
		return m
	}
	m := p.StaticGlobal(name)
	p.DataAttributes(attr.RODATA | attr.NOPTR)
	for i, x := range v {
		p.datum(i*p.size, p.encode(x))
	}
	p.tables[name] = m
	return m
}

// lookup is the element of a table that the low bits of index name.
func (p *program) lookup(table operand.Mem, index vector) vector {
	if v := p.hoisted[table.Symbol.Name]; v != nil {
		return p.out(pick(p.isa, p.VPERMPS, p.VPERMPD), v, index)
	}
	return p.out(pick(p.isa, p.VPERMPS, p.VPERMPD), table, index)
}
