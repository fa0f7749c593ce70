package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine/cpu/fft"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/pde"
)

type generateOptions struct {
	out                string
	n, start, workers  int
	seed               uint64
	seedGiven, listAll bool
}

func (a *app) generateCommand() *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:   "generate CONFIG -o FILE",
		Short: "Generate trajectories from a recipe",
		Long: `Generate trajectories from a recipe: a YAML file, or the name of one that --list shows.

FILE's suffix picks the format: .kmg, .npz, .safetensors, .h5 (PDEBench's layout) or .well.h5 (The Well's). Trajectory i is a function of the recipe, the seed and i alone:
neither the number of workers nor --start changes it. A generation that was interrupted, even by a kill,
is completed by the same command to the same bytes; until then all but .kmg keep what is done in FILE.part.kmg.`,
		Example: `  kolmogo generate burgers_shock -o shocks.kmg --n 100
  kolmogo generate burgers_shock -o more.kmg --n 100 --start 100 --set parameters.nu=0.02`,
		Args: cobra.MaximumNArgs(1),
		RunE: a.start(func(cmd *cobra.Command, args []string) error {
			o.seedGiven = cmd.Flags().Changed("seed")
			if o.listAll {
				return a.listRecipes()
			}
			if len(args) != 1 || o.out == "" {
				return usagef("generate needs a CONFIG and -o FILE; --list shows the recipes")
			}
			return a.generate(cmd.Context(), args[0], o)
		}),
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "`FILE` to write: .kmg, .npz, .safetensors, .h5 or .well.h5")
	cmd.Flags().IntVar(&o.n, "n", 0, "trajectories; 0: the recipe's")
	cmd.Flags().Uint64Var(&o.seed, "seed", 0, "seed instead of the recipe's")
	cmd.Flags().IntVar(&o.start, "start", 0, "number of the first trajectory")
	cmd.Flags().IntVar(&o.workers, "workers", 0, "goroutines; 0: one per core")
	cmd.Flags().BoolVar(&o.listAll, "list", false, "list the equations and their recipes")
	a.setFlag(cmd)
	return cmd
}

func (a *app) generate(ctx context.Context, config string, o generateOptions) error {
	r, err := loadRecipe(config, a.sets)
	if err != nil {
		return err
	}
	if o.seedGiven {
		r.Seed = o.seed
	}
	if o.n < 0 || o.start < 0 || o.workers < 0 {
		return usagef("--n %d, --start %d, --workers %d: none may be negative", o.n, o.start, o.workers)
	}
	if o.n > 0 {
		r.N = o.n
	}
	if r.N == 0 {
		return usagef("%s does not say how many trajectories: give --n", config)
	}
	if err := a.generateFile(ctx, r, o.out, o.start, o.workers); err != nil {
		return err
	}
	report := map[string]any{"file": o.out, "equation": r.Equation, "n": r.N, "start": o.start, "seed": r.Seed}
	return a.print(report, fmt.Sprintf("%s: trajectories %d to %d of %s, seed %d\n", o.out, o.start, o.start+r.N-1, r.Equation, r.Seed))
}

// generateFile generates with a progress bar.
func (a *app) generateFile(ctx context.Context, r datasets.Recipe, path string, start, workers int) error {
	kernels, err := generateKernels()
	if err != nil {
		return err
	}
	bar := a.newBar("generate " + path)
	defer bar.end()
	options := datasets.Options{N: r.N, Start: start, Workers: workers, Kernels: kernels, Progress: func(done, total int) { bar.show(done, total, "") }}
	err = datasets.GenerateFile(ctx, r, options, path)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if _, missing := os.Stat(path); missing != nil && !hasDataSuffix(path) {
		return inUsage(err)
	}
	return err
}

// generateKernels are the processor's loops for spectral methods. They round alike on all processors.
func generateKernels() (pde.Kernels[float64], error) {
	config, err := cpuConfig(0)
	if err != nil {
		return nil, err
	}
	set, err := simd.Best(config.Instructions)
	return fft.NewLoops(&set.F64), err
}

// hasDataSuffix reports whether trajectories can be written under a name.
func hasDataSuffix(path string) bool {
	for _, suffix := range []string{".kmg", ".npz", ".safetensors", ".h5", ".hdf5"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	return false
}
