package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/datasets"
)

func (a *app) inspectCommand() *cobra.Command {
	var keys datasets.Keys
	var picture string
	cmd := &cobra.Command{
		Use:   "inspect FILE|DIR",
		Short: "Show what is inside a data file and propose a configuration",
		Long: `Show what is inside a data file, or all data files of a folder: the arrays, the canonical view
[trajectory, time, x.., channel], statistics of each channel, and a configuration to begin with. --plot draws the first sample.
Of a large file only a few frames are read. A file that can be read but not trained on, for example one with values that are not finite,
is no error: what is wrong is told as the problem, which --json has under "problem" and "nonfinite".

Where the names of the arrays are not known, the flags say which make the view; the same keys under data.keys in a
configuration do so for training.`,
		Example: "  kolmogo inspect shocks.kmg\n  kolmogo inspect flow.npz --fields velocity --axes \"n t x y c\"",
		Args:    cobra.ExactArgs(1),
		RunE: a.start(func(cmd *cobra.Command, args []string) error {
			if picture != "" && filepath.Ext(picture) != ".png" {
				return usagef("--plot %s: give a name that ends in .png", picture)
			}
			r, err := datasets.Inspect(cmd.Context(), args[0], keys)
			if err != nil {
				return inData(err)
			}
			if picture != "" {
				if err := plotSample(args[0], keys, picture); err != nil {
					return err
				}
			}
			return a.print(r, r.Text())
		}),
	}
	cmd.Flags().StringVar(&picture, "plot", "", "`FILE.png` of the first sample")
	for _, f := range []struct {
		to         *string
		name, help string
	}{
		{&keys.Fields, "fields", "array of the trajectories"},
		{&keys.Input, "input", "array of the inputs of pairs"},
		{&keys.Target, "target", "array of the outputs of pairs"},
		{&keys.Time, "time", "array of the time stamps"},
		{&keys.Axes, "axes", "order of the stored axes, such as \"n t x c\""},
		{&keys.TargetAxes, "target-axes", "the same for outputs that differ"},
	} {
		cmd.Flags().StringVar(f.to, f.name, "", f.help)
	}
	return cmd
}
