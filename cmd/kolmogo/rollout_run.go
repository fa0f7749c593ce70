package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"

	"github.com/kolmogo/kolmogo/eval"
)

// opened is a run with the data that it is rolled out on.
type opened struct {
	folder string
	run    *trained
	done   func() error // with the data
	path   *rolled
	own    *ensemble // of its members
}

func (o *opened) close() error { return errors.Join(o.done(), o.run.close()) }

// openRollouts opens all runs and what they begin with, so that nothing is computed before all flags are known to fit.
func (a *app) openRollouts(ctx context.Context, folders []string, o rolloutOptions) (all []*opened, err error) {
	for _, folder := range folders {
		one, err := a.openRollout(ctx, folder, o)
		if err != nil {
			return all, err
		}
		all = append(all, one)
		first := all[0].path
		if o.ensemble && (one.path.steps != first.steps || one.path.truth.first != first.truth.first || one.path.truth.stride != first.truth.stride ||
			!slices.Equal(one.path.initial.Shape[2:], first.initial.Shape[2:]) || one.path.truth.n != first.truth.n) {
			return all, usagef("--ensemble: %s and %s do not predict the same frames", folders[0], folder)
		}
	}
	return all, nil
}

func (a *app) openRollout(ctx context.Context, folder string, o rolloutOptions) (*opened, error) {
	run, err := openRun(folder, o.runOptions)
	if err != nil {
		return nil, err
	}
	if o.resolution == 0 {
		o.resolution = o.usualPoints(run)
	}
	set, done, err := a.openPart(ctx, run, o.data, o.split, o.resolution)
	if err != nil {
		return nil, closing(err, run.close)
	}
	one := &opened{folder: folder, run: run, done: done}
	plan := rolloutPlan{n: o.n, steps: o.steps, spectraAt: o.spectra, keep: o.out != ""}
	if o.channel != "" {
		if plan.channel = slices.Index(set.Meta.Channels, o.channel); plan.channel < 0 {
			return nil, closing(usagef("--channel %q: %s has %s", o.channel, set.Path, join(set.Meta.Channels)), one.close)
		}
	}
	if one.path, err = startRollout(run, set, plan); err != nil {
		return nil, closing(err, one.close)
	}
	return one, nil
}

// rolloutOne rolls out one run, with its members if it shall have several.
func (a *app) rolloutOne(ctx context.Context, one *opened, o rolloutOptions, page *rolloutPage) error {
	initial, told := one.path.initial, one.path.told
	if o.members > 1 {
		one.own = newEnsemble(one.run.config.Name, o.members, one.path)
		page.ensembles = append(page.ensembles, one.own)
		initial, told = repeatedField(initial, o.members), repeatedConditions(told, o.members)
	}
	return one.path.run(one.run.rollout(ctx, initial, one.path.steps, told), one.own, a.newBar("rollout "+one.folder))
}

// rolloutTogether rolls out all runs step by step, as members of one ensemble.
func (a *app) rolloutTogether(ctx context.Context, all []*opened, page *rolloutPage) (*uncertainty, error) {
	first := all[0].path
	e := newEnsemble(fmt.Sprintf("%d runs", len(all)), len(all), first)
	page.ensembles = append(page.ensembles, e)
	next := make([]func() (eval.Frame, error, bool), len(all))
	for i, one := range all {
		var stop func()
		next[i], stop = iter.Pull2(one.run.rollout(ctx, one.path.initial, one.path.steps, one.path.told))
		defer stop()
	}
	bar := a.newBar("rollout")
	defer bar.end()
	members := make([]eval.Field[float32], len(all))
	for step := 1; step <= first.steps; step++ {
		for i, one := range all {
			f, err, ok := next[i]()
			if err == nil && !ok {
				err = fmt.Errorf("%s ended before step %d", one.folder, step)
			}
			if err != nil {
				return nil, err
			}
			if err := one.path.add(f); err != nil {
				return nil, err
			}
			members[i] = f.Values
		}
		truth, err := first.truth.frame(step)
		if err != nil {
			return nil, err
		}
		if err := e.add(members, truth); err != nil {
			return nil, err
		}
		bar.show(step, first.steps, "")
	}
	return e.report(first.set.Meta.Channels), nil
}

// finish writes what a rollout leaves, and adds it to the page if there shall be one.
func (o *opened) finish(options rolloutOptions, page *rolloutPage) (rolloutReport, error) {
	r := o.path.report(options.thresholds)
	r.Data, r.Split, r.Output, r.Report = options.data, options.split, options.out, options.report
	if o.own != nil {
		r.Ensemble = o.own.report(o.path.set.Meta.Channels)
		if s := o.own.judged.Spread; len(s) > 0 && slices.Max(s) == 0 {
			r.Notes = append(r.Notes, "the members are equal: the surrogate draws no noise")
		}
	}
	if options.out != "" {
		if err := o.path.write(options.out); err != nil {
			return r, err
		}
	}
	if err := writeJSON(filepath.Join(o.folder, "rollout.json"), r); err != nil {
		return r, err
	}
	if options.report == "" && options.figures == "" {
		return r, nil
	}
	return r, page.add(o.run, o.path, r)
}
