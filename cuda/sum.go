//go:build gpu

package cuda

import (
	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// sumLaunch mirrors struct Sum of sum.cu.
type sumLaunch struct {
	Kept, Summed          axes
	Outputs, Terms, Chunk uint32
	_                     uint32
}

// sum: out_o = Σ x over the axes of a set.
func (l *lowering) sum(s engine.Step, o op.Sum) error {
	summed, kept := parted(s.In[0].Dims, o.Over)
	return l.add(s, kept, summed, pointer(s.In[0]), 0)
}

// dot: the scalar Σ x·y.
func (l *lowering) dot(s engine.Step) error {
	n := s.In[0].Dims.Size()
	return l.add(s, newAxes(nil, nil), newAxes([]int{n}, []int{1}), pointer(s.In[0]), pointer(s.In[1]))
}

// terms that a chunk has at least
const sumChunk = 1024

// add launches a sum, in chunks where the outputs alone would not keep the device busy.
func (l *lowering) add(s engine.Step, kept, summed axes, x, y cu.DevicePtr) error {
	t, out := s.Out[0].Dtype, pointer(s.Out[0])
	outputs, terms := kept.size(), summed.size()
	rows := summed.Rank == 0 || summed.Stride[summed.Rank-1] == 1
	blocks := outputs
	if !rows {
		blocks = (outputs + 31) / 32
	}
	chunks := max(1, min((terms+sumChunk-1)/sumChunk, 4*l.b.multiprocessors/blocks))
	chunk := max(1, (terms+chunks-1)/chunks)
	chunks = max(1, (terms+chunk-1)/chunk)
	p := sumLaunch{Kept: kept, Summed: summed, Outputs: uint32(outputs), Terms: uint32(terms), Chunk: uint32(chunk)}
	name := "sum_columns"
	if rows {
		name = "sum_rows"
	}
	if chunks == 1 {
		return l.launch("sum", name, t, blocks, threads, record(p), x, y, out)
	}
	partial := l.temporary(chunks * outputs * t.Size())
	if err := l.launch("sum", name, t, blocks*chunks, threads, record(p), x, y, partial); err != nil {
		return err
	}
	q := sumLaunch{Kept: newAxes([]int{outputs}, []int{1}), Summed: newAxes([]int{chunks}, []int{outputs}), Outputs: uint32(outputs),
		Terms: uint32(chunks), Chunk: uint32(chunks)}
	return l.launch("sum", "sum_columns", t, (outputs+31)/32, threads, record(q), partial, cu.DevicePtr(0), out)
}
