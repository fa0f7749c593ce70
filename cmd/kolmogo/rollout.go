package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
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

// trajectory is a rollout beside the stored frames.
type trajectory struct {
	set        *datasets.Set
	steps      int
	times      []float64           // of each step
	initial    eval.Field[float32] // [trajectory, history, x.., channel]
	target     eval.Field[float32] // [trajectory, compared, x.., channel]
	prediction eval.Field[float32] // [trajectory, steps, x.., channel]
	growth     *eval.Growth
}

// startRollout reads the first frames of n trajectories, and those to compare with.
func startRollout(run *trained, set *datasets.Set, n, steps int) (*trajectory, error) {
	if set.Pairs() {
		return nil, usagef("%s holds pairs, which have no time to roll out in: use eval", set.Path)
	}
	shape := set.Fields.Shape()
	if n == 0 {
		n = shape[0]
	}
	if n > shape[0] {
		return nil, usagef("--n %d: there are %d trajectories", n, shape[0])
	}
	window := run.config.Data.Window
	history, stride := max(window.History, 1), max(window.Stride, 1)
	if shape[1] < 1+(history-1)*stride {
		return nil, usagef("%s holds %d frames, the surrogate begins with %d, each %d after the one before", set.Path, shape[1], history, stride)
	}
	stored := (shape[1]-1)/stride + 1 - history
	if steps == 0 {
		steps = stored
	}
	if steps == 0 {
		return nil, usagef("%s holds no frame after those that the surrogate begins with: give --steps", set.Path)
	}
	t := &trajectory{set: set, steps: steps, growth: &eval.Growth{}}
	var err error
	if t.initial, err = readFrames(set.Fields, n, 0, stride, history); err != nil {
		return nil, err
	}
	if t.target, err = readFrames(set.Fields, n, history*stride, stride, min(stored, steps)); err != nil {
		return nil, err
	}
	t.times = stepTimes(set.Meta.Times, (history-1)*stride, stride, steps)
	return t, nil
}

// readFrames reads count frames from first on, each stride after the one before, of n trajectories.
func readFrames(f datasets.Fields, n, first, stride, count int) (eval.Field[float32], error) {
	shape := append([]int{n, count}, f.Shape()[2:]...)
	size := 1
	for _, k := range shape[2:] {
		size *= k
	}
	field := eval.Field[float32]{Shape: shape, Data: make([]float32, n*count*size)}
	for i := range n * count {
		if err := f.ReadFrames(field.Data[i*size:(i+1)*size], i/count, first+i%count*stride, 1); err != nil {
			return field, inData(err)
		}
	}
	return field, nil
}

// stepTimes are the times of steps after frame start; where the file has none, or they end, they go on by the last difference.
func stepTimes(times []float64, start, stride, steps int) []float64 {
	if len(times) < start+2 {
		return nil
	}
	list := make([]float64, steps)
	last := len(times) - 1
	for i := range list {
		at := start + (i+1)*stride
		list[i] = times[min(at, last)] + float64(max(at-last, 0))*(times[last]-times[last-1])
	}
	return list
}

// run computes the steps.
func (t *trajectory) run(ctx context.Context, run *trained, bar *bar) error {
	defer bar.end()
	n := t.initial.Trajectories()
	t.prediction.Shape = append([]int{n, t.steps}, t.initial.Shape[2:]...)
	frame := len(t.initial.Data) / n / t.initial.Frames()
	t.prediction.Data = make([]float32, n*t.steps*frame)
	for f, err := range eval.Rollout(ctx, run.stepper(t.initial), t.initial, t.steps) {
		if err != nil {
			return err
		}
		for i := range n {
			copy(t.prediction.Frame(i, f.Step-1).Data, f.Values.Frame(i, 0).Data)
		}
		if f.Step <= t.target.Frames() {
			if err := t.growth.Add(f.Values, frameOf(t.target, f.Step-1)); err != nil {
				return err
			}
		}
		bar.show(f.Step, t.steps, "")
	}
	return nil
}

// frameOf is one frame of all trajectories.
func frameOf(f eval.Field[float32], time int) eval.Field[float32] {
	g := eval.Field[float32]{Shape: append([]int{f.Trajectories(), 1}, f.Shape[2:]...)}
	for i := range f.Trajectories() {
		g.Data = append(g.Data, f.Frame(i, time).Data...)
	}
	return g
}

func (t *trajectory) report() rolloutReport {
	r := rolloutReport{N: t.initial.Trajectories(), Resolution: t.initial.Grid(), Steps: t.steps, Compared: len(t.growth.RelL2), RelL2: numbers(t.growth.Mean())}
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
