package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/bench"
)

type benchOptions struct {
	repeat, threads int
	against         []string
	device          string
	out             string
}

func (a *app) benchCommand() *cobra.Command {
	var o benchOptions
	cmd := &cobra.Command{
		Use:   "bench [NAME|all]",
		Short: "Time kernels and training steps, beside PyTorch and JAX and beside the machine",
		Long: `Time one entry of the benchmark suite, or all; without NAME, list them.

Before it is timed, a step of a small size is compared with the definitions of its operations in float64. A rival that trains has to
give our losses first, from our weights on our batch without rounded products, or gets no time. Rivals run in turns with ours, in the Python interpreter KOLMOGO_PYTHON (default python3); without them our numbers are printed, and what to install.
KOLMOGO_CPU=generic, avx2 or avx512 chooses the instructions.`,
		Example: `  kolmogo bench fno2d-w64-m16 --against torch,jax
  kolmogo bench all --against torch,jax -o bench/RESULTS.md`,
		Args: cobra.MaximumNArgs(1),
		RunE: a.start(func(cmd *cobra.Command, args []string) error { return a.bench(cmd.Context(), args, o) }),
	}
	cmd.Flags().IntVar(&o.repeat, "repeat", 9, "samples, of which the median counts")
	cmd.Flags().StringSliceVar(&o.against, "against", nil, "rivals: torch, jax, exponax, or one of their ways: torch-eager, torch-graph, torch-compile, torch-real")
	cmd.Flags().IntVar(&o.threads, "threads", 0, "goroutines of the CPU backend, and threads of the rivals; 0: one per core")
	cmd.Flags().StringVar(&o.device, "device", "cpu", "`DEVICE` of ours and of the rivals: cpu, cuda or cuda:i")
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "with all: the Markdown `FILE` to put the table into, between its marks")
	return cmd
}

// benchList is what bench prints without a name.
type benchList struct {
	Entries []benchEntry `json:"entries"`
}

type benchEntry struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
}

// benchSuite is what bench all prints.
type benchSuite struct {
	Machine bench.Machine  `json:"machine"`
	Date    string         `json:"date"`
	Results []bench.Result `json:"results"`
}

func (a *app) bench(ctx context.Context, args []string, o benchOptions) error {
	entries := bench.Entries()
	if len(args) == 0 {
		return a.listBench(entries)
	}
	options, err := o.measure()
	if err != nil {
		return err
	}
	if args[0] == "all" {
		return a.benchAll(ctx, entries, options, o)
	}
	if o.out != "" {
		return usagef("-o goes with `kolmogo bench all`; one entry prints, --json for programs")
	}
	i := slices.IndexFunc(entries, func(e bench.Entry) bool { return e.Name == args[0] })
	if i < 0 {
		names := []string{"all"}
		for _, e := range entries {
			names = append(names, e.Name)
		}
		return usagef("no benchmark is called %q: did you mean %q? `kolmogo bench` lists them", args[0], nearest(args[0], names))
	}
	r, err := bench.Measure(ctx, entries[i], options)
	if err != nil {
		return err
	}
	return a.print(r, benchText(r))
}

func (a *app) listBench(entries []bench.Entry) error {
	var list benchList
	var text strings.Builder
	for _, e := range entries {
		list.Entries = append(list.Entries, benchEntry{e.Name, e.Doc})
		fmt.Fprintf(&text, "%-20s %s\n", e.Name, e.Doc)
	}
	return a.print(list, text.String())
}

// pythonVariable is the environment's choice of the Python that has the rivals.
const pythonVariable = "KOLMOGO_PYTHON"

// measure turns flags and environment into the options of the suite.
func (o benchOptions) measure() (bench.Options, error) {
	if o.repeat < 1 || o.threads < 0 {
		return bench.Options{}, usagef("--repeat is %d and --threads %d: give at least 1 sample, and 1 thread or more, or 0 for one per core", o.repeat, o.threads)
	}
	if err := bench.CheckRivals(o.against); err != nil {
		return bench.Options{}, inUsage(err)
	}
	executable, err := os.Executable()
	if err != nil {
		return bench.Options{}, err
	}
	config, err := cpuConfig(o.threads)
	if err != nil {
		return bench.Options{}, err
	}
	options := bench.Options{
		Repeat: o.repeat, CPU: config,
		Against: o.against, Python: cmp.Or(os.Getenv(pythonVariable), "python3"), Executable: executable,
	}
	if o.device != "cpu" {
		if !cudaName.MatchString(o.device) {
			return options, usagef("--device %q: use cpu, cuda or cuda:0 (1, 2, ..)", o.device)
		}
		options.Device = o.device
		options.Open = func() (bench.Device, error) { return openBackend(o.device, 0) }
	}
	return options, nil
}

