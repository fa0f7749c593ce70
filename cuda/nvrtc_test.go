//go:build gpu

package cuda

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/cuda/dl"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// TestEpiloguesCompile: NVIDIA's compiler takes kernels of products with an epilogue, of every kind.
func TestEpiloguesCompile(t *testing.T) {
	compiler, err := dl.OpenCompiler(filepath.SplitList(os.Getenv("CUDA_LIB_DIR")), []string{"../.cuda"})
	if err != nil {
		t.Skip(err)
	}
	d := op.Of(7, 5)
	chain := &engine.Chain{Dims: d, Loads: [][]int{{0, 1}, d.Strides(), d.Strides()}, Stores: []int{4, 3},
		Code: []engine.Instr{{Load: 0}, {Load: 1}, {Binary: op.AddFunc{}, A: 0, B: 1}, {Unary: op.GELUFunc{}, A: 2}, {Unary: op.GELUSlopeFunc{}, A: 2}, {Load: 2}}}
	body, err := chainSource(chain, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]string{"large": "product_tile<64, EXACT>(p, a, b, partial, take)", "tf32": "product_tile<64, TF32>(p, a, b, partial, take)",
		"precise": "product_tile<64, TF32X3>(p, a, b, partial, take)", "small": "product_tile<32, EXACT>(p, a, b, partial, take)",
		"total": "product_total(p, partial, take)", "complex": "complex_tile(p, a, b, take)"} {
		for _, dt := range []op.Dtype{op.Float32, op.Float64} {
			options := []string{"--gpu-architecture=compute_80", "--std=c++17"}
			if dt == op.Float64 {
				options = append(options, "--define-macro=DOUBLE")
			}
			ptx, err := compiler.Compile(finishedSource(name, call, body, 5), name+".cu", Headers(), options...)
			if err != nil {
				t.Errorf("%s%s: %v", name, suffix(dt), err)
				continue
			}
			if !strings.Contains(string(ptx), ".entry "+name+suffix(dt)+"(") {
				t.Errorf("%s%s is not in its PTX", name, suffix(dt))
			}
		}
	}
}
