package simd

import (
	"fmt"
	"strings"
)

// Float is the element type of the kernels.
type Float interface{ float32 | float64 }

// Kernels is one implementation of the arithmetic on elements of type T.
type Kernels[T Float] struct {
	// Name is "go", "avx2" or "avx512".
	Name string

	// Gemm computes C = op(A)·op(B), or C += op(A)·op(B) where accumulate is set; op(X) is X, or its transpose
	// where the flag is set. op(A) is m × k, op(B) is k × n, C is m × n; matrices are row-major and ld is the
	// distance between the starts of stored rows. C must not overlap A or B. work holds at least
	// GemmWork(m, n, k) elements. An element of C depends, bit for bit, on its row of op(A), its column of
	// op(B), its old value and k alone. Slices too short for the sizes panic.
	Gemm func(m, n, k int, a []T, lda int, transA bool, b []T, ldb int, transB bool, c []T, ldc int, accumulate bool, work []T)
}

// Set is one implementation for both element types.
type Set struct {
	F32 Kernels[float32]
	F64 Kernels[float64]
}

// Generic returns the portable kernels.
func Generic() Set {
	return Set{F32: generic[float32](), F64: generic[float64]()}
}

func generic[T Float]() Kernels[T] {
	return Kernels[T]{Name: "go", Gemm: tileGo[T]().gemm}
}

// Available returns the implementations that this machine runs, fastest first; the last is Generic.
func Available() []Set {
	return append(native(), Generic())
}

// Best returns the fastest implementation that this machine runs, or the one called name. An unknown name and
// one that the machine lacks are errors.
func Best(name string) (Set, error) {
	all := Available()
	if name == "" {
		return all[0], nil
	}
	var names []string
	for _, s := range all {
		if s.F32.Name == name {
			return s, nil
		}
		names = append(names, s.F32.Name)
	}
	return Set{}, fmt.Errorf("simd: no kernels %q on this machine; it has %s", name, strings.Join(names, ", "))
}
