package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is one instruction set at one element size: the width of a vector and the instructions that differ with it.
type isa struct {
	*build.Context
	name  string // "AVX2", "AVX512"
	float string // "float32", "float64"
	size  int    // bytes per element
	width int    // bytes per vector
}

func (s isa) lanes() int   { return s.width / s.size }
func (s isa) masked() bool { return s.width == 64 } // has opmask registers
func (s isa) single() bool { return s.size == 4 }

// suffix names the functions of this isa: F32AVX512.
func (s isa) suffix() string {
	if s.single() {
		return "F32" + s.name
	}
	return "F64" + s.name
}

// pick returns the instruction for the element type.
func pick[F any](s isa, single, double F) F {
	if s.single() {
		return single
	}
	return double
}

// each calls f for the four combinations of instruction set and element type.
func each(c *build.Context, f func(isa)) {
	for _, s := range []isa{
		{c, "AVX512", "float32", 4, 64},
		{c, "AVX512", "float64", 8, 64},
		{c, "AVX2", "float32", 4, 32},
		{c, "AVX2", "float64", 8, 32},
	} {
		f(s)
	}
}

// vec returns a fresh vector register.
func (s isa) vec() reg.VecVirtual {
	if s.masked() {
		return s.ZMM()
	}
	return s.YMM()
}

// zero sets v to +0.
func (s isa) zero(v reg.Register) {
	if s.masked() {
		s.VPXORD(v, v, v)
	} else {
		s.VXORPS(v, v, v)
	}
}

// mov copies a vector between registers and memory.
func (s isa) mov(src, dst operand.Op) { pick(s, s.VMOVUPS, s.VMOVUPD)(src, dst) }

// address is where a parameter lies.
func (s isa) address(name string) operand.Mem {
	m, err := s.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return m.Addr
}

// slidingMask is a table of one vector of set bits followed by one of zeros: read at
// (lanes−n)·size it is the VMASKMOV mask of the first n lanes.
func slidingMask(c *build.Context, name string) operand.Mem {
	m := c.StaticGlobal(name)
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 {
		v := operand.U32(0)
		if i < 8 {
			v = ^v
		}
		c.AddDatum(4*i, v)
	}
	return m
}
