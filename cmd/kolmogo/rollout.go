package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
)

type rolloutOptions struct {
	dataOptions
	out, report, figures, channel string
	steps, n, resolution          int
	thresholds                    []float64
	spectra                       []int
	members                       int
	ensemble                      bool
}

func (a *app) rolloutCommand() *cobra.Command {
	var o rolloutOptions
	cmd := &cobra.Command{
		Use:   "rollout RUN...",
		Short: "Feed runs their own predictions and watch the error grow",
		Long: `Start from the first frames of trajectories, feed the surrogate its own predictions, and compare every step with the
stored frames for as long as there are any. Several runs are judged on the same trajectories, one after the other.

Each run gets a rollout.json: error and correlation by step, the time until the correlation is lost with its interval, spectra
and the highest wavenumber that is resolved, the drift of what the equation may conserve, and its residual. -o writes the
predictions, as trajectories that begin with the first step, and --report one HTML page about the runs.`,
		Example: `  kolmogo rollout runs/demo --steps 100 --n 8 -o rollout.npz --report runs/demo/report.html
  kolmogo rollout runs/mse runs/refiner --threshold 0.8,0.9 --report both.html`,
		Args: cobra.MinimumNArgs(1),
		RunE: a.start(func(cmd *cobra.Command, args []string) error { return a.rollout(cmd.Context(), args, o) }),
	}
	dataFlags(cmd, &o.dataOptions)
	cmd.Flags().IntVar(&o.steps, "steps", 0, "steps; 0: as many as there are stored frames")
	cmd.Flags().IntVar(&o.n, "n", 0, "trajectories, from the first on; 0: all")
	cmd.Flags().IntVar(&o.resolution, "resolution", 0, "points per axis (default as trained, or all of --data)")
	cmd.Flags().Float64SliceVar(&o.thresholds, "threshold", []float64{0.8, 0.9}, "correlations whose time is told")
	cmd.Flags().IntSliceVar(&o.spectra, "spectra", nil, "steps at which spectra are taken (default a few)")
	cmd.Flags().IntVar(&o.members, "members", 1, "predictions of every trajectory by a run that draws noise, judged as an ensemble")
	cmd.Flags().BoolVar(&o.ensemble, "ensemble", false, "judge the runs as members of one ensemble besides")
	cmd.Flags().StringVar(&o.channel, "channel", "", "channel of pictures and spectra (default the first)")
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "`FILE` of the predictions of one run: .npz or .safetensors")
	cmd.Flags().StringVar(&o.report, "report", "", "`FILE.html` with plots and metrics of the runs")
	cmd.Flags().StringVar(&o.figures, "figures", "", "`FOLDER` for every figure of the page as an image and as CSV")
	return cmd
}

// check reports flags that do not go together.
func (o rolloutOptions) check(folders []string) error {
	if o.steps < 0 || o.n < 0 {
		return usagef("--steps %d, --n %d: neither may be negative", o.steps, o.n)
	}
	for _, t := range o.thresholds {
		if !(t > -1 && t < 1) {
			return usagef("--threshold %g: a correlation is between -1 and 1", t)
		}
	}
	for _, s := range o.spectra {
		if s < 1 {
			return usagef("--spectra %d: steps are counted from 1", s)
		}
	}
	if o.members < 1 || o.members > 1 && o.ensemble {
		return usagef("--members %d: give 1 or more, and not with --ensemble", o.members)
	}
	if o.ensemble && len(folders) < 2 {
		return usagef("--ensemble: give several runs, or --members for one that draws noise")
	}
	if o.out != "" && arrayWriter(o.out) == nil {
		return usagef("-o %s: predictions are written as .npz or .safetensors", o.out)
	}
	if o.out != "" && len(folders) > 1 {
		return usagef("-o %s: predictions are written of one run, not of %d", o.out, len(folders))
	}
	return checkReportName(o.report)
}

// rolloutsReport is what --json prints for several runs.
type rolloutsReport struct {
	Runs     []rolloutReport `json:"runs"`
	Ensemble *uncertainty    `json:"ensemble,omitempty"`
	Report   string          `json:"report,omitempty"`
}

func (a *app) rollout(ctx context.Context, folders []string, o rolloutOptions) error {
	if err := o.check(folders); err != nil {
		return err
	}
	opened, err := a.openRollouts(ctx, folders, o)
	defer func() {
		for _, one := range opened {
			one.close()
		}
	}()
	if err != nil {
		return err
	}
	var all rolloutsReport
	var page rolloutPage
	if o.ensemble {
		if all.Ensemble, err = a.rolloutTogether(ctx, opened, &page); err != nil {
			return err
		}
	}
	var text strings.Builder
	for i, one := range opened {
		if !o.ensemble {
			if err := a.rolloutOne(ctx, one, o, &page); err != nil {
				return err
			}
		}
		r, err := one.finish(o, &page)
		if err != nil {
			return err
		}
		all.Runs = append(all.Runs, r)
		if i > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(r.text())
	}
	if o.report != "" || o.figures != "" {
		if err := page.write(o.report, o.figures); err != nil {
			return err
		}
	}
	if len(folders) == 1 {
		return a.print(all.Runs[0], text.String())
	}
	all.Report = o.report
	return a.print(all, text.String())
}
