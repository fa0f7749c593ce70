package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
)

// shownSamples is the number of samples that a report of eval shows.
const shownSamples = 3

// reportEvaluation writes the page of a run with the first samples on the first grid that was asked for.
func (a *app) reportEvaluation(ctx context.Context, run *trained, o evalOptions) error {
	page, err := runPage(run, o.report)
	if err != nil {
		return err
	}
	set, done, err := a.openPart(ctx, run, o.data, o.split, o.resolutions[0])
	if err != nil {
		return err
	}
	defer done()
	samples := eval.Section{Title: "Samples"}
	loader := run.config.Data.loader(set, 0, false)
	loader.Batch = shownSamples
	for b, err := range loader.Batches(ctx, 0, 0) {
		if err != nil {
			return err
		}
		out := make([]float32, len(b.Target))
		if err := run.predictor.PredictFor(out, b.Input, b.InputShape, toldOf(b)); err != nil {
			return err
		}
		for i := range b.InputShape[0] {
			s := oneSample(set, b, out, i)
			if err := addFigure(&samples.Figures, fmt.Sprintf("sample_%d", b.Indices[i]), fmt.Sprintf("Sample %d: input, target, prediction and the difference.", b.Indices[i]), s); err != nil {
				return err
			}
		}
		break
	}
	page.Sections = append([]eval.Section{samples}, page.Sections...)
	if o.figures != "" {
		if err := writeFigures(o.figures, page); err != nil {
			return err
		}
	}
	if o.report == "" {
		return nil
	}
	return writePage(o.report, page)
}

// oneSample shows the first channel of the newest input frame, and of the output, of sample i of a batch.
func oneSample(set *datasets.Set, b datasets.Batch, prediction []float32, i int) eval.Sample {
	grid := space(set)
	newest, name := 0, ""
	if set.Pairs() {
		name = set.Meta.InputChannels[0]
	} else {
		newest = b.InputShape[len(b.InputShape)-1] - len(set.Meta.Channels)
	}
	n := b.InputShape[0]
	channel := func(data []float32, c int) []float64 {
		f := eval.Field[float32]{Data: data, Shape: slices.Concat([]int{n, 1}, grid, []int{len(data) / n / points(grid)})}
		return f.Space(i, 0, c)
	}
	return eval.Sample{
		Title: fmt.Sprintf("Sample %d", b.Indices[i]), Quantity: set.Meta.Channels[0], InputQuantity: name,
		Axes: spaceAxes(set), Shape: grid,
		Input: channel(b.Input, newest), Target: channel(b.Target, 0), Prediction: channel(prediction, 0),
	}
}

// points is the number of points of a grid.
func points(grid []int) int {
	n := 1
	for _, k := range grid {
		n *= k
	}
	return n
}
