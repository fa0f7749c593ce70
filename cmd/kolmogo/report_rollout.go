package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/eval"
)

// writeReport writes the page of a run after a rollout.
func writeReport(path string, run *trained, t *trajectory, r rolloutReport) error {
	page, err := runPage(run, r.Report)
	if err != nil {
		return err
	}
	if r.Compared > 0 {
		page.Headline = append(page.Headline, eval.Fact{Name: fmt.Sprintf("relative L2 error after %d steps", r.Compared), Value: fmt.Sprintf("%.3g", r.RelL2[r.Compared-1])})
		var axis eval.Axis
		if t.times != nil {
			axis = eval.Axis{Name: "time", Min: t.times[0], Max: t.times[r.Compared-1]}
		}
		if err := addFigure(&page.Rollout, fmt.Sprintf("Relative L2 error of %d rollouts: median, mean, and the band from the 10 %% to the 90 %% quantile.", r.N),
			func() ([]byte, error) { return eval.PlotGrowth("Error of the rollout", t.growth, axis) }); err != nil {
			return err
		}
		for _, pick := range t.typical() {
			if err := addFigure(&page.Rollout, pick.caption(t), func() ([]byte, error) { return eval.PlotSample(t.sample(pick)) }); err != nil {
				return err
			}
		}
	}
	return writePage(path, page)
}

// pick is a trajectory to show.
type pick struct {
	trajectory int
	why        string
}

// typical are the trajectories of median and of largest error at the last step that can be compared.
func (t *trajectory) typical() []pick {
	errors := t.growth.RelL2[len(t.growth.RelL2)-1]
	order := make([]int, len(errors))
	for i := range order {
		order[i] = i
	}
	size := func(i int) float64 {
		if math.IsNaN(errors[i]) {
			return math.Inf(1)
		}
		return errors[i]
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(size(a), size(b)) })
	list := []pick{{order[len(order)/2], "median"}}
	if last := order[len(order)-1]; last != list[0].trajectory {
		list = append(list, pick{last, "largest"})
	}
	return list
}

func (p pick) caption(t *trajectory) string {
	return fmt.Sprintf("Trajectory %d, of %s error at the end: target, prediction and the difference. Relative L2 error %.3g.",
		p.trajectory, p.why, t.growth.RelL2[len(t.growth.RelL2)-1][p.trajectory])
}

// sample shows the first channel of a trajectory: over space and time on a line, at the last compared step otherwise.
func (t *trajectory) sample(p pick) eval.Sample {
	compared := len(t.growth.RelL2)
	grid := t.target.Grid()
	s := eval.Sample{Title: fmt.Sprintf("Trajectory %d (%s error)", p.trajectory, p.why), Quantity: t.set.Meta.Channels[0], Shape: grid, Axes: spaceAxes(t.set)}
	if len(grid) > 1 {
		s.Target = t.target.Space(p.trajectory, compared-1, 0)
		s.Prediction = t.prediction.Space(p.trajectory, compared-1, 0)
		return s
	}
	time := eval.Axis{Name: "step", Min: 1, Max: float64(compared), Time: true}
	if t.times != nil {
		time = eval.Axis{Name: "time", Min: t.times[0], Max: t.times[compared-1], Time: true}
	}
	s.Axes, s.Shape = append([]eval.Axis{time}, s.Axes...), append([]int{compared}, grid...)
	s.Target = t.target.SpaceTime(p.trajectory, 0)
	s.Prediction = t.prediction.SpaceTime(p.trajectory, 0)[:len(s.Target)]
	return s
}
