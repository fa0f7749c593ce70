package optest

import (
	"fmt"

	"github.com/kolmogo/kolmogo/op"
)

// evaluate returns the outputs of a graph by the definitions of its ops in float64. Leaves are rounded to their dtype; store, unless
// nil, does to every computed value what storing it does: roundAll for a device.
func evaluate(feeds map[string][]float64, outputs []op.Value, store func(op.Dtype, []float64)) ([][]float64, error) {
	order, err := op.Topological(outputs...)
	if err != nil {
		return nil, err
	}
	values := map[op.Value]op.Array{}
	for _, v := range order {
		o, in, err := v.Def()
		if err != nil {
			return nil, err
		}
		a := op.NewArray(v.Dims())
		if o == nil {
			data, err := leafData(v, feeds)
			if err != nil {
				return nil, err
			}
			copy(a.Data, data)
			roundAll(v.Dtype(), a.Data)
		} else {
			args := make([]op.Array, len(in))
			for i, c := range in {
				args[i] = values[c]
			}
			o.Eval(a, args...)
			if store != nil {
				store(v.Dtype(), a.Data)
			}
		}
		values[v] = a
	}
	results := make([][]float64, len(outputs))
	for i, v := range outputs {
		results[i] = values[v].Data
	}
	return results, nil
}

// leafData is what a leaf holds: a constant's own value, or what is fed.
func leafData(v op.Value, feeds map[string][]float64) ([]float64, error) {
	l, ok := v.Leaf()
	if !ok {
		return nil, fmt.Errorf("optest: node %v is not a leaf", v.Node())
	}
	if l.Kind == op.Constant {
		return l.Data, nil
	}
	data, ok := feeds[l.Name]
	if !ok || len(data) != l.Dims.Size() {
		return nil, fmt.Errorf("optest: leaf %q of shape %v is fed %d values", l.Name, l.Dims, len(data))
	}
	return data, nil
}
