package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/eval"
)

type evalOptions struct {
	dataOptions
	metrics     []string
	resolutions []int
	average     bool
	instead     string
	list        bool
	report      string
	figures     string
}

func (a *app) evalCommand() *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval RUN",
		Short: "Judge a run on data that it has not seen",
		Long: `Judge the predictions of one step on the run's test set, or on all of another file, and write RUN/eval.json.

--resolution takes several numbers of points per axis, each of which sub-samples the stored points. --average predicts every
symmetric version of a sample (data.augment and data.reflection say which) and averages the predictions.`,
		Example: `  kolmogo eval runs/demo --resolution 32,64,128
  kolmogo eval --list-metrics
  kolmogo eval runs/demo --metrics fno.rel_l2,pdebench.frmse@band=high,initial_step=0
  kolmogo eval runs/fno_darcy16 --data darcy_test_32.pt --average`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.list {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: a.start(func(cmd *cobra.Command, args []string) error {
			if o.list {
				return a.listMetrics()
			}
			return a.eval(cmd.Context(), args[0], o)
		}),
	}
	dataFlags(cmd, &o.dataOptions)
	cmd.Flags().StringSliceVar(&o.metrics, "metrics", defaultMetrics(), "metrics by name, with parameters after @; --list-metrics lists them")
	cmd.Flags().BoolVar(&o.list, "list-metrics", false, "list the metrics with their parameters, defaults and definitions")
	cmd.Flags().IntSliceVar(&o.resolutions, "resolution", nil, "points per axis, several with commas (default as trained, or all of --data)")
	cmd.Flags().StringVar(&o.report, "report", "", "`FILE.html` with plots and metrics of the run")
	cmd.Flags().StringVar(&o.figures, "figures", "", "`FOLDER` for every figure of the page as an image and as CSV")
	cmd.Flags().StringVar(&o.instead, "instead", "", "judge a trivial prediction in place of the run's: input (the last input frame) or mean (of the training targets)")
	cmd.Flags().BoolVar(&o.average, "average", false, "average the predictions of all symmetric versions")
	return cmd
}

func defaultMetrics() []string { return []string{"fno.rel_l2", "mse", "rmse", "max_error", "fno.h1"} }

// evalReport is eval.json and what --json prints.
type evalReport struct {
	Run        string            `json:"run"`
	Data       string            `json:"data,omitempty"`
	Split      string            `json:"split"`
	N          int               `json:"n"` // samples
	Resolution []int             `json:"resolution"`
	Metrics    map[string]number `json:"metrics"`
	// Resolutions holds the metrics on each grid that was asked for, by its points per axis.
	Resolutions map[string]map[string]number `json:"resolutions"`
	Average     bool                         `json:"average,omitempty"`
	Instead     string                       `json:"instead,omitempty"`
	Step        int                          `json:"step"`             // of the checkpoint
	Levels      []levelError                 `json:"levels,omitempty"` // of a refiner
	Set         []string                     `json:"set,omitempty"`    // keys of the constraint that are not as in training
	Solves      *solvesReport                `json:"solves,omitempty"` // of an equation, on all grids together
	Notes       []string                     `json:"notes,omitempty"`
	columns     []string
}

func (a *app) eval(ctx context.Context, folder string, o evalOptions) error {
	o.metrics = joinParameters(o.metrics)
	metrics, err := eval.LookupAll(o.metrics...)
	if err != nil {
		return inUsage(err)
	}
	if err := checkReportName(o.report); err != nil {
		return err
	}
	c, err := runConfig(folder)
	if err != nil {
		return err
	}
	if c.isProblem() {
		return a.evalProblem(folder, c, o)
	}
	run, err := openRun(folder, o.runOptions)
	if err != nil {
		return err
	}
	defer run.close()
	if len(o.resolutions) == 0 {
		o.resolutions = []int{o.usualPoints(run)}
	}
	r := evalReport{Run: folder, Data: o.data, Split: o.split, Metrics: map[string]number{}, Resolutions: map[string]map[string]number{},
		Average: o.average, Instead: o.instead, Step: run.predictor.Step, Set: o.sets, columns: o.metrics}
	for _, points := range o.resolutions {
		if err := a.evalAt(ctx, run, o, points, metrics, &r); err != nil {
			return err
		}
	}
	r.Solves = solvesOf(run.predictor.Solves)
	if o.instead == "" {
		if err := writeJSON(filepath.Join(folder, "eval.json"), r); err != nil {
			return err
		}
	}
	if o.report != "" || o.figures != "" {
		if err := a.reportEvaluation(ctx, run, o); err != nil {
			return err
		}
	}
	return a.print(r, r.text())
}

// evalAt evaluates on one grid.
func (a *app) evalAt(ctx context.Context, run *trained, o evalOptions, points int, metrics []eval.Metric, r *evalReport) error {
	set, done, err := a.openPart(ctx, run, o.data, o.split, points)
	if err != nil {
		return err
	}
	defer done()
	step := stepFunc(run.predictor.PredictFor)
	if o.average {
		if step, err = run.averaged(step, set); err != nil {
			return err
		}
	}
	if o.instead != "" {
		if step, err = a.trivial(ctx, run, o.instead, points); err != nil {
			return err
		}
	}
	results, n, err := oneStep(ctx, run.config.Data.loader(set, 0, false), step, metrics)
	if err != nil {
		return err
	}
	values := map[string]number{}
	grid := space(set)
	name := gridName(grid)
	for i, row := range eval.MetricRows(results) {
		values[o.metrics[i]] = number(row.Value)
		for _, note := range row.Notes {
			r.Notes = append(r.Notes, fmt.Sprintf("%s on %s points: %s", o.metrics[i], name, note))
		}
	}
	r.Resolutions[name] = values
	if r.N > 0 && (points != run.config.Data.Resolution || o.data != "") {
		return nil
	}
	r.N, r.Metrics, r.Resolution = n, values, grid
	if o.instead == "" {
		r.Levels, err = levelErrors(ctx, run, set)
	}
	return err
}

// grids are the names of the grids, coarse ones first.
func (r evalReport) grids() []string {
	return slices.SortedFunc(maps.Keys(r.Resolutions), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
}

// text is the report as a table.
func (r evalReport) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, one step on %d samples (%s)\n\n", r.Run, r.N, r.source())
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "points\t%s\t\n", strings.Join(r.columns, "\t"))
	for _, name := range r.grids() {
		fmt.Fprintf(w, "%s\t", name)
		for _, metric := range r.columns {
			fmt.Fprintf(w, "%.4g\t", r.Resolutions[name][metric])
		}
		fmt.Fprintln(w)
	}
	w.Flush() // into memory
	writeLevels(&b, r.Levels)
	r.Solves.write(&b)
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", note)
	}
	return b.String()
}

func (r evalReport) source() string {
	if r.Data != "" {
		return r.Data
	}
	return r.Split + " split"
}
