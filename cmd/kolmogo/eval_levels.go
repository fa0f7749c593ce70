package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/kolmogo/kolmogo/datasets"
)

// levelError is how well a refiner's network answers at a level; see train.LevelError.
type levelError struct {
	Level number `json:"level"`
	Noise number `json:"noise"`
	Loss  number `json:"loss"`
	Error number `json:"error"`
}

// levelErrors judges a refiner level by level on a set; nil for a run whose step is one call.
func levelErrors(ctx context.Context, run *trained, set *datasets.Set) ([]levelError, error) {
	found, err := run.predictor.LevelErrors(ctx, run.config.Data.loader(set, 0, false))
	if err != nil {
		return nil, err
	}
	var list []levelError
	for _, e := range found {
		list = append(list, levelError{number(e.Level), number(e.Noise), number(e.Loss), number(e.Error)})
	}
	return list, nil
}

// writeLevels is the table of them: a level helps where its error is below that of the levels before it.
func writeLevels(to io.Writer, levels []levelError) {
	if len(levels) == 0 {
		return
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nlevel\tnoise\tloss\terror of its estimate\t\n")
	for _, l := range levels {
		fmt.Fprintf(w, "%.3g\t%.3g\t%.3g\t%.3g\t\n", l.Level, l.Noise, l.Loss, l.Error)
	}
	w.Flush() // into memory
}
