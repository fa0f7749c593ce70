package constraint

import (
	"fmt"
	"hash/fnv"
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// constant returns numbers as a constant beside x, named by what they are and their content.
func constant(x op.Value, what string, d op.Dims, data []float64) op.Value {
	h := fnv.New64a()
	fmt.Fprint(h, data)
	return x.Graph().Constant(fmt.Sprintf("constraint.%s %v %v %x", what, x.Dtype(), d, h.Sum64()), x.Dtype(), d, data)
}

// diagonal is the matrix √c·1 of order n, [1, n, n].
func diagonal(x op.Value, n int, c float64) op.Value {
	data := make([]float64, n*n)
	for i := range n {
		data[i*(n+1)] = math.Sqrt(c)
	}
	return constant(x, "diagonal", op.Of(1, n, n), data)
}
