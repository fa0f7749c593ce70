package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/internal/wholefile"
	"github.com/kolmogo/kolmogo/train"
)

func writePage(path string, page eval.Report) error {
	return wholefile.Replace(path, func(f io.Writer) error { return page.Write(f) })
}

func addFigure(list *[]eval.Figure, caption string, draw func() ([]byte, error)) error {
	png, err := draw()
	if err == nil {
		*list = append(*list, eval.Figure{Caption: caption, PNG: png})
	}
	return err
}

// runPage is what the run folder tells: configuration, manifest, training curve, and eval.json where there is one.
func runPage(run *trained, report string) (eval.Report, error) {
	d := run.predictor.Description
	page := eval.Report{
		Title:    run.config.Name,
		Subtitle: fmt.Sprintf("%s of width %d with %d layers, %d parameters, %d channels to %d, at step %d", d.Model.Kind, d.Model.Width, d.Model.Layers, parameters(d), d.Channels, d.Outputs, run.predictor.Step),
	}
	text, err := os.ReadFile(filepath.Join(run.folder, train.ConfigFile))
	if err != nil {
		return page, inData(err)
	}
	page.Config = string(text)
	manifest, err := readManifest(run.folder)
	if err != nil {
		return page, err
	}
	for name, value := range train.Flatten(manifest) {
		page.Manifest = append(page.Manifest, eval.Fact{Name: name, Value: fmt.Sprint(value)})
	}
	slices.SortFunc(page.Manifest, func(a, b eval.Fact) int { return cmp.Compare(a.Name, b.Name) })
	if err := addTraining(&page, run.folder); err != nil {
		return page, err
	}
	if err := addEvaluation(&page, run); err != nil {
		return page, err
	}
	for _, f := range []eval.Fact{
		{Name: train.BestFile, Value: "the best checkpoint"},
		{Name: train.LastFile, Value: "the last checkpoint; train --resume continues from it"},
		{Name: train.LogFile, Value: "one JSON object per logging step"},
		{Name: "eval.json", Value: "metrics"},
		{Name: "rollout.json", Value: "error of the rollout by step"},
		{Name: filepath.Base(report), Value: "this page"},
	} {
		if fileExists(filepath.Join(run.folder, f.Name)) || f.Name == filepath.Base(report) {
			page.Files = append(page.Files, f)
		}
	}
	return page, nil
}

func addTraining(page *eval.Report, folder string) error {
	text, err := os.ReadFile(filepath.Join(folder, train.LogFile))
	if err != nil {
		return inData(err)
	}
	log, err := eval.ReadLog(bytes.NewReader(text))
	if err != nil {
		return inData(err)
	}
	log = slices.DeleteFunc(log, func(p eval.LogPoint) bool { return math.IsNaN(p.Loss) && math.IsNaN(p.Valid) }) // the ends of epochs
	if len(log) == 0 {
		return nil
	}
	return addFigure(&page.Training, "Training loss and learning rate by step.", func() ([]byte, error) { return eval.PlotTraining("Training", log) })
}

func addEvaluation(page *eval.Report, run *trained) error {
	path := filepath.Join(run.folder, "eval.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var r evalReport
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return dataError{fmt.Errorf("%s: %w", path, err)}
	}
	docs := map[string]string{}
	for _, d := range eval.Metrics() {
		docs[d.Name] = d.Doc
	}
	for name, value := range r.Metrics {
		base, _, _ := strings.Cut(name, "@")
		page.Metrics = append(page.Metrics, eval.MetricRow{Name: name, Doc: docs[base], Value: float64(value)})
	}
	slices.SortFunc(page.Metrics, func(a, b eval.MetricRow) int { return cmp.Compare(a.Name, b.Name) })
	if value, ok := r.Metrics["fno.rel_l2"]; ok {
		page.Headline = append(page.Headline, eval.Fact{Name: "relative L2 error of one step", Value: fmt.Sprintf("%.3g", value)})
	}
	if len(r.Resolutions) < 2 {
		return nil
	}
	for _, m := range page.Metrics {
		page.Resolutions.Columns = append(page.Resolutions.Columns, m.Name)
	}
	for _, grid := range r.grids() {
		row := eval.ResolutionRow{Grid: grid}
		if grid == gridName(r.Resolution) {
			row.Note = "as trained"
		}
		for _, name := range page.Resolutions.Columns {
			row.Values = append(row.Values, float64(r.Resolutions[grid][name]))
		}
		page.Resolutions.Rows = append(page.Resolutions.Rows, row)
	}
	return nil
}

// spaceAxes are the axes of a set for pictures.
func spaceAxes(set *datasets.Set) []eval.Axis {
	axes := make([]eval.Axis, len(space(set)))
	for i := range axes {
		axes[i].Name = string("xyz"[i])
		if i < len(set.Meta.Axes) {
			a := set.Meta.Axes[i]
			axes[i].Name = a.Name
			if n := len(a.Coords); n > 1 {
				axes[i].Min, axes[i].Max = a.Coords[0], a.Coords[n-1]
			}
		}
	}
	return axes
}
