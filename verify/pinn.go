package verify

import (
	"context"
	"fmt"
)

// problem is a boundary value problem solved by a network: a configuration, changes of it, and what the result must be.
type problem struct {
	config string
	run    string // of a second variant in one entry; empty: the first
	sets   []string
	bars   []bar
}

// bar is a limit on a metric's median over seeds.
type bar struct {
	metric string
	limit  float64
	every  bool // seed instead
	goal   bool
}

// solve trains and judges a problem over the seeds, and returns the medians of each metric, and of the seconds.
func (s *Script) solve(ctx context.Context, p problem, r *Result) error {
	values := map[string][]float64{}
	prefix := ""
	if p.run != "" {
		prefix = p.run + "_"
	}
	for _, seed := range s.Seeds {
		run := fmt.Sprintf("%sseed%d", prefix, seed)
		t, err := s.Train(ctx, p.config, run, seed, p.sets...)
		if err != nil {
			return err
		}
		values["seconds"] = append(values["seconds"], t.Seconds)
		m, err := s.Eval(ctx, run)
		if err != nil {
			return err
		}
		for name, v := range m {
			values[name] = append(values[name], v)
		}
	}
	if r.Values == nil {
		r.Values = map[string]any{}
	}
	for name, v := range values {
		r.Values[prefix+name] = Median(v...)
	}
	r.Rows = append(r.Rows, Row{prefix + "relative L2 by seed", fmt.Sprintf("%.3g in %.0f s", values["rel_l2"], values["seconds"])})
	for _, b := range p.bars {
		v, name := Median(values[b.metric]...), b.metric
		if b.every {
			v, name = worst(values[b.metric]), name+", every seed"
		}
		r.Checks = append(r.Checks, Check{Name: prefix + name, Value: v, Bar: b.limit, Goal: b.goal})
	}
	return nil
}

// worst is the largest of the values; NaN where one is, or where there is none.
func worst(values []float64) float64 {
	if len(values) == 0 {
		return Median()
	}
	most := values[0]
	for _, v := range values {
		if v > most || v != v {
			most = v
		}
	}
	return most
}

// problems is the script of an entry that solves problems one after another.
func problems(list ...problem) func(context.Context, *Script) (Result, error) {
	return func(ctx context.Context, s *Script) (Result, error) {
		var r Result
		for _, p := range list {
			if err := s.solve(ctx, p, &r); err != nil {
				return Result{}, err
			}
		}
		return r, nil
	}
}
