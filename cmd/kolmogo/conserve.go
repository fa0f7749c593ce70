package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/constraint"
	"github.com/kolmogo/kolmogo/op"
)

type conserveOptions struct {
	dataOptions
	mass, place int
	noise       float64
	known       string
}

func (a *app) conserveCommand() *cobra.Command {
	var o conserveOptions
	cmd := &cobra.Command{
		Use:   "conserve RUN",
		Short: "Correct predictions that have a variance so that an integral is what it must be",
		Long: `Judge predictions with a variance before and after a correction that gives each the mean over space that is known: of all points
alike (even), and as much as each is uncertain (variance). Writes RUN/conserve.json.

The run's network gives mean and deviation (model.constraint.kind gaussian). --mass is the input channel with the known mean over
space, and --place the one with the position, from 0 to 1. With --known data the mean is that of the
truth. Means over space are by the trapezoid rule.`,
		Example: `  kolmogo conserve runs/gpme_probconserv --data stefan.kmg --mass 3`,
		Args:    cobra.ExactArgs(1),
		RunE:    a.start(func(cmd *cobra.Command, args []string) error { return a.conserve(cmd.Context(), args[0], o) }),
	}
	dataFlags(cmd, &o.dataOptions)
	cmd.Flags().IntVar(&o.mass, "mass", 3, "input channel of the known mean over space, counted from 0")
	cmd.Flags().IntVar(&o.place, "place", 1, "input channel of the position")
	cmd.Flags().StringVar(&o.known, "known", "input", "where the mean over space is known from: input (the channel --mass) or data (of the truth)")
	cmd.Flags().Float64Var(&o.noise, "noise", 0, "variance of the known means, of the correction by variance only; 0: they hold exactly")
	return cmd
}

// conservation is what predictions are worth: error of the mean over space, its largest size, mean squared error, and mean logarithm of
// the density of the truth.
type conservation struct {
	Error   number `json:"conservation_error"`
	Largest number `json:"conservation_error_max"`
	MSE     number `json:"mse"`
	LL      number `json:"log_likelihood"`
}

type conserveReport struct {
	Run   string                  `json:"run"`
	Data  string                  `json:"data,omitempty"`
	N     int                     `json:"n"`
	Noise float64                 `json:"noise"`
	By    map[string]conservation `json:"by"` // none, even, variance
}

// corrections are the ways to correct a prediction, in the order of a report.
var corrections = []string{"none", "even", "variance"}

func (a *app) conserve(ctx context.Context, folder string, o conserveOptions) error {
	run, err := openRun(folder, o.runOptions)
	if err != nil {
		return err
	}
	defer run.close()
	set, done, err := a.openPart(ctx, run, o.data, o.split, 0)
	if err != nil {
		return err
	}
	defer done()
	if o.known != "input" && o.known != "data" {
		return usagef("--known %q: use input or data", o.known)
	}
	d := run.predictor.Description
	if most := max(o.mass, o.place); d.Axes != 1 || d.Outputs != 1 || min(o.mass, o.place) < 0 || most >= d.Channels || !(o.noise >= 0) {
		return usagef("--mass %d, --place %d, --noise %v: the run has %d input channels, %d outputs, %d axes: want channels that are there, one output, one axis", o.mass, o.place, o.noise, d.Channels, d.Outputs, d.Axes)
	}
	r := conserveReport{Run: folder, Data: o.data, Noise: o.noise, By: map[string]conservation{}}
	sums := make([]conservation, len(corrections))
	for b, err := range run.config.Data.loader(set, 0, false).Batches(ctx, 0, 0) {
		if err != nil {
			return err
		}
		if err := a.conserveBatch(run, o, b, sums); err != nil {
			return err
		}
		r.N += b.InputShape[0]
	}
	for i, name := range corrections {
		n := number(r.N)
		r.By[name] = conservation{sums[i].Error / n, sums[i].Largest, sums[i].MSE / n, sums[i].LL / n}
	}
	if err := writeJSON(filepath.Join(folder, "conserve.json"), r); err != nil {
		return err
	}
	return a.print(r, r.text())
}

