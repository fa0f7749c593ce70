package bench

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// evaluate computes values by the definitions of their ops in float64 from the leaves' data; rounded rounds every result to float32.
func evaluate(roots []op.Value, leaves map[string][]float64, rounded bool) ([][]float64, error) {
	order, err := op.Topological(roots...)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	values := make(map[op.Value]op.Array, len(order))
	for _, v := range order {
		a := op.NewArray(v.Dims())
		o, in, err := v.Def()
		switch {
		case err != nil:
			return nil, fmt.Errorf("bench: %w", err)
		case o != nil:
			args := make([]op.Array, len(in))
			for i, c := range in {
				args[i] = values[c]
			}
			o.Eval(a, args...)
		default:
			l, _ := v.Leaf()
			data := l.Data
			if l.Kind != op.Constant {
				data = leaves[l.Name]
			}
			if copy(a.Data, data) != l.Dims.Size() {
				return nil, fmt.Errorf("bench: leaf %q of shape %v has %d values", l.Name, l.Dims, len(data))
			}
		}
		if o == nil || rounded {
			for i, x := range a.Data {
				a.Data[i] = float64(float32(x))
			}
		}
		values[v] = a
	}
	results := make([][]float64, len(roots))
	for i, v := range roots {
		results[i] = values[v].Data
	}
	return results, nil
}
