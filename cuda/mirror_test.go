//go:build gpu

package cuda

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// TestStructsMirrorTheirKernels: the arguments that are structs have the size that the compiled kernels give them.
func TestStructsMirrorTheirKernels(t *testing.T) {
	pad := struct{ Mode, Small, Big, Before, Tail int32 }{}
	for _, dt := range []op.Dtype{op.Float32, op.Float64} {
		norm := normLaunch(dt, axes{}, axes{}, 0)
		for _, c := range []struct {
			family, kernel string
			parameter      int
			bytes          []byte
		}{
			{"chain", "chain", 3, record(axes{})}, {"move", "move", 0, record(axes{})}, {"move", "move", 1, record(axes{})},
			{"move", "pad", 0, record(pad)}, {"move", "pad_adjoint", 0, record(pad)},
			{"sum", "sum_rows", 0, record(sumLaunch{})}, {"sum", "sum_columns", 0, record(sumLaunch{})},
			{"product", "product", 0, record(productLaunch{})}, {"product", "product_small", 0, record(productLaunch{})},
			{"product", "product_sum", 0, record(productLaunch{})}, {"product", "cproduct", 0, record(productLaunch{})},
			{"conv", "conv", 0, record(convLaunch{})}, {"conv", "conv_transpose", 0, record(convLaunch{})}, {"conv", "conv_weight", 0, record(convLaunch{})},
			{"depthwise", "depthwise", 0, record(depthwiseLaunch{})}, {"depthwise", "depthwise_weight", 0, record(depthwiseLaunch{})},
			{"fit", "fit", 0, record(fitLaunch{})}, {"fit", "fit_adjoint", 0, record(fitLaunch{})}, {"fit", "fit_rows", 0, record(fitLaunch{})},
			{"jet", "jet", 0, record(jetLaunch{})}, {"jet", "jet_grad", 0, record(jetLaunch{})},
			{"normalize", "normalize", 0, norm}, {"normalize", "normalize_grad", 0, norm},
		} {
			text, err := ptx.ReadFile("ptx/" + c.family + suffix(dt) + ".ptx")
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s%s_param_%d", c.kernel, suffix(dt), c.parameter)
			m := regexp.MustCompile(`\.b8 ` + name + `\[(\d+)\]`).FindSubmatch(text)
			if m == nil {
				t.Errorf("%s is no struct", name)
			} else if got := fmt.Sprint(len(c.bytes)); got != string(m[1]) {
				t.Errorf("%s has %s bytes, here %s", name, m[1], got)
			}
		}
	}
}

// TestEveryFunctionHasANumber: the names that chains use are those of functions.h.
func TestEveryFunctionHasANumber(t *testing.T) {
	number := functionNumber()
	used := map[string]bool{"load": true, "store": true}
	for _, f := range []any{op.AffineFunc{}, op.PowFunc{}, op.AddFunc{}, op.SubFunc{}, op.MulFunc{}, op.DivFunc{}, op.ExpFunc{}, op.LogFunc{}, op.SinFunc{},
		op.CosFunc{}, op.SqrtFunc{}, op.TanhFunc{}, op.SigmoidFunc{}, op.SiLUFunc{}, op.SiLUSlopeFunc{}, op.GELUFunc{}, op.GELUSlopeFunc{}, op.GELUTanhFunc{},
		op.GELUTanhSlopeFunc{}, op.ReLUFunc{}, op.StepFunc{}, op.SoftplusFunc{}} {
		e, err := elementOf(f)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, ok := number[e.name]; !ok {
			t.Errorf("functions.h does not list %s", e.name)
		}
		used[e.name] = true
	}
	if len(used) != len(number) {
		t.Errorf("functions.h lists %d functions, chains use %d", len(number)-2, len(used)-2)
	}
}
