package main

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/eval"
)

// groups are the runs that can share a picture: with the same points and times, at most as many as a picture holds.
func (p *rolloutPage) groups() [][]*shown {
	const most = 5
	var groups [][]*shown
	for _, r := range p.runs {
		i := slices.IndexFunc(groups, func(g []*shown) bool {
			one := g[0]
			return len(g) < most && slices.Equal(one.kept.grid, r.kept.grid) && slices.Equal(one.kept.steps, r.kept.steps) &&
				slices.Equal(one.kept.trajectories, r.kept.trajectories) && one.kept.compared() == r.kept.compared() && slices.Equal(one.times, r.times) && one.steps == r.steps
		})
		if i < 0 {
			groups = append(groups, []*shown{r})
			continue
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

// pictures shows some trajectories over space and time.
func (p *rolloutPage) pictures(list *[]eval.Figure) error {
	for i, group := range p.groups() {
		one := group[0]
		suffix := ""
		if i > 0 {
			suffix = fmt.Sprintf("_%d", i+1)
		}
		for _, pick := range one.typical() {
			if err := picture(list, group, pick, suffix); err != nil {
				return err
			}
		}
		if one.beyond != nil {
			if err := picture(list, group, pick{0, one.kept.trajectories[0], ""}, suffix+"_long"); err != nil {
				return err
			}
		}
	}
	return nil
}

// picture shows one trajectory of a group: with the truth as far as there is any, or without, for why "", all steps.
func picture(list *[]eval.Figure, group []*shown, pick pick, suffix string) error {
	one := group[0]
	frames := len(one.all(pick).steps)
	title := fmt.Sprintf("Trajectory %d", pick.trajectory)
	caption := fmt.Sprintf("Trajectory %d over all %d steps, beyond the stored frames: what was predicted from its first frame alone.", pick.trajectory, one.steps)
	name := "trajectory" + suffix
	if pick.why != "" {
		title += fmt.Sprintf(" (%s error at the end)", pick.why)
		name = pick.why + "_error" + suffix
		caption = fmt.Sprintf("Trajectory %d, of %s error at the last compared step among those shown: the truth, and what was predicted from its first frame alone.", pick.trajectory, pick.why)
	}
	if len(one.kept.grid) == 1 {
		if pick.why != "" {
			caption += " Right: the absolute difference, and the correlation with the truth at each time."
		}
		return addFigure(list, name, caption, lines(group, pick, title, frames))
	}
	shots := planes(group, pick, title, frames)
	if err := addFigure(list, name, caption, some(shots, 5)); err != nil {
		return err
	}
	if pick.why == "largest" {
		return nil
	}
	return addFigure(list, name+"_animation", fmt.Sprintf("Trajectory %d, animated.", pick.trajectory), eval.Animation{Snapshots: shots, Delay: 16})
}

// all are the frames that a picture is made of: with the truth beside them, or, for why "", of all steps.
func (s *shown) all(p pick) *kept {
	if p.why == "" && s.beyond != nil {
		return s.beyond
	}
	return s.kept
}

// lines is the space–time picture.
func lines(group []*shown, pick pick, title string, frames int) eval.Comparison {
	one := group[0]
	k, n := one.all(pick), points(one.kept.grid)
	axis := eval.Axis{Name: one.label(), Min: one.at()[0], Max: one.at()[k.steps[frames-1]-1], Time: true}
	c := eval.Comparison{Title: title, Quantity: one.set.Meta.Channels[one.kept.channel], Time: axis, Space: spaceAxes(one.set)[0], Points: n}
	if pick.why != "" {
		c.Target = one.kept.target[pick.kept][:frames*n]
	}
	for _, r := range group {
		q := eval.Prediction{Name: r.name, Series: r.series, Values: r.all(pick).prediction[pick.kept][:frames*n]}
		if pick.why != "" {
			for _, step := range r.kept.steps[:frames] {
				q.Correlation = append(q.Correlation, r.growth.Correlation[step-1][pick.trajectory])
			}
		}
		c.Predictions = append(c.Predictions, q)
	}
	return c
}

// planes is the frames of a plane.
func planes(group []*shown, pick pick, title string, frames int) eval.Snapshots {
	one := group[0]
	n, axes := points(one.kept.grid), spaceAxes(one.set)
	s := eval.Snapshots{Title: title, Quantity: one.set.Meta.Channels[one.kept.channel],
		Axes: [2]eval.Axis(axes[len(axes)-2:]), Shape: [2]int(one.kept.grid)}
	cut := func(v []float64) [][]float64 {
		var list [][]float64
		for i := range frames {
			list = append(list, v[i*n:(i+1)*n])
		}
		return list
	}
	for _, step := range one.all(pick).steps[:frames] {
		s.Times = append(s.Times, fmt.Sprintf("%s %.5g", one.label(), one.at()[step-1]))
	}
	if pick.why != "" {
		s.Target = cut(one.kept.target[pick.kept])
	}
	for _, r := range group {
		s.Predictions = append(s.Predictions, eval.Frames{Name: r.name, Series: r.series, Values: cut(r.all(pick).prediction[pick.kept])})
	}
	return s
}

// some are count of the frames, the first and the last among them.
func some(s eval.Snapshots, count int) eval.Snapshots {
	n := len(s.Times)
	count = min(count, n)
	choose := func(list [][]float64) (out [][]float64) {
		for i := range count {
			out = append(out, list[i*(n-1)/max(count-1, 1)])
		}
		return out
	}
	times := s.Times
	s.Times = nil
	for i := range count {
		s.Times = append(s.Times, times[i*(n-1)/max(count-1, 1)])
	}
	if s.Target != nil {
		s.Target = choose(s.Target)
	}
	predictions := s.Predictions
	s.Predictions = nil
	for _, f := range predictions {
		f.Values = choose(f.Values)
		s.Predictions = append(s.Predictions, f)
	}
	return s
}
