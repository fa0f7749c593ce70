//go:build gpu

package cuda

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// fused launches a kernel made of a chain: its code as straight lines of CUDA C++, one element a thread.
func (l *lowering) fused(s engine.Step) error {
	t := s.Out[0].Dtype
	body, err := chainSource(s.Chain, -1)
	if err != nil {
		return err
	}
	operands := append(slices.Clone(s.In), s.Out...)
	pointers := make([]uint64, len(operands))
	for i, o := range operands {
		pointers[i] = uint64(pointer(o))
	}
	name := kernelName("fused", body)
	f, err := l.b.compiled(name, t, func() string { return fusedSource(name, body, len(operands)) })
	if err != nil {
		return err
	}
	n := s.Chain.Dims.Size()
	l.launches = append(l.launches, launch{name: name + suffix(t), f: f, blocks: (n + threads - 1) / threads, threads: threads, args: []any{record(pointers), uint32(n)}})
	return nil
}

// kernelName names a kernel by what it does.
func kernelName(kind, text string) string {
	return fmt.Sprintf("%s_%x", kind, sha256.Sum256([]byte(text)))[:22]
}

// compiled is a kernel that is made of a source when it is first asked for. Kernels of one name are equal.
func (b *Backend) compiled(name string, t op.Dtype, source func() string) (cu.Function, error) {
	key := name + suffix(t)
	if f, ok := b.kernels[key]; ok {
		return f, nil
	}
	image, err := b.config.Compile(source(), key)
	if err == nil {
		err = b.load(key, image)
	}
	if err != nil {
		return cu.Function{}, err
	}
	return b.function(key, key)
}

// fusedSource is the file of a kernel with a body over the operands o.at[0], o.at[1], ...
func fusedSource(name, body string, operands int) string {
	return fmt.Sprintf(`#include "gpu.h"
#include "functions.h"
struct Operands {
  real *at[%d];
};
KERNEL(%s)(PARAM Operands o, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
%s}
EXPORT(%s)
`, operands, name, body, name)
}

// chainSource is the code of a chain for element i: loads, functions, stores. One operand, if not −1, is a variable called given.
func chainSource(c *engine.Chain, given int) (string, error) {
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
		case in.Load == given:
			fmt.Fprintf(&b, "  real v%d = given;\n", v)
		default:
			fmt.Fprintf(&b, "  real v%d = o.at[%d][%s];\n", v, in.Load, place(over, loads[in.Load]))
		}
	}
	for k, v := range c.Stores {
		fmt.Fprintf(&b, "  o.at[%d][i] = v%d;\n", len(c.Loads)+k, v)
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
