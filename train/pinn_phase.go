package train

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train/optimize"
)

// count is the number of points of a set in the present phase.
func (t *PINN) count(set *pinn.Set) int {
	if !set.Inside() {
		return set.Points
	}
	n := set.Points
	if all := t.phases[min(t.state.Epoch, len(t.phases)-1)].Points; all > 0 {
		n = max(1, all/t.model.Parts())
	}
	return n + t.state.Added
}

// points is the number of points of all sets.
func (t *PINN) points() (n int) {
	for _, s := range t.model.Sets {
		n += t.count(s)
	}
	return n
}

// residuals adds the rows of all sets, each times the root of its weight, so that the loss is the sum of their mean squares. weigh changes those of
// a set, of which the first has the given number; nil: it stays.
func (t *PINN) residuals(g *op.Graph, count func(*pinn.Set) int, weigh func(g *op.Graph, set *pinn.Set, number int, rows []op.Value) []op.Value) (params, rows []op.Value, err error) {
	for _, set := range t.model.Sets {
		list, err := t.model.Rows(g, t.Precision, set, count(set))
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrConfig, err)
		}
		scaled := make([]op.Value, len(list))
		for i, r := range list {
			scaled[i] = op.Scale(r.Value, math.Sqrt(r.Weight))
		}
		t.couple(g, set, scaled)
		if weigh != nil {
			scaled = weigh(g, set, len(rows), scaled)
		}
		rows = append(rows, scaled...)
	}
	for _, p := range t.model.Params() {
		params = append(params, p.In(g, t.Precision))
	}
	return params, rows, nil
}

// problem is what a phase's optimizer works on.
func (t *PINN) problem() optimize.Problem {
	return optimize.Problem{Store: t.store, Feed: t.feed, Build: func(g *op.Graph) (params, rows []op.Value) {
		params, rows, err := t.residuals(g, t.count, t.weigh)
		if err != nil && g.Err() == nil {
			g.Scalar(t.Precision, 0).Fail(err)
		}
		return params, rows
	}}
}

// feed sets the points of now and varied parameters.
func (t *PINN) feed(p *engine.Program) error { return t.feedPoints(p, t.feeds, t.parameter) }

// feedPoints sets points, and varied parameters to values.
func (t *PINN) feedPoints(p *engine.Program, points map[string][]float64, value func(name string) float64) error {
	if err := t.feedChoice(p); err != nil {
		return err
	}
	for name, data := range points {
		if err := engine.Feed(p, name, data); err != nil {
			return err
		}
	}
	for _, name := range t.Problem.Varied {
		if err := engine.Feed(p, "parameter."+name, []float64{value(name)}); err != nil {
			return err
		}
	}
	return nil
}

// begin compiles the optimizer of the present phase; state is what a checkpoint has of it, nil at the phase's start.
func (t *PINN) begin(state []byte) error {
	phase := t.phases[t.state.Epoch]
	t.store.Forget("work.") // of another number of points, maybe
	var err error
	if slices.Contains(firstOrder(), phase.Method) {
		t.method, err = newFirstOrder(t.problem(), t.Config.Optimizer, phase, t.Precision)
	} else {
		c := optimize.Config{LevenbergMarquardt: phase.LevenbergMarquardtConfig, GaussNewton: phase.GaussNewtonConfig, LBFGS: phase.LBFGSConfig, NewtonCG: phase.Sketch}
		t.method, err = optimize.New(phase.Method, t.problem(), c)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if state != nil {
		return t.method.SetState(state)
	}
	return nil
}

// renew draws points for the next steps, and compiles the optimizer anew where their number changes.
func (t *PINN) renew() error {
	if a, ok := t.adaptation(); ok && a.added != nil {
		if more := a.added(t); more != 0 {
			state, err := t.method.State()
			if err != nil {
				return err
			}
			t.state.Added += more
			t.gauges = nil
			if err := t.begin(state); err != nil {
				return err
			}
		}
	}
	if err := t.draw(); err != nil {
		return err
	}
	return t.method.Restart()
}

// gradientDescent is the methods of OptimizerConfig as an optimize.Method, with a cosine schedule over its phase.
type gradientDescent struct {
	problem optimize.Problem
	config  OptimizerConfig
	phase   Phase
	program *engine.Program
	state   struct{ Step int }
}

func newFirstOrder(p optimize.Problem, c OptimizerConfig, phase Phase, dt op.Dtype) (*gradientDescent, error) {
	if slices.Contains(firstOrder(), phase.Method) {
		c.Kind = phase.Method
	}
	g := op.NewGraph()
	params, rows := p.Build(g)
	if err := g.Err(); err != nil {
		return nil, err
	}
	loss := op.MeanAll(op.Mul(rows[0], rows[0]))
	for _, r := range rows[1:] {
		loss = op.Add(loss, op.MeanAll(op.Mul(r, r)))
	}
	var updates []engine.Update
	for i, d := range op.Gradients(loss, params...) {
		if !d.Valid() {
			continue
		}
		leaf, _ := params[i].Leaf()
		updates = append(updates, c.Update(leaf.Name, params[i], d)...)
	}
	program, err := engine.Compile(g, []op.Value{loss}, updates, p.Store)
	if err == nil {
		err = program.Ahead(inputLR, inputCorrect1, inputCorrect2)
	}
	return &gradientDescent{problem: p, config: c, phase: phase, program: program}, err
}

// Step implements optimize.Method.
func (m *gradientDescent) Step() (r optimize.Report, err error) {
	err = m.Steps(1, func(one optimize.Report) { r = one })
	return r, err
}

// Steps does n steps at the same points, and reports each when all are begun: a device does them by few launches.
func (m *gradientDescent) Steps(n int, report func(optimize.Report)) error {
	if err := m.problem.Feed(m.program); err != nil {
		return err
	}
	for range n {
		lr := m.phase.LR * (1 + math.Cos(math.Pi*float64(m.state.Step)/float64(m.phase.Steps))) / 2
		m.state.Step++
		if err := m.config.Feed(m.program, m.state.Step, lr); err != nil {
			return err
		}
		if err := m.program.Start(func(o engine.Outputs) error {
			f, err := o.Scalar(0)
			report(optimize.Report{F: f, Details: map[string]float64{"lr": lr}})
			return err
		}); err != nil {
			return err
		}
	}
	return m.program.Wait()
}

// Most is the number of steps that are worth to be done together.
func (m *gradientDescent) Most() int { return m.program.Together() }

// Restart implements optimize.Method.
func (m *gradientDescent) Restart() error { return nil }

// State implements optimize.Method.
func (m *gradientDescent) State() ([]byte, error) { return json.Marshal(m.state) }

// SetState implements optimize.Method.
func (m *gradientDescent) SetState(b []byte) error { return json.Unmarshal(b, &m.state) }
