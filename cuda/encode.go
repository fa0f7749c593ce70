//go:build gpu

package cuda

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
)

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