// conserveBatch adds up what the predictions of a batch are worth.
func (a *app) conserveBatch(run *trained, o conserveOptions, b datasets.Batch, sums []conservation) error {
	batch, points, channels := b.InputShape[0], b.InputShape[1], b.InputShape[2]
	mean, variance := make([]float64, batch*points), make([]float64, batch*points)
	if err := run.predictor.Moments(mean, variance, b.Input, b.InputShape); err != nil {
		return inUsage(err)
	}
	first := run.predictor.Description.Model.Context // the points before are known
	n := points - first
	feeds := map[string][]float64{}
	for s := range batch {
		x := make([]float64, n)
		at := s*points + first
		for j := range x {
			x[j] = float64(b.Input[(at+j)*channels+o.place])
			feeds["target"] = append(feeds["target"], float64(b.Target[at+j]))
		}
		feeds["mean"] = append(feeds["mean"], mean[at:at+n]...)
		feeds["variance"] = append(feeds["variance"], variance[at:at+n]...)
		rows, mass := constraint.Trapezoid(x), float64(b.Input[(at+n-1)*channels+o.mass])
		if o.known == "data" {
			mass = 0
			for j, w := range rows {
				mass += w * float64(b.Target[at+j])
			}
		}
		feeds["rows"], feeds["mass"] = append(feeds["rows"], rows...), append(feeds["mass"], mass)
	}
	results, err := corrected(run.backend, feeds, batch, n, o.noise)
	if err != nil {
		return err
	}
	for i, p := range results {
		for s := range batch {
			missing, squares, density := -feeds["mass"][s], 0.0, 0.0
			for j := s * n; j < (s+1)*n; j++ {
				d, v := p.mean[j]-feeds["target"][j], p.variance[j]
				missing += feeds["rows"][j] * p.mean[j]
				squares += d * d / float64(n)
				density -= (math.Log(2*math.Pi*v) + d*d/v) / 2 / float64(n)
			}
			c := &sums[i]
			c.Error += number(missing)
			c.Largest = number(math.Max(float64(c.Largest), math.Abs(missing)))
			c.MSE += number(squares)
			c.LL += number(density)
		}
	}
	return nil
}

type moments struct{ mean, variance []float64 }

// corrected runs the corrections in float64.
func corrected(backend engine.Backend, feeds map[string][]float64, batch, n int, noise float64) ([]moments, error) {
	g := op.NewGraph()
	in := func(name string, d op.Dims) op.Value { return g.Input(name, op.Float64, d) }
	prior := constraint.Gaussian{Mean: in("mean", op.Of(batch, n)), Cov: in("variance", op.Of(batch, n))}
	rows, mass := in("rows", op.Of(batch, 1, n)), in("mass", op.Of(batch, 1))
	after := []constraint.Gaussian{prior, prior.ConditionMean(rows, mass), prior.Condition(rows, mass, op.Affine(op.Scale(mass, 0), 1, noise))}
	var outputs []op.Value
	for _, p := range after {
		outputs = append(outputs, p.Mean, p.Cov)
	}
	program, err := engine.Compile(g, outputs, nil, engine.NewStore(backend))
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"mean", "variance", "rows", "mass"} {
		if err := engine.Feed(program, name, feeds[name]); err != nil {
			return nil, err
		}
	}
	if err := program.Run(); err != nil {
		return nil, err
	}
	list := make([]moments, len(after))
	for i := range list {
		list[i] = moments{make([]float64, batch*n), make([]float64, batch*n)}
		if err := engine.Output(program, 2*i, list[i].mean); err != nil {
			return nil, err
		}
		if err := engine.Output(program, 2*i+1, list[i].variance); err != nil {
			return nil, err
		}
		for j, v := range list[i].variance { // an exact row leaves rounding where it takes all uncertainty
			list[i].variance[j] = math.Max(v, 1e-8)
		}
	}
	return list, nil
}

func (r conserveReport) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d samples\n\n%-10s %12s %12s %12s %12s\n", r.Run, r.N, "corrected", "CE", "largest CE", "MSE", "LL")
	for _, name := range corrections {
		c := r.By[name]
		fmt.Fprintf(&b, "%-10s %12.3g %12.3g %12.4g %12.4g\n", name, float64(c.Error), float64(c.Largest), float64(c.MSE), float64(c.LL))
	}
	return b.String()
}
