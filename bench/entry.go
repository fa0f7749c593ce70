package bench

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Entry is one line of the suite.
type Entry struct {
	Name    string
	Doc     string
	Threads int     // always so many; 0: as many as asked for
	Timed   Problem // nil: a solver, or the start of the program itself
	Small   Problem // the same structure at a size that the definitions compute in about a second
	Solver  Solver  // of an equation, in the place of both
}

// Work is what a rival is told to do.
type Work interface {
	Kind() string // what the rivals call it
}

// Problem is the work of one step. Its fields go to the rivals as JSON.
type Problem interface {
	Work
	Build() (*Case, error)
	Floor() Floor
}

// Floor is what one step takes at least.
type Floor struct {
	FLOPs int64 // additions and multiplications
	Bytes int64 // read and written
}

// Case is a Problem as graph, with the values that its leaves start from.
type Case struct {
	Outputs []op.Value
	Updates []engine.Update
	Inputs  map[string][]float32
	Params  map[string][]float64 // variables by name; others start from zero
	Falls   bool                 // output 0 is a loss, which must fall from step to step
}

// isTraining reports whether an entry's step updates a model, so that it counts for the scaling with threads.
func (e Entry) isTraining() bool {
	t, ok := e.Timed.(interface{ training() bool })
	return ok && t.training()
}