func (a *app) benchAll(ctx context.Context, entries []bench.Entry, options bench.Options, o benchOptions) error {
	if _, err := os.Stat(filepath.Dir(o.out)); o.out != "" && err != nil {
		return usagef("-o %s: %v", o.out, err) // before the minutes that the suite takes
	}
	machine, err := bench.ThisMachine(options)
	if err != nil {
		return err
	}
	suite := benchSuite{Machine: machine, Date: time.Now().UTC().Format(time.DateOnly)}
	var failed error
	suite.Results, failed = bench.Suite(ctx, entries, options, func(r bench.Result) { a.logf("%s", benchText(r)) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	command := "kolmogo bench all"
	if options.Device != "" {
		command += " --device " + o.device
	}
	if len(o.against) > 0 {
		command += " --against " + strings.Join(o.against, ",")
	}
	table := bench.Table(machine, suite.Date, command, suite.Results)
	if o.out != "" {
		if err := bench.Insert(o.out, table); err != nil {
			return errors.Join(failed, err)
		}
		table = fmt.Sprintf("the table is in %s\n", o.out)
	}
	if failed != nil {
		return failed // the table holds what succeeded
	}
	return a.print(suite, table)
}

// benchSolver is what only a solver has to say.
func benchSolver(s *strings.Builder, r bench.Result, line func(string, bench.Times)) {
	fmt.Fprintf(s, ", %.4g trajectory-steps/s, %.4g cell-steps/s\n", r.StepsPerSecond, r.CellSteps)
	if r.Double != nil {
		line("float64", *r.Double)
		fmt.Fprintf(s, ", %.4g trajectory-steps/s, %.2f times the time of float32\n", r.Double.StepsPerSecond, r.Double.Median/r.Median)
	}
	fmt.Fprintf(s, "         %s, %d threads; %.1f GFLOP/s; %d allocations a step; checked, largest difference %.2g of %.2g allowed\n",
		r.Backend, r.Threads, r.GFLOPS, r.Allocations, r.Check.Difference, r.Check.Tolerance)
}

// benchText is a result for the reader.
func benchText(r bench.Result) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s\n", r.Name, r.Doc)
	line := func(who string, t bench.Times) {
		fmt.Fprintf(&s, "  %-6s %9.4g ms (%.4g to %.4g, %d samples of %d steps)", who, t.Median, t.Min, t.Max, r.Repeat, t.Steps)
	}
	line("ours", r.Times)
	if r.StepsPerSecond > 0 {
		benchSolver(&s, r, line)
	} else if r.Roofline != nil {
		fmt.Fprintf(&s, ", %.1f GFLOP/s, %.0f %% of the roofline: at least %.3g ms at %v\n", r.GFLOPS, 100*r.RooflineShare, r.FloorMS, r.Roofline)
		fmt.Fprintf(&s, "         %s; %d allocations a step; %.1f MB planned, %.0f MB resident at most\n", r.Backend, r.Allocations, float64(r.BytesPeak)/1e6, float64(r.ResidentPeak)/1e6)
		fmt.Fprintf(&s, "         %d arrays checked against their definitions, largest difference %.2g of %.2g allowed\n", r.Check.Arrays, r.Check.Difference, r.Check.Tolerance)
	} else {
		s.WriteByte('\n')
	}
	if r.Busy() {
		fmt.Fprintf(&s, "         the machine was busy: other processes used %.0f %% of it, so these times say little\n", 100*r.OthersLoad)
	}
	if r.OneThread > 0 {
		fmt.Fprintf(&s, "         %.4g ms with one thread: %.2f times\n", r.OneThread, r.OneThread/r.Median)
	}
	for _, name := range r.Against() {
		v := r.Rivals[name]
		switch {
		case v.Missing != "":
			fmt.Fprintf(&s, "  %-6s %s\n", name, v.Missing)
		default:
			line(name, *v.Times)
			if v.StepsPerSecond > 0 {
				fmt.Fprintf(&s, ", %.4g trajectory-steps/s", v.StepsPerSecond)
			}
			fmt.Fprintf(&s, ", %.2f times ours; %s", v.Ratio, v.Version)
			if v.Variant != "" {
				fmt.Fprintf(&s, ", %s", v.Variant)
			}
			if v.Curve != nil {
				fmt.Fprintf(&s, ", losses of %d steps within %.2g of ours", v.Curve.Steps, v.Curve.Difference)
			}
			if v.BytesPeak > 0 {
				fmt.Fprintf(&s, "; %.0f MB", float64(v.BytesPeak)/1e6)
			}
			s.WriteByte('\n')
		}
	}
	return s.String()
}
