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

func addFigure(list *[]eval.Figure, name, caption string, p eval.Picture) error {
	f, err := eval.NewFigure(name, caption, p)
	if err == nil {
		*list = append(*list, f)
	}
	return err
}

// writeFigures writes every figure of a page into a folder, the image and the numbers that it shows.
func writeFigures(folder string, page eval.Report) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("--figures: %w", err)
	}
	for _, section := range page.Sections {
		for _, f := range section.Figures {
			for suffix, content := range map[string][]byte{f.Suffix(): f.Image, "csv": f.CSV} {
				write := func(w io.Writer) error { _, err := w.Write(content); return err }
				if err := wholefile.Replace(filepath.Join(folder, f.Name+"."+suffix), write); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// runPage is what the run folder tells: configuration, manifest, training curve, and eval.json where there is one.
func runPage(run *trained, report string) (eval.Report, error) {
	d := run.predictor.Description
	page := eval.Report{
		Title:    run.config.Name,
		Subtitle: fmt.Sprintf("%s of width %d, %d parameters, from %s to %s, at step %d", d.Model.Kind, d.Model.Width, parameters(d), channels(d.Channels), channels(d.Outputs), run.predictor.Step),
	}
	facts := eval.RunFacts{Name: run.folder}
	text, err := os.ReadFile(filepath.Join(run.folder, train.ConfigFile))
	if err != nil {
		return page, inData(err)
	}
	facts.Config = string(text)
	manifest, err := readManifest(run.folder)
	if err != nil {
		return page, err
	}
	for name, value := range train.Flatten(manifest) {
		facts.Manifest = append(facts.Manifest, eval.Fact{Name: name, Value: fmt.Sprint(value)})
	}
	slices.SortFunc(facts.Manifest, func(a, b eval.Fact) int { return cmp.Compare(a.Name, b.Name) })
	log, err := trainingLog(run.folder)
	if err != nil {
		return page, err
	}
	if len(log) > 0 {
		section := eval.Section{Title: "Training"}
		if err := addFigure(&section.Figures, "training", "Training loss and learning rate by step.", eval.Training{Title: "Training", Log: log}); err != nil {
			return page, err
		}
		page.Sections = append(page.Sections, section)
	}
	judged, err := readEvaluation(run.folder)
	if err != nil {
		return page, err
	}
	addEvaluation(&page, judged)
	for _, f := range []eval.Fact{
		{Name: train.BestFile, Value: "the best checkpoint"},
		{Name: train.LastFile, Value: "the last checkpoint; train --resume continues from it"},
		{Name: train.LogFile, Value: "one JSON object per logging step"},
		{Name: "eval.json", Value: "metrics"},
		{Name: "rollout.json", Value: "error of the rollout by step"},
		{Name: filepath.Base(report), Value: "this page"},
	} {
		if fileExists(filepath.Join(run.folder, f.Name)) || f.Name == filepath.Base(report) {
			facts.Files = append(facts.Files, f)
		}
	}
	page.Runs = []eval.RunFacts{facts}
	return page, nil
}

// channels counts them.
func channels(n int) string {
	if n == 1 {
		return "1 channel"
	}
	return fmt.Sprintf("%d channels", n)
}

// trainingLog reads the steps of a run's log that have a loss.
func trainingLog(folder string) ([]eval.LogPoint, error) {
	text, err := os.ReadFile(filepath.Join(folder, train.LogFile))
	if err != nil {
		return nil, inData(err)
	}
	log, err := eval.ReadLog(bytes.NewReader(text))
	if err != nil {
		return nil, inData(err)
	}
	return slices.DeleteFunc(log, func(p eval.LogPoint) bool { return math.IsNaN(p.Loss) && math.IsNaN(p.Valid) }), nil // the ends of epochs
}

// readEvaluation reads eval.json; it is empty where there is none.
func readEvaluation(folder string) (r evalReport, err error) {
	path := filepath.Join(folder, "eval.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return r, dataError{fmt.Errorf("%s: %w", path, err)}
	}
	return r, nil
}

// addEvaluation adds the metrics of one step.
func addEvaluation(page *eval.Report, r evalReport) {
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
		return
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