// Entries lists the suite.
func Entries() []Entry {
	w64 := fno{Axes: 2, Batch: 16, Points: 64, Width: 64, Modes: 16}
	w32 := fno{Axes: 2, Batch: 16, Points: 64, Width: 32, Modes: 12}
	line := fno{Axes: 1, Batch: 20, Points: 1024, Width: 64, Modes: 16}
	small := func(f fno, train bool) fno {
		f.Train, f.Batch = train, 2
		if f.Axes == 2 {
			f.Points, f.Modes = 16, 5
		} else {
			f.Points = 128
		}
		return f
	}
	trained := func(f fno) fno { f.Train = true; return f }
	pinn := mlp{Points: 10000, Layers: 8, Width: 20}
	laplacian := operator{16, []int{768, 768, 512, 512}, 50, "laplacian", false}
	biharmonic := operator{16, []int{768, 768, 512, 512}, 5, "biharmonic", false}
	nested := func(o operator) operator { o.Nested = true; return o }
	few := func(o operator) operator { o.Points, o.Hidden, o.Space = 5, []int{12, 8}, 3; return o }
	tiny := mlp{Points: 900, Layers: 1, Width: 64}
	return []Entry{
		{Name: "fno2d-w64-m16", Doc: "FNO 2-D, batch 16, 64², width 64, 16 modes: training step", Timed: trained(w64), Small: small(w64, true)},
		{Name: "fno2d-w32-m12", Doc: "FNO 2-D, batch 16, 64², width 32, 12 modes: training step", Timed: trained(w32), Small: small(w32, true)},
		{Name: "fno1d-w64-m16", Doc: "FNO 1-D, batch 20, 1024 points, width 64, 16 modes: training step", Timed: trained(line), Small: small(line, true)},
		{Name: "fno2d-w64-m16-infer", Doc: "the same, forward only", Timed: w64, Small: small(w64, false)},
		{Name: "fno2d-w32-m12-infer", Doc: "the same, forward only", Timed: w32, Small: small(w32, false)},
		{Name: "fno1d-w64-m16-infer", Doc: "the same, forward only", Timed: line, Small: small(line, false)},
		{Name: "mlp-8x20", Doc: "MLP of 8 hidden layers of 20 tanh, 10,000 points: training step", Timed: pinn, Small: mlp{Points: 200, Layers: 8, Width: 20}},
		{Name: "mlp-2-64-1", Doc: "MLP 2-64-1 with tanh, 900 points: training step", Timed: tiny, Small: tiny},
		{Name: "pinn-burgers", Doc: "PINN of 8 hidden layers of 20 tanh on Burgers' equation, 10,000 points: training step", Timed: residual{10000, 8, 20, "burgers", false}, Small: residual{100, 8, 20, "burgers", false}},
		{Name: "pinn-burgers-f64", Doc: "the same in float64", Timed: residual{10000, 8, 20, "burgers", true}, Small: residual{100, 8, 20, "burgers", true}},
		{Name: "pinn-poisson", Doc: "PINN 2-64-1 on Poisson's equation, 900 points: training step", Timed: residual{900, 1, 64, "poisson", false}, Small: residual{100, 1, 64, "poisson", false}},
		{Name: "laplacian", Doc: "Laplacian of a network 50-768-768-512-512-1 of tanh at 16 points, by jets", Timed: laplacian, Small: few(laplacian)},
		{Name: "laplacian-nested", Doc: "the same by reverse mode, nested", Timed: nested(laplacian), Small: nested(few(laplacian))},
		{Name: "biharmonic", Doc: "biharmonic operator of a network 5-768-768-512-512-1 of tanh at 16 points, by jets", Timed: biharmonic, Small: few(biharmonic)},
		{Name: "biharmonic-nested", Doc: "the same by reverse mode, nested", Timed: nested(biharmonic), Small: nested(few(biharmonic))},
		{Name: "sgemm-32", Doc: "matrix product 65,536 × 32 × 32, one thread", Threads: 1, Timed: product{65536, 32}, Small: product{307, 32}},
		{Name: "sgemm-64", Doc: "matrix product 65,536 × 64 × 64, one thread", Threads: 1, Timed: product{65536, 64}, Small: product{307, 64}},
		{Name: "sgemm-128", Doc: "matrix product 65,536 × 128 × 128, one thread", Threads: 1, Timed: product{65536, 128}, Small: product{307, 128}},
		{Name: "dft-layer", Doc: "spectral layer of fno2d-w64-m16: forward and gradients", Timed: layer{Batch: 16, Points: 64, Width: 64, Modes: 16}, Small: layer{Batch: 1, Points: 32, Width: 64, Modes: 6}},
		{Name: "adamw", Doc: "AdamW update of 16.8 million parameters", Timed: adamw{Arrays: 4, Length: 1 << 22}, Small: adamw{Arrays: 2, Length: 1027}},
		{Name: "unet1d", Doc: "U-Net 1-D, batch 16, 128 points, 64 to 256 channels: training step", Timed: unet{Axes: 1, Batch: 16, Points: 128, Channels: []int{64, 128, 256}}, Small: unet{Axes: 1, Batch: 2, Points: 16, Channels: []int{16, 32, 64}}},
		{Name: "unet2d", Doc: "U-Net 2-D, batch 8, 64², 32 to 128 channels: training step", Timed: unet{Axes: 2, Batch: 8, Points: 64, Channels: []int{32, 64, 128}}, Small: unet{Axes: 2, Batch: 1, Points: 8, Channels: []int{16, 32}}},
		{Name: "unet1d-rollout", Doc: "the same network on its own output, 128 trajectories: a step of the rollout", Timed: unet{Axes: 1, Batch: 128, Points: 128, Channels: []int{64, 128, 256}, Rollout: true}, Small: unet{Axes: 1, Batch: 2, Points: 16, Channels: []int{16, 32, 64}, Rollout: true}},
		{Name: "unet1d-small-rollout", Doc: "a small U-Net 1-D, 16 to 64 channels, 64 points, on its own output, 128 trajectories: a step", Timed: unet{Axes: 1, Batch: 128, Points: 64, Channels: []int{16, 32, 64}, Rollout: true}, Small: unet{Axes: 1, Batch: 2, Points: 16, Channels: []int{16, 32, 64}, Rollout: true}},
		{Name: "ks1d-256", Doc: "Kuramoto–Sivashinsky 1-D, 256 points, 16 trajectories: 200 steps of ETDRK2", Solver: spectral{"ks1d", 256, 16, 200}},
		{Name: "ks2d-128", Doc: "Kuramoto–Sivashinsky 2-D, 128², 4 trajectories: 20 steps of ETDRK2", Solver: spectral{"ks2d", 128, 4, 20}},
		{Name: "ns2d-128", Doc: "Navier–Stokes 2-D, vorticity, 128², 4 trajectories: 20 steps of ETDRK2", Solver: spectral{"ns2d", 128, 4, 20}},
		{Name: "euler2d-128", Doc: "Euler 2-D, 128² cells, float64, one thread: 10 steps of Heun, HLLC and MUSCL", Threads: 1, Solver: euler{128, 10}},
		{Name: "fit-64", Doc: "hard constraint, forward: 8 solves of 20,000 rows for 64 unknowns, float64, Levenberg–Marquardt", Timed: fit{8, 20000, 64, 1e-7}, Small: fit{3, 400, 12, 1e-7}},
		{Name: "startup", Doc: "start of the process until its help is printed, beside the import of the rival"},
	}
}
