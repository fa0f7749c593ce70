//go:build gpu

package cuda

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// fused launches a kernel made of a chain: its code as straight lines of CUDA C++, one element a thread. Equal chains share a kernel.
func (l *lowering) fused(s engine.Step) error {
	t := s.Out[0].Dtype
	body, err := chainSource(s.Chain)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("fused_%x", sha256.Sum256([]byte(body)))[:22]
	key := name + suffix(t)
	if _, ok := l.b.modules[key]; !ok {
		image, err := l.b.config.Compile(fusedSource(name, body, t, len(s.In)+len(s.Out)), key)
		if err != nil {
			return err
		}
		if err := l.b.load(key, image); err != nil {
			return err
		}
	}
	n := s.Chain.Dims.Size()
	pointers := make([]uint64, 0, len(s.In)+len(s.Out))
	for _, o := range append(append([]engine.Operand{}, s.In...), s.Out...) {
		pointers = append(pointers, uint64(pointer(o)))
	}
	f, ok := l.b.kernels[key]
	if !ok {
		if f, err = l.b.function(key, key); err != nil {
			return err
		}
	}
	l.launches = append(l.launches, launch{name: key, f: f, blocks: (n + threads - 1) / threads, threads: threads, args: []any{record(pointers), uint32(n)}})
	return nil
}

// fusedSource is the file of a kernel with a body over the operands p.at[0], p.at[1], ...
func fusedSource(name, body string, t op.Dtype, operands int) string {
	return fmt.Sprintf(`#include "gpu.h"
#include "functions.h"
struct Operands {
  real *at[%d];
};
KERNEL(%s)(PARAM Operands p, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
%s}
EXPORT(%s)
`, operands, name, body, name)
}

// chainSource is the code of a chain for element i: loads, functions, stores.
func chainSource(c *engine.Chain) (string, error) {
	over, loads := space(c)
	var b strings.Builder
	index := false
	for _, a := range loads {
		index = index || a != over
	}
	if index {
		rest := "i"
		for d := int(over.Rank) - 1; d >= 0; d-- {
			if d == 0 {
				fmt.Fprintf(&b, "  unsigned i0 = %s;\n", rest)
				break
			}
			fmt.Fprintf(&b, "  unsigned i%d = %s %% %du, r%d = %s / %du;\n", d, rest, over.Len[d], d, rest, over.Len[d])
			rest = fmt.Sprintf("r%d", d)
		}
	}
	for v, in := range c.Code {
		switch {
		case in.Binary != nil:
			e, err := elementOf(in.Binary)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "  real v%d = fn_%s(v%d, v%d, 0, 0);\n", v, e.name, in.A, in.B)
		case in.Unary != nil:
			e, err := elementOf(in.Unary)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "  real v%d = fn_%s(v%d, 0, %x, %x);\n", v, e.name, in.A, e.k0, e.k1)
		default:
			fmt.Fprintf(&b, "  real v%d = p.at[%d][%s];\n", v, in.Load, place(over, loads[in.Load]))
		}
	}
	for k, v := range c.Stores {
		fmt.Fprintf(&b, "  p.at[%d][i] = v%d;\n", len(c.Loads)+k, v)
	}
	return b.String(), nil
}

// place is the index expression of an operand.
func place(over, a axes) string {
	if a == over {
		return "i"
	}
	var terms []string
	for d := range a.Rank {
		if a.Stride[d] != 0 {
			terms = append(terms, fmt.Sprintf("i%d * %dll", d, a.Stride[d]))
		}
	}
	if terms == nil {
		return "0"
	}
	return strings.Join(terms, " + ")
}
