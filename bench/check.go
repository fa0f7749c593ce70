package bench

import (
	"context"
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/engine"
)

// Check says how near a step at the small size came to the definitions.
type Check struct {
	Arrays     int     `json:"arrays"`     // outputs and updated variables compared
	Difference float64 `json:"difference"` // the largest ‖got − want‖₂/‖want‖₂
	Tolerance  float64 `json:"tolerance"`  // of that array
}

// slack is how many times further from the definition than its own rounding to float32 a program may be: it rounds sums as well, over
// some hundred terms, and may sum in another order.
const slack = 64

// check runs one step of a problem and compares it with the definitions in float64. An array may differ by slack·(e + u‖want‖₂), where
// e is how far the definitions move when every intermediate value is rounded to float32, and u = 2⁻²⁴.
func check(ctx context.Context, b engine.Backend, problem Problem) (Check, error) {
	c, err := problem.Build()
	if err != nil {
		return Check{}, fmt.Errorf("bench: %w", err)
	}
	leaves, err := c.drawn()
	if err != nil {
		return Check{}, err
	}
	got, err := runOnce(ctx, b, c, leaves)
	if err != nil {
		return Check{}, err
	}
	want, err := evaluate(c.roots(), leaves, false)
	if err != nil {
		return Check{}, err
	}
	rounded, err := evaluate(c.roots(), leaves, true)
	if err != nil {
		return Check{}, err
	}
	result := Check{Arrays: len(want)}
	for i, w := range want {
		norm := distance(w, nil)
		far, allowed := distance(got[i], w), slack*(distance(rounded[i], w)+0x1p-24*norm)
		if !(far <= allowed) {
			return result, fmt.Errorf("bench: %s at the small size is wrong: %s differs from its definition by %.3g of its size, allowed are %.3g",
				problem.Kind(), c.nameOf(i), far/norm, allowed/norm)
		}
		if far > result.Difference*norm {
			result.Difference, result.Tolerance = far/norm, allowed/norm
		}
	}
	return result, nil
}

// nameOf names a root.
func (c *Case) nameOf(i int) string {
	if i < len(c.Outputs) {
		return fmt.Sprintf("output %d", i)
	}
	l, _ := c.Updates[i-len(c.Outputs)].Variable.Leaf()
	return l.Name
}

// runOnce makes one step from the given leaves and returns outputs and updated variables.
func runOnce(ctx context.Context, b engine.Backend, c *Case, leaves map[string][]float64) (roots [][]float64, err error) {
	p, err := compile(b, c)
	if err != nil {
		return nil, err
	}
	for name, data := range leaves {
		if _, variable := p.store.Var(name); variable {
			err = p.store.Set(name, data)
		} else {
			err = engine.Feed(p.Program, name, data)
		}
		if err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
	}
	if _, err := p.Step(ctx, 1); err != nil {
		return nil, err
	}
	for i, n := range p.sizes {
		out := make([]float64, n)
		if err := engine.Output(p.Program, i, out); err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
		roots = append(roots, out)
	}
	for _, u := range c.Updates {
		l, _ := u.Variable.Leaf()
		data, err := p.store.Get(l.Name)
		if err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
		roots = append(roots, data)
	}
	return roots, nil
}

// distance is ‖x − y‖₂, of x alone where y is nil.
func distance(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		if y != nil {
			v -= y[i]
		}
		s += v * v
	}
	return math.Sqrt(s)
}
