package pinn_test

import (
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// BenchmarkGradient: loss and gradient of Burgers' residual for 8 layers of 20 at 10,000 points, and of Poisson's for one layer of 64 at
// 900, on one core.
func BenchmarkGradient(b *testing.B) {
	for _, c := range []struct {
		name, problem string
		net           models.Config
		points        int
	}{
		{"burgers_8x20", "pinn_burgers_plain", models.Config{Width: 20, Layers: 8}, 10000},
		{"poisson_1x64", "pinn_poisson", models.Config{Width: 64, Layers: 1}, 900},
	} {
		for _, t := range []op.Dtype{op.Float32, op.Float64} {
			b.Run(c.name+"/"+t.String(), func(b *testing.B) {
				e := shipped(b, c.problem)
				m, err := pinn.New(e.Problem, c.net, source())
				if err != nil {
					b.Fatal(err)
				}
				g := op.NewGraph()
				rows, err := m.Rows(g, t, m.Sets[0], c.points)
				if err != nil {
					b.Fatal(err)
				}
				loss := op.MeanAll(op.Mul(rows[0].Value, rows[0].Value))
				var params []op.Value
				for _, p := range m.Params() {
					params = append(params, p.In(g, t))
				}
				backend, err := cpu.New(cpu.Config{Threads: 1})
				if err != nil {
					b.Fatal(err)
				}
				defer backend.Close()
				store := engine.NewStore(backend)
				p, err := engine.Compile(g, append(op.Gradients(loss, params...), loss), nil, store)
				if err != nil {
					b.Fatal(err)
				}
				for name, q := range m.Params() {
					if err := store.Set("param."+name, q.Data); err != nil {
						b.Fatal(err)
					}
				}
				feed, err := m.Draw(m.Sets[0], c.points, pinn.Draw{}, source())
				if err != nil {
					b.Fatal(err)
				}
				for name, data := range feed {
					if err := engine.Feed(p, name, data); err != nil {
						b.Fatal(err)
					}
				}
				for b.Loop() {
					if err := p.Run(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(p.Cost().FLOPs)/1e9/(b.Elapsed().Seconds()/float64(b.N)), "GFLOP/s")
			})
		}
	}
}
