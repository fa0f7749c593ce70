package engine

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// Cost is what a program will take, known before it runs.
type Cost struct {
	Steps     int   `json:"steps"`     // kernels per run
	FLOPs     int64 `json:"flops"`     // floating-point operations per run; one per element for a function of an element
	Bytes     int64 `json:"bytes"`     // read and written by the kernels per run, each operand once per kernel
	Arena     int64 `json:"arena"`     // bytes of the arena: inputs, intermediates, outputs
	Variables int64 `json:"variables"` // bytes of all variables in the store
	Constants int64 `json:"constants"` // bytes of constants
}

// Peak is the device memory that the program needs, in bytes.
func (c Cost) Peak() int64 { return c.Arena + c.Variables + c.Constants }

func (c Cost) String() string {
	return fmt.Sprintf("%d kernels, %.3f GFLOP, %.1f MB moved, peak memory %.1f MB (arena %.1f, variables %.1f, constants %.1f)",
		c.Steps, float64(c.FLOPs)/1e9, mb(c.Bytes), mb(c.Peak()), mb(c.Arena), mb(c.Variables), mb(c.Constants))
}

func mb(n int64) float64 { return float64(n) / 1e6 }

// counted is implemented by ops that take another number of operations than one per element of the output.
type counted interface {
	FLOPs(out op.Dims, in ...op.Dims) int64
}

// Count adds the cost of one step.
func (c *Cost) Count(s Step) {
	c.Steps++
	var in []op.Dims
	if s.Add {
		c.Bytes += int64(s.Out[0].Bytes())
	}
	for _, o := range s.In {
		c.Bytes += int64(o.Bytes())
		in = append(in, o.Dims)
	}
	for _, o := range s.Out {
		c.Bytes += int64(o.Bytes())
	}
	switch o := s.Op.(type) {
	case nil:
		functions := len(s.Chain.Code) - len(s.Chain.Loads)
		c.FLOPs += int64(functions) * int64(s.Chain.Dims.Size())
	case counted:
		c.FLOPs += o.FLOPs(s.Out[0].Dims, in...)
	default:
		c.FLOPs += int64(s.Out[0].Dims.Size())
	}
}
