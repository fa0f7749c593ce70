package train

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/domain"
)

// validation is the loss at fixed points, dense and new to the optimizer, a quarter of them in the first fiftieth of the time: a network
// that hides a jump between the points next to the start has a small loss and is wrong.
type validation struct {
	program *engine.Program
	feeds   map[string][]float64
}

func (t *PINN) newValidation() (*validation, error) {
	v := &validation{feeds: map[string][]float64{}}
	rnd := rand.New(rand.NewPCG(t.Seed, 1<<40))
	count := func(set *pinn.Set) int {
		if set.Inside() {
			return max(1, t.Config.Points.Validation/t.model.Parts())
		}
		return set.Points
	}
	for _, set := range t.model.Sets {
		n := count(set)
		if targets, ok := t.feeds["targets."+set.Name]; ok && set.Observed() {
			v.feeds["targets."+set.Name], v.feeds["points."+set.Name] = targets, t.feeds["points."+set.Name]
			continue
		}
		feed, err := t.model.Draw(set, n, pinn.Draw{Sampling: domain.Uniform}, rnd)
		if err != nil {
			return nil, err
		}
		if set.Inside() && len(t.Problem.Domain.Time) > 0 {
			early, err := t.model.Draw(set, n/4, pinn.Draw{Sampling: domain.Uniform, Horizon: 0.02}, rnd)
			if err != nil {
				return nil, err
			}
			copy(feed["points."+set.Name], early["points."+set.Name])
		}
		if err := t.handOver(set, n, feed); err != nil {
			return nil, err
		}
		for name, data := range feed {
			v.feeds[name] = data
		}
	}
	g := op.NewGraph()
	_, rows, err := t.residuals(g, count, nil)
	if err != nil {
		return nil, err
	}
	loss := op.MeanAll(op.Mul(rows[0], rows[0]))
	for _, r := range rows[1:] {
		loss = op.Add(loss, op.MeanAll(op.Mul(r, r)))
	}
	v.program, err = engine.Compile(g, []op.Value{loss}, nil, t.store)
	return v, err
}

// validate measures the loss at the fixed points and keeps the weights if it is the smallest. While the horizon grows nothing is kept.
func (t *PINN) validate() error {
	if t.horizon() < 1 {
		return nil
	}
	if t.valid == nil {
		v, err := t.newValidation()
		if err != nil {
			return err
		}
		t.valid = v
	}
	if err := t.feedPoints(t.valid.program, t.valid.feeds, t.target); err != nil {
		return err
	}
	if err := t.valid.program.Run(); err != nil {
		return err
	}
	loss, err := t.valid.program.Scalar(0)
	if err != nil {
		return err
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return &DivergedError{Step: t.state.Step, Epoch: t.state.Epoch, What: "the validation loss", Loss: loss}
	}
	t.state.Valid = &loss
	line := map[string]any{"step": t.state.Step, "epoch": t.state.Epoch, "valid": loss}
	t.addWindow(line)
	if err := t.startJudge(); err != nil {
		return err
	}
	if e, ok, err := t.judge.relative(); err != nil {
		return err
	} else if ok {
		line["rel_l2"] = e
	}
	if err := t.writeLog(line); err != nil {
		return err
	}
	if t.state.Best == nil || loss < *t.state.Best {
		t.state.Best = &loss
		return t.save(BestFile)
	}
	return nil
}

// judge measures the error against the reference while training goes on, for the log: nothing depends on it.
type judge struct {
	solution     *Solution
	points, want []float64 // none: there is no reference
}

// startJudge makes the judge of this window or play.
func (t *PINN) startJudge() error {
	if t.judge != nil {
		return nil
	}
	m, err := t.playing()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	t.judge, err = newJudge(m, t.state.Window+1, t.Precision, t.store)
	return err
}

// newJudge judges the first windows, of the given number.
func newJudge(m *pinn.Model, windows int, dt op.Dtype, store *engine.Store) (*judge, error) {
	grid, all, err := m.Judged()
	if errors.Is(err, pinn.ErrNoReference) {
		return &judge{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	j := &judge{}
	d, k := len(m.Problem.Coordinates), len(m.Quantities)
	for _, i := range m.InWindow(grid, windows) {
		j.points, j.want = append(j.points, grid[i*d:(i+1)*d]...), append(j.want, all[i*k:(i+1)*k]...)
	}
	j.solution, err = newSolution(m, dt, store)
	return j, err
}

// relative is ‖u − w‖/‖w‖, if there is a reference w.
func (j *judge) relative() (e float64, ok bool, err error) {
	if j.solution == nil {
		return 0, false, nil
	}
	u, err := j.solution.At(j.points)
	if err != nil {
		return 0, false, err
	}
	d, w := 0.0, 0.0
	for i, v := range j.want {
		d, w = d+(u[i]-v)*(u[i]-v), w+v*v
	}
	return math.Sqrt(d / w), w > 0, nil
}
