package train

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// BenchmarkStep times whole training steps (forward, backward, AdamW) of the 2021 FNO on every core.
func BenchmarkStep(b *testing.B) {
	for _, c := range []struct{ axes, batch, points, width, modes int }{
		{1, 20, 1024, 64, 16},
		{2, 16, 64, 32, 12},
		{2, 16, 64, 64, 16},
	} {
		b.Run(fmt.Sprintf("fno%dd-w%d-m%d", c.axes, c.width, c.modes), func(b *testing.B) {
			backend, err := cpu.New(cpu.Config{})
			if err != nil {
				b.Fatal(err)
			}
			defer backend.Close()
			d := models.Description{Model: models.Config{Kind: "fno", Width: c.width, Modes: models.Modes{c.modes}}, Channels: 1, Outputs: 1, Axes: c.axes}
			rnd := rand.New(rand.NewPCG(1, 1))
			s, err := d.Build(rnd)
			if err != nil {
				b.Fatal(err)
			}
			shape := []int{c.batch}
			for range c.axes {
				shape = append(shape, c.points)
			}
			shape = append(shape, 1)
			cfg, err := Config{}.Complete()
			if err != nil {
				b.Fatal(err)
			}
			store := engine.NewStore(backend)
			p, err := buildStep(cfg, op.Float32, s, unrolling{kind: "one_step"}, 0, whole, stepShape{input: shape, target: shape}, store)
			if err != nil {
				b.Fatal(err)
			}
			for name, q := range s.Params() {
				if err := store.Set("param."+name, q.Data); err != nil {
					b.Fatal(err)
				}
			}
			data := make([]float64, op.Of(shape...).Size())
			for i := range data {
				data[i] = rnd.NormFloat64()
			}
			for _, name := range []string{inputX, inputY} {
				if err := engine.Feed(p, name, data); err != nil {
					b.Fatal(err)
				}
			}
			if err := cfg.Optimizer.Feed(p, 1, 1e-3); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Run(); err != nil {
					b.Fatal(err)
				}
			}
			cost := p.Cost()
			b.ReportMetric(float64(cost.FLOPs)/1e9*float64(b.N)/b.Elapsed().Seconds(), "GFLOP/s")
			b.ReportMetric(float64(cost.Peak())/1e6, "MB-peak")
		})
	}
}
