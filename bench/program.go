package bench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// program is a compiled Case.
type program struct {
	*engine.Program
	store *engine.Store
	falls bool
	sizes []int // of the outputs
}

// compile puts a case on a backend, without values.
func compile(b engine.Backend, c *Case) (*program, error) {
	p := &program{store: engine.NewStore(b), falls: c.Falls}
	var err error
	if p.Program, err = engine.Compile(c.graph(), c.Outputs, c.Updates, p.store); err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	if _, trains := c.Inputs[inputLR]; trains { // by as few launches as a run does it
		if err := p.Ahead(inputLR); err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
	}
	for _, v := range c.Outputs {
		p.sizes = append(p.sizes, v.Dims().Size())
	}
	return p, nil
}

// roots is everything that a step computes: the outputs, then the new values of the variables.
func (c *Case) roots() []op.Value {
	roots := append([]op.Value{}, c.Outputs...)
	for _, u := range c.Updates {
		roots = append(roots, u.Value)
	}
	return roots
}

func (c *Case) graph() *op.Graph { return c.roots()[0].Graph() }

// load sets inputs and parameters; the optimizer starts from zero.
func (p *program) load(c *Case) error {
	for name, data := range c.Inputs {
		if err := engine.Feed(p.Program, name, data); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
	}
	for name, data := range c.Params {
		if err := p.store.Set(name, data); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
	}
	return nil
}

// drawn is the case's leaves for a check: where a run starts from zero, drawn values take part in every term instead, the squares'
// means positive, and the learning rate is large enough to be seen.
func (c *Case) drawn() (map[string][]float64, error) {
	order, err := op.Topological(c.roots()...)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	leaves := map[string][]float64{}
	for _, v := range order {
		l, ok := v.Leaf()
		if !ok || l.Kind == op.Constant {
			continue
		}
		data := c.Params[l.Name]
		if data == nil {
			for _, x := range c.Inputs[l.Name] {
				data = append(data, float64(x))
			}
		}
		if data == nil {
			data = make([]float64, l.Dims.Size())
			for i := range data {
				if data[i] = rnd.NormFloat64(); strings.HasPrefix(l.Name, "adam.v.") {
					data[i] = 1 + data[i]*data[i]
				}
			}
		}
		leaves[l.Name] = data
	}
	if len(leaves[inputLR]) == 1 {
		leaves[inputLR] = []float64{.125}
	}
	return leaves, nil
}

// Step runs n times and returns the mean wall time.
func (p *program) Step(ctx context.Context, n int) (time.Duration, error) {
	begin := time.Now()
	for range n {
		if err := cmp.Or(ctx.Err(), p.Run()); err != nil {
			return 0, fmt.Errorf("bench: %w", err)
		}
	}
	if err := p.Wait(); err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	return time.Since(begin) / time.Duration(n), nil
}

// allocated counts what a step allocates: the least of several, since the runtime now and then allocates by itself.
func allocated(ctx context.Context, c contestant) (int64, error) {
	least := int64(math.MaxInt64)
	for range 8 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := c.Step(ctx, 1); err != nil {
			return 0, err
		}
		runtime.ReadMemStats(&after)
		least = min(least, int64(after.Mallocs-before.Mallocs))
	}
	return least, nil
}

// loss is the last step's, 0 where there is none.
func (p *program) loss() (float64, error) {
	if !p.falls {
		return 0, nil
	}
	return p.Scalar(0)
}

// finite reports outputs that are not.
func (p *program) finite() error {
	for i, n := range p.sizes {
		out := make([]float32, n)
		if err := engine.Output(p.Program, i, out); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		for j, x := range out {
			if d := float64(x); math.IsNaN(d) || math.IsInf(d, 0) {
				return fmt.Errorf("bench: element %d of output %d is %v", j, i, x)
			}
		}
	}
	return nil
}
