package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/eval"
)

// rolloutPage is the page of rollouts.
type rolloutPage struct{ page eval.Report }

func (p *rolloutPage) write(path string) error { return writePage(path, p.page) }

// add takes a run after its rollout.
func (p *rolloutPage) add(run *trained, t *rolled, r rolloutReport) error {
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
			func() ([]byte, error) { return eval.PlotGrowth("Error of the rollout", &t.growth, axis) }); err != nil {
			return err
		}
		for _, pick := range t.typical() {
			if err := addFigure(&page.Rollout, pick.caption(t), func() ([]byte, error) { return eval.PlotSample(t.sample(pick)) }); err != nil {
				return err
			}
		}
	}
	p.page = page
	return nil
}

// pick is a trajectory to show, by its place among those whose frames are kept.
type pick struct {
	kept, trajectory int
	why              string
}

// typical are, of the trajectories that are kept, those of median and of largest error at the last step that can be compared.
func (t *rolled) typical() []pick {
	errors := t.growth.RelL2[len(t.growth.RelL2)-1]
	order := make([]int, len(t.kept.trajectories))
	for i := range order {
		order[i] = i
	}
	size := func(i int) float64 {
		e := errors[t.kept.trajectories[i]]
		if math.IsNaN(e) {
			return math.Inf(1)
		}
		return e
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(size(a), size(b)) })
	list := []pick{{order[len(order)/2], t.kept.trajectories[order[len(order)/2]], "median"}}
	if last := order[len(order)-1]; last != list[0].kept {
		list = append(list, pick{last, t.kept.trajectories[last], "largest"})
	}
	return list
}

func (p pick) caption(t *rolled) string {
	return fmt.Sprintf("Trajectory %d, of %s error at the end: target, prediction and the difference. Relative L2 error %.3g.",
		p.trajectory, p.why, t.growth.RelL2[len(t.growth.RelL2)-1][p.trajectory])
}

// sample shows a trajectory: over space and time on a line, at the last compared step otherwise.
func (t *rolled) sample(p pick) eval.Sample {
	k := t.kept
	compared, n := k.compared(), points(k.grid)
	axes := spaceAxes(t.set)
	s := eval.Sample{Title: fmt.Sprintf("Trajectory %d (%s error)", p.trajectory, p.why), Quantity: t.set.Meta.Channels[k.channel], Shape: k.grid, Axes: axes[len(axes)-len(k.grid):]}
	if len(k.grid) > 1 {
		s.Target = k.target[p.kept][(compared-1)*n:]
		s.Prediction = k.prediction[p.kept][(compared-1)*n : compared*n]
		return s
	}
	time := eval.Axis{Name: "step", Min: 1, Max: float64(k.steps[compared-1]), Time: true}
	if t.times != nil {
		time = eval.Axis{Name: "time", Min: t.times[0], Max: t.times[k.steps[compared-1]-1], Time: true}
	}
	s.Axes, s.Shape = append([]eval.Axis{time}, s.Axes...), append([]int{compared}, k.grid...)
	s.Target, s.Prediction = k.target[p.kept], k.prediction[p.kept][:compared*n]
	return s
}
