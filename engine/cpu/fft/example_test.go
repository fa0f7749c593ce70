package fft_test

import (
	"fmt"

	"github.com/kolmogo/kolmogo/engine/cpu/fft"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Two channels of four points: a constant and an alternating one.
func ExampleReal() {
	k := simd.Generic().F64
	f := fft.NewReal(&k, 4, 3, 1, false)
	x := []float64{5, 1, 5, -1, 5, 1, 5, -1} // [points, channels]
	X := make([]float64, 3*2*2)              // [bins, re and im, channels]
	re, im := simd.Rows[float64]{Data: X, Step: 4}, simd.Rows[float64]{Data: X, First: 2, Step: 4}
	f.Analyse(re, im, simd.Rows[float64]{Data: x, Step: 2}, 2, make([]float64, f.Work(2)))
	for k := range 3 {
		fmt.Println(X[4*k], X[4*k+1])
	}
	// Output:
	// 20 0
	// 0 0
	// 0 4
}
