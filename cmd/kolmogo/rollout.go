package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

type rolloutOptions struct {
	runOptions
	data, split, out, report string
	steps, n, resolution     int
}

func (a *app) rolloutCommand() *cobra.Command {
	var o rolloutOptions
	cmd := &cobra.Command{
		Use:   "rollout RUN",
		Short: "Feed a run its own predictions and watch the error grow",
		Long: `Start from the first frames of trajectories, feed the surrogate its own predictions, and compare every step with the
stored frames for as long as there are any. -o writes the predictions, as trajectories that begin with the first step, and
--report one HTML page about the run.`,
		Example: "  kolmogo rollout runs/demo --steps 100 --n 8 -o rollout.npz --report runs/demo/report.html",
		Args:    cobra.ExactArgs(1),
		RunE:    a.start(func(cmd *cobra.Command, args []string) error { return a.rollout(cmd.Context(), args[0], o) }),
	}
	dataFlags(cmd, &o.runOptions, &o.data, &o.split)
	cmd.Flags().IntVar(&o.steps, "steps", 0, "steps; 0: as many as there are stored frames")
	cmd.Flags().IntVar(&o.n, "n", 0, "trajectories, from the first on; 0: all")
	cmd.Flags().IntVar(&o.resolution, "resolution", 0, "points per axis (default as trained, or all of --data)")
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "`FILE` of the predictions: .npz or .safetensors")
	cmd.Flags().StringVar(&o.report, "report", "", "`FILE.html` with plots and metrics of the run")
	return cmd
}

// rolloutReport is rollout.json and what --json prints.
type rolloutReport struct {
	Run        string   `json:"run"`
	Data       string   `json:"data,omitempty"`
	Split      string   `json:"split"`
	N          int      `json:"n"` // trajectories
	Resolution []int    `json:"resolution"`
	Steps      int      `json:"steps"`
	Compared   int      `json:"compared"` // steps with stored frames
	RelL2      []number `json:"rel_l2"`   // the mean over trajectories, by step
	NonFinite  []string `json:"non_finite,omitempty"`
	Output     string   `json:"output,omitempty"`
	Report     string   `json:"report,omitempty"`
}

func (a *app) rollout(ctx context.Context, folder string, o rolloutOptions) error {
	if o.steps < 0 || o.n < 0 {
		return usagef("--steps %d, --n %d: neither may be negative", o.steps, o.n)
	}
	if o.out != "" && arrayWriter(o.out) == nil {
		return usagef("-o %s: predictions are written as .npz or .safetensors", o.out)
	}
	if o.report != "" && filepath.Ext(o.report) != ".html" {
		return usagef("--report %s: give a name that ends in .html", o.report)
	}
	run, err := openRun(folder, o.runOptions)
	if err != nil {
		return err
	}
	defer run.close()
	if o.resolution == 0 && o.data == "" {
		o.resolution = run.config.Data.Resolution
	}
	set, done, err := a.openPart(ctx, run, o.data, o.split, o.resolution)
	if err != nil {
		return err
	}
	defer done()
	path, err := startRollout(run, set, o.n, o.steps)
	if err != nil {
		return err
	}
	if err := path.run(ctx, run, a.newBar("rollout "+folder)); err != nil {
		return err
	}
	r := path.report()
	r.Run, r.Data, r.Split, r.Output, r.Report = folder, o.data, o.split, o.out, o.report
	if o.out != "" {
		if err := path.write(o.out); err != nil {
			return err
		}
	}
	if err := writeJSON(filepath.Join(folder, "rollout.json"), r); err != nil {
		return err
	}
	if o.report != "" {
		if err := writeReport(o.report, run, path, r); err != nil {
			return err
		}
	}
	return a.print(r, r.text())
}

func (t *trajectory) report() rolloutReport {
	r := rolloutReport{N: t.initial.Trajectories(), Resolution: t.initial.Grid(), Steps: t.steps, Compared: len(t.growth.RelL2), RelL2: numbers(t.growth.RelL2.Mean())}
	for _, b := range t.growth.NonFinite {
		r.NonFinite = append(r.NonFinite, b.String())
	}
	return r
}

// text is the report as a table of a few steps.
func (r rolloutReport) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d steps of %d trajectories on %s points\n\n", r.Run, r.Steps, r.N, gridName(r.Resolution))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "step\trelative L2 error\t\n")
	for _, step := range milestones(r.Compared) {
		fmt.Fprintf(w, "%d\t%.4g\t\n", step, r.RelL2[step-1])
	}
	w.Flush() // into memory
	for _, line := range r.NonFinite {
		fmt.Fprintf(&b, "note: %s\n", line)
	}
	for _, file := range []string{r.Output, r.Report} {
		if file != "" {
			fmt.Fprintf(&b, "wrote %s\n", file)
		}
	}
	return b.String()
}

// milestones are 1, 2, 5, 10, 20, .. and n.
func milestones(n int) []int {
	var list []int
	for _, lead := range []int{1, 10, 100, 1000, 10000, 100000} {
		for _, k := range []int{1, 2, 5} {
			if k*lead < n {
				list = append(list, k*lead)
			}
		}
	}
	if n > 0 {
		list = append(list, n)
	}
	return list
}
