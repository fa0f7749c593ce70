//go:build gpu

package cuda

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/dl"
	"github.com/kolmogo/kolmogo/cuda/drv"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// launch is a kernel with its arguments; a scratch argument gets its address when all steps are known.
type launch struct {
	name            string
	f               cu.Function
	blocks, threads int
	args            []any
	gemm            *dl.Gemm // a call of the library with the addresses args, instead of a kernel
}

// scratch is an argument that points to memory which a step uses only while it runs, at an offset in bytes.
type scratch int

// table is an argument that points to constants of the program, at an offset in bytes.
type table int

// lowering collects the launches of a program.
type lowering struct {
	b             *Backend
	launches      []launch
	constants     []byte // of all steps, aligned
	scratchBytes  int    // the most that a step needs
	scratch, base cu.DevicePtr
	then          *epilogue // of the product at hand; nil: none
	asked         string    // the last product that a library could make
	quiet         bool      // nothing is measured
}

// launch adds a launch of a kernel of a family.
func (l *lowering) launch(family, name string, t op.Dtype, blocks, threads int, args ...any) error {
	f, err := l.b.kernel(family, name, t)
	if err != nil {
		return err
	}
	l.launches = append(l.launches, launch{name: name + suffix(t), f: f, blocks: blocks, threads: threads, args: args})
	return nil
}

const threads = 256 // of a block, where nothing speaks for another number

// each adds a launch with one thread for each of n elements.
func (l *lowering) each(family, name string, t op.Dtype, n int, args ...any) error {
	return l.launch(family, name, t, (n+threads-1)/threads, threads, args...)
}

// temporary reserves memory for the current step.
func (l *lowering) temporary(bytes int) scratch {
	l.scratchBytes = max(l.scratchBytes, bytes)
	return scratch(0)
}

// constant stores data for the life of the program.
func (l *lowering) constant(data []byte) table {
	for len(l.constants)%engine.Alignment != 0 {
		l.constants = append(l.constants, 0)
	}
	at := len(l.constants)
	l.constants = append(l.constants, data...)
	return table(at)
}

// numbers stores numbers rounded to a dtype.
func (l *lowering) numbers(t op.Dtype, data []float64) table {
	var b []byte
	for _, x := range data {
		if t == op.Float64 {
			b = binary.NativeEndian.AppendUint64(b, math.Float64bits(x))
		} else {
			b = binary.NativeEndian.AppendUint32(b, math.Float32bits(float32(x)))
		}
	}
	return l.constant(b)
}

// record is a struct of fixed-size fields as its bytes, laid out as in C: the fields are in an order that needs no padding but what
// is written out.
func record(v any) []byte {
	var b bytes.Buffer
	if err := binary.Write(&b, binary.NativeEndian, v); err != nil {
		panic("cuda: " + err.Error()) // only for types without a fixed size
	}
	return b.Bytes()
}

// place allocates the constants and the scratch memory.
func (l *lowering) place() error {
	if l.scratchBytes > 0 {
		m, err := l.b.alloc(l.scratchBytes)
		if err != nil {
			return err
		}
		l.scratch = m.at
	}
	if len(l.constants) > 0 {
		m, err := l.b.alloc(len(l.constants))
		if err != nil {
			return err
		}
		l.base = m.at
		return m.Write(0, l.constants)
	}
	return nil
}

// batch fixes the arguments.
func (l *lowering) batch() (*drv.Batch, error) {
	batch := drv.NewBatch(len(l.launches))
	for _, one := range l.launches {
		args := make([]any, len(one.args))
		for i, a := range one.args {
			switch a := a.(type) {
			case scratch:
				args[i] = l.scratch + cu.DevicePtr(a)
			case table:
				args[i] = l.base + cu.DevicePtr(a)
			default:
				args[i] = a
			}
		}
		if one.gemm != nil {
			at := func(i int) uint64 { return uint64(args[i].(cu.DevicePtr)) }
			call, data := l.b.blas.handle.Call(*one.gemm, at(0), at(1), at(2))
			if err := batch.AddCall(call, data, dl.Explain); err != nil {
				batch.Free()
				return nil, fmt.Errorf("cuda: %w", err)
			}
			continue
		}
		if err := batch.Add(one.f, one.blocks, one.threads, 0, args...); err != nil {
			batch.Free()
			return nil, fmt.Errorf("cuda: kernel %s: %w", one.name, err)
		}
	}
	return batch, nil
}

// named adds the kernel's name to the failure of a launch.
func (l *lowering) named(err error) error {
	var at *drv.LaunchError
	if errors.As(err, &at) {
		return fmt.Errorf("kernel %s: %w", l.launches[at.Index].name, err)
	}
	return err
}
