//go:build gpu

package cuda_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/op"
)

// BenchmarkStep times the small training step, kernel by kernel of the interpreter and with fused chains. Under the simulated driver
// it tells only how the host fares.
func BenchmarkStep(b *testing.B) {
	var fused cuda.Config
	if onDevice {
		if compile, err := cuda.NVRTC(nil, nil); err == nil {
			fused.Compile = compile
		}
	}
	for name, config := range map[string]cuda.Config{"interpreted": {}, "fused": fused} {
		b.Run(name, func(b *testing.B) {
			device := open(b, sim.Config{}, config)
			p := newTrainer(b, device, op.Float32)
			p.train(b, 3)
			for b.Loop() {
				if err := p.Run(); err != nil {
					b.Fatal(err)
				}
			}
			p.train(b, 1) // waits
		})
	}
}
