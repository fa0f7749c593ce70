package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/internal/wholefile"
)

// plotFrames is how many frames of a plane are shown, plotChannels how many channels.
const (
	plotFrames   = 5
	plotChannels = 6
)

// plotSample draws the first sample of a file: of a line all frames in one map of space and time, of more axes some frames, of three the plane
// in the middle; of pairs input and output.
func plotSample(path string, keys datasets.Keys, out string) error {
	set, err := datasets.OpenSet(path, keys)
	if err != nil {
		return inData(err)
	}
	defer set.Close()
	p := eval.Panels{Title: fmt.Sprintf("%s, first of %d", filepath.Base(path), set.Trajectories())}
	if set.Pairs() {
		for _, side := range []struct {
			fields datasets.Fields
			names  []string
		}{{set.Inputs, set.Meta.InputChannels}, {set.Outputs, set.Meta.Channels}} {
			row, err := framePanels(set, side.fields, side.names, []int{0})
			if err != nil {
				return err
			}
			p.Grid = append(p.Grid, slices.Concat(row...))
		}
	} else if p.Grid, err = trajectoryPanels(set); err != nil {
		return err
	}
	image, err := p.Plot()
	if err != nil {
		return err
	}
	return wholefile.ReplaceBytes(out, image)
}

// trajectoryPanels is a row for each channel.
func trajectoryPanels(set *datasets.Set) ([][]eval.Panel, error) {
	shape := set.Fields.Shape()
	if len(space(set)) > 1 {
		var times []int
		for i := range min(plotFrames, shape[1]) {
			times = append(times, i*(shape[1]-1)/max(1, min(plotFrames, shape[1])-1))
		}
		return framePanels(set, set.Fields, set.Meta.Channels, times)
	}
	field, err := readFrames(set.Fields, 1, 0, 1, shape[1])
	if err != nil {
		return nil, err
	}
	time := eval.Axis{Name: "t", Max: float64(shape[1] - 1), Time: true}
	if t := set.Meta.Times; len(t) > 1 {
		time.Min, time.Max = t[0], t[len(t)-1]
	}
	var grid [][]eval.Panel
	for c, name := range set.Meta.Channels[:min(plotChannels, len(set.Meta.Channels))] {
		grid = append(grid, []eval.Panel{{Name: name, Axes: []eval.Axis{time, spaceAxes(set)[0]}, Shape: []int{shape[1], shape[2]}, Values: field.SpaceTime(0, c)}})
	}
	return grid, nil
}

// framePanels shows frames of the first trajectory, a row for each channel.
func framePanels(set *datasets.Set, fields datasets.Fields, names []string, times []int) ([][]eval.Panel, error) {
	grid, axes := space(set), spaceAxes(set)
	plane := len(grid) - min(2, len(grid))
	rows := make([][]eval.Panel, min(plotChannels, len(names)))
	for _, time := range times {
		field, err := readFrames(fields, 1, time, 1, 1)
		if err != nil {
			return nil, err
		}
		for c := range rows {
			values := field.Space(0, 0, c)
			n := points(grid[plane:])
			middle := len(values) / n / 2
			p := eval.Panel{Name: names[c], Axes: axes[plane:], Shape: grid[plane:], Values: values[middle*n : (middle+1)*n]}
			if len(times) > 1 {
				p.Name += fmt.Sprintf(", frame %d", time)
			}
			rows[c] = append(rows[c], p)
		}
	}
	return rows, nil
}
