package cpu

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// pattern describes a value of a chain by how it is computed.
type pattern struct {
	name   string        // under which the value is found; equal names are equal values
	unary  op.UnaryFunc  // its function, if it has one operand
	binary op.BinaryFunc // its function, if it has two
	factor string        // under which a is found in a·x
	shift  string        // under which b is found in x + b
	args   []pattern     // its operands; none: any value will do
}

// anything is any value.
func anything(name string) pattern                 { return pattern{name: name} }
func apply1(f op.UnaryFunc, x pattern) pattern     { return pattern{unary: f, args: []pattern{x}} }
func apply2(f op.BinaryFunc, x, y pattern) pattern { return pattern{binary: f, args: []pattern{x, y}} }
func scaled(name string, x pattern) pattern        { return pattern{factor: name, args: []pattern{x}} }
func shifted(name string, x pattern) pattern       { return pattern{shift: name, args: []pattern{x}} }

func (p pattern) named(name string) pattern { p.name = name; return p }

// found is what a pattern met.
type found struct {
	value  map[string]int
	number map[string]float64
}

// match reports whether value i of the chain is as the pattern says.
func (p pattern) match(c *engine.Chain, i int, f found) bool {
	if p.name != "" {
		if old, ok := f.value[p.name]; ok {
			return old == i
		}
		f.value[p.name] = i
	}
	in := c.Code[i]
	switch {
	case p.args == nil:
		return true
	case p.factor != "" || p.shift != "":
		a, ok := in.Unary.(op.AffineFunc)
		if !ok || p.factor != "" && a.B != 0 || p.shift != "" && a.A != 1 {
			return false
		}
		if p.factor != "" {
			f.number[p.factor] = a.A
		} else {
			f.number[p.shift] = a.B
		}
	case p.unary != nil:
		if in.Unary != p.unary {
			return false
		}
	case in.Binary != p.binary:
		return false
	}
	if !p.args[0].match(c, in.A, f) {
		return false
	}
	return len(p.args) == 1 || p.args[1].match(c, in.B, f)
}
