package simd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Every available implementation is found by its name; another name is an error that lists them.
func TestBest(t *testing.T) {
	all := simd.Available()
	for _, s := range all {
		got, err := simd.Best(s.F32.Name)
		if err != nil || got.F32.Name != s.F32.Name || got.F64.Name != s.F32.Name {
			t.Errorf("Best(%q) = %q, %q, %v", s.F32.Name, got.F32.Name, got.F64.Name, err)
		}
	}
	if got, err := simd.Best(""); err != nil || got.F32.Name != all[0].F32.Name {
		t.Errorf("Best(\"\") = %q, %v", got.F32.Name, err)
	}
	if _, err := simd.Best("mmx"); err == nil || !strings.Contains(err.Error(), "mmx") || !strings.Contains(err.Error(), "generic") {
		t.Errorf("Best(\"mmx\"): %v", err)
	}
	if name := simd.Generic().F32.Name; name != "generic" {
		t.Errorf("Generic is called %q", name)
	}
}

func ExampleKernels() {
	set, err := simd.Best("")
	if err != nil {
		panic(err)
	}
	ks := set.F64
	a := []float64{1, 2, 3, 4, 5, 6} // 2 × 3
	b := []float64{1, 0, 2}          // 3 × 1
	c := make([]float64, 2)
	ks.Gemm(2, 1, 3, a, 3, false, b, 1, false, c, 1, false, make([]float64, simd.GemmWork(2, 1, 3)))
	ks.Affine(c, c, 10, 1)
	fmt.Println(c, ks.Sum(c))
	// Output: [71 161] 232
}
