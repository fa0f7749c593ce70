package cpu_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/engine/enginetest"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/op/optest"
)

// TestVocabulary runs the vocabulary's suite with each set of instructions that this machine has, on one thread and on three, which
// give equal bits.
func TestVocabulary(t *testing.T) {
	sets := simd.Available()
	if testing.Short() {
		sets = sets[:1] // the fastest
	}
	for _, set := range sets {
		t.Run(set.F32.Name, func(t *testing.T) {
			t.Parallel()
			var p pair
			for i, threads := range []int{1, 3} {
				b, err := cpu.New(cpu.Config{Threads: threads, Instructions: set.F32.Name})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(b.Close)
				p[i] = enginetest.Device{Backend: b}
			}
			optest.Run(t, p)
		})
	}
}

// pair is two devices that must agree bit for bit.
type pair [2]enginetest.Device

func (p pair) Name() string { return p[0].Name() + " and " + p[1].Name() }

func (p pair) Apply(o op.Op, t op.Dtype, out op.Array, in ...op.Array) error {
	other := op.Array{Dims: out.Dims, Data: slices.Clone(out.Data)}
	if err := p[0].Apply(o, t, out, in...); err != nil {
		return err
	}
	if err := p[1].Apply(o, t, other, in...); err != nil {
		return err
	}
	return sameBits(out.Data, other.Data)
}

func (p pair) Run(g *op.Graph, feeds map[string][]float64, outputs []op.Value) ([][]float64, error) {
	results, err := p[0].Run(g, feeds, outputs)
	if err != nil {
		return nil, err
	}
	others, err := p[1].Run(g, feeds, outputs)
	if err != nil {
		return nil, err
	}
	for i := range results {
		if err := sameBits(results[i], others[i]); err != nil {
			return nil, fmt.Errorf("output %d: %w", i, err)
		}
	}
	return results, nil
}

func sameBits(a, b []float64) error {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return fmt.Errorf("element %d is %v on one thread, %v on three", i, a[i], b[i])
		}
	}
	return nil
}
