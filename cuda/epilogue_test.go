//go:build gpu

package cuda_test

import (
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/bench"
	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/engine"
)

// planner plans for a backend and has neither memory nor programs.
type planner struct {
	*cuda.Backend
	memory int
}

// nowhere is a block of a planner.
type nowhere int

func (nowhere) Write(int, []byte) error { return nil }
func (nowhere) Read(int, []byte) error  { return nil }

func (p *planner) Fits(int64) error { return nil }
func (p *planner) Alloc(int) (engine.Memory, error) {
	p.memory++
	return nowhere(p.memory), nil
}
func (p *planner) Build([]engine.Step) (engine.Runner, error) {
	return engine.RunFunc(func() error { return nil }), nil
}

// TestBytesOfTheReferenceStep: what a training step of the 2-D FNO of the benchmarks moves, beside its floor. With epilogues no gradient of
// spectral weights is written, no sum before an activation.
func TestBytesOfTheReferenceStep(t *testing.T) {
	entries := bench.Entries()
	at := slices.IndexFunc(entries, func(e bench.Entry) bool { return e.Name == "fno2d-w64-m16" })
	problem := entries[at].Timed.(bench.Problem)
	cost := func(c cuda.Config) engine.Cost {
		work, err := problem.Build()
		if err != nil {
			t.Fatal(err)
		}
		p, err := engine.Compile(work.Outputs[0].Graph(), work.Outputs, work.Updates, engine.NewStore(&planner{Backend: open(t, sim.Config{}, c)}))
		if err != nil {
			t.Fatal(err)
		}
		return p.Cost()
	}
	floor := float64(problem.Floor().Bytes)
	apart, fused := cost(cuda.Config{}), cost(cuda.Config{Compile: func(string, string) ([]byte, error) { return nil, nil }})
	t.Logf("%.0f MB in kernels of their own, %.0f MB with epilogues, the floor is %.0f MB: %.2f and %.2f times as much", float64(apart.Bytes)/1e6,
		float64(fused.Bytes)/1e6, floor/1e6, float64(apart.Bytes)/floor, float64(fused.Bytes)/floor)
	if !(float64(fused.Bytes) <= 2.2*floor) || !(float64(fused.Arena) <= 1.01*float64(apart.Arena)) {
		t.Errorf("with epilogues %d bytes are moved, the arena has %d bytes, without %d", fused.Bytes, fused.Arena, apart.Arena)
	}
}
