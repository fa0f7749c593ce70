package datasets

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// A pickle is a program for a stack machine that builds Python objects. This machine builds only inert values, the
// pointer types below and nil, bool, int64, *big.Int, float64, string and []byte; a global that the pickle names stays a
// name, and calling it is left to pickle.call, which knows the few functions that make tensors and refuses the rest.
// Nothing can be executed, and what is allocated is bounded by the bytes and opcodes that were read.
//
// Source: the opcode table in Python's pickletools (protocols 2 to 5; the text opcodes of protocol 0 are refused).

const (
	pickleMaxOpcodes = 4 << 20
	pickleMaxBytes   = 64 << 20
)

type (
	pyMark   struct{}
	pyTuple  []any
	pyList   struct{ items []any } // sets too
	pyDict   struct{ keys, values []any }
	pyGlobal struct{ module, name string }
)

func (g pyGlobal) String() string { return g.module + "." + g.name }

// pickle is the machine. After the first error the stack methods return nil.
type pickle struct {
	r          *bufio.Reader
	call       func(function pyGlobal, args pyTuple) (any, error)
	persistent func(id any) (any, error)
	stack      []any
	memo       map[uint32]any
	read       int // bytes
	err        error
}

// load runs the pickle at the beginning of r, up to and including its STOP.
func (p *pickle) load(r *bufio.Reader) (any, error) {
	p.r, p.stack, p.memo, p.read, p.err = r, nil, map[uint32]any{}, 0, nil
	for range pickleMaxOpcodes {
		op := p.byte()
		if p.err == nil && op == '.' {
			v := p.pop()
			return v, p.err
		}
		if p.err == nil {
			p.execute(op)
		}
		if errors.Is(p.err, io.EOF) || errors.Is(p.err, io.ErrUnexpectedEOF) {
			return nil, errors.New("the pickle was cut")
		}
		if p.err != nil {
			return nil, p.err
		}
	}
	return nil, fmt.Errorf("the pickle has more than %d opcodes", pickleMaxOpcodes)
}

func (p *pickle) execute(op byte) {
	switch op {
	case 0x80: // PROTO
		if v := p.byte(); p.err == nil && (v < 2 || v > 5) {
			p.fail("pickle protocol %d", v)
		}
	case 0x95: // FRAME
		p.bytes(8)
	case '(': // MARK
		p.push(pyMark{})
	case '0': // POP
		p.pop()
	case '1': // POP_MARK
		p.toMark()
	case '2': // DUP
		v := p.pop()
		p.push(v)
		p.push(v)
	case 'N': // NONE
		p.push(nil)
	case 0x88, 0x89: // NEWTRUE, NEWFALSE
		p.push(op == 0x88)
	case 'K': // BININT1
		p.push(int64(p.byte()))
	case 'M': // BININT2
		p.push(int64(p.uint(2)))
	case 'J': // BININT
		p.push(int64(int32(p.uint(4))))
	case 0x8a: // LONG1
		p.push(long(p.bytes(uint64(p.byte()))))
	case 'G': // BINFLOAT, the only big-endian number
		if b := p.bytes(8); p.err == nil {
			p.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
		}
	case 'X', 'T': // BINUNICODE, BINSTRING
		p.push(string(p.bytes(p.uint(4))))
	case 0x8c, 'U': // SHORT_BINUNICODE, SHORT_BINSTRING
		p.push(string(p.bytes(uint64(p.byte()))))
	case 0x8d: // BINUNICODE8
		p.push(string(p.bytes(p.uint(8))))
	case 'B': // BINBYTES
		p.push(p.bytes(p.uint(4)))
	case 'C': // SHORT_BINBYTES
		p.push(p.bytes(uint64(p.byte())))
	case 0x8e: // BINBYTES8
		p.push(p.bytes(p.uint(8)))
	case ')': // EMPTY_TUPLE
		p.push(pyTuple{})
	case 't': // TUPLE
		p.push(pyTuple(p.toMark()))
	case 0x85, 0x86, 0x87: // TUPLE1, TUPLE2, TUPLE3
		p.push(pyTuple(p.top(int(op-0x85) + 1)))
	case ']', 0x8f: // EMPTY_LIST, EMPTY_SET
		p.push(&pyList{})
	case 'l', 0x91: // LIST, FROZENSET
		p.push(&pyList{p.toMark()})
	case 'a': // APPEND
		p.extend(p.top(1))
	case 'e', 0x90: // APPENDS, ADDITEMS
		p.extend(p.toMark())
	case '}': // EMPTY_DICT
		p.push(&pyDict{})
	case 'd': // DICT
		items := p.toMark()
		p.push(&pyDict{})
		p.setItems(items)
	case 's': // SETITEM
		p.setItems(p.top(2))
	case 'u': // SETITEMS
		p.setItems(p.toMark())
	case 'q', 'r': // BINPUT, LONG_BINPUT
		p.put(uint32(p.uint(memoWidth(op == 'r'))))
	case 0x94: // MEMOIZE
		p.put(uint32(len(p.memo)))
	case 'h', 'j': // BINGET, LONG_BINGET
		v, ok := p.memo[uint32(p.uint(memoWidth(op == 'j')))]
		if !ok {
			p.fail("the pickle recalls what it never stored")
		}
		p.push(v)
	case 'c': // GLOBAL
		p.push(pyGlobal{p.line(), p.line()})
	case 0x93: // STACK_GLOBAL
		names := p.top(2)
		if p.err != nil {
			return
		}
		module, ok1 := names[0].(string)
		name, ok2 := names[1].(string)
		if !ok1 || !ok2 {
			p.fail("a global is not named by strings")
		}
		p.push(pyGlobal{module, name})
	case 'R', 0x81: // REDUCE, NEWOBJ
		p.reduce()
	case 'b': // BUILD
		p.pop()
		switch object := p.peek().(type) {
		case *pyDict, *torchTensor: // attributes such as state_dict's _metadata are not data
		default:
			p.fail("the pickle sets the state of a %T", object)
		}
	case 'Q': // BINPERSID
		id := p.pop()
		if p.err != nil {
			return
		}
		v, err := p.persistent(id)
		p.check(err)
		p.push(v)
	default:
		p.fail("pickle opcode %#x is not allowed", op)
	}
}

func (p *pickle) reduce() {
	pair := p.top(2)
	if p.err != nil {
		return
	}
	function, ok1 := pair[0].(pyGlobal)
	args, ok2 := pair[1].(pyTuple)
	if !ok1 || !ok2 {
		p.fail("the pickle calls something that is not a named function")
		return
	}
	v, err := p.call(function, args)
	p.check(err)
	p.push(v)
}

func (p *pickle) extend(items []any) {
	if list, ok := p.peek().(*pyList); ok {
		list.items = append(list.items, items...)
		return
	}
	p.fail("the pickle appends to something that is not a list")
}

func (p *pickle) setItems(items []any) {
	dict, ok := p.peek().(*pyDict)
	if !ok || len(items)%2 != 0 {
		p.fail("the pickle sets items of something that is not a dict")
		return
	}
	for pair := range slices.Chunk(items, 2) {
		dict.keys = append(dict.keys, pair[0])
		dict.values = append(dict.values, pair[1])
	}
}
