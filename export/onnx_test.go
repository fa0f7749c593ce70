package export_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/export"
	"github.com/kolmogo/kolmogo/export/onnx"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// The exported graph of every kind of model computes, by the definitions of its operators, what the engine predicts.
func TestONNXParity(t *testing.T) {
	for _, kind := range []string{"fno", "neuralop_fno", "mlp", "ufno", "unet", "unet_plain", "unet_convnext", "dilated_resnet", "transformer", "deeponet", "pod_deeponet", "multionet"} {
		for axes := 1; axes <= 2; axes++ {
			p, _ := predictor(t, kind, axes, op.Float32)
			path := filepath.Join(t.TempDir(), "p.onnx")
			if err := export.WriteONNX(path, p, shapeOf(p)); err != nil {
				t.Fatalf("%s, %d axes: %v", kind, axes, err)
			}
			d, largest, err := export.CheckONNX(path, p)
			if err != nil || !(d <= 2e-5*largest) || !(largest > 0) {
				t.Errorf("%s, %d axes: differs by %v of %v, %v", kind, axes, d, largest, err)
			}
		}
	}
}

// shapeOf is a batch of two on eight points per axis.
func shapeOf(p *train.Predictor) []int {
	d := p.Description
	return slices.Concat([]int{2}, slices.Repeat([]int{8}, d.Axes), []int{d.Frames * d.Channels})
}

// A prediction that is drawn has no model.
func TestONNXOfNoise(t *testing.T) {
	b, err := cpu.New(cpu.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := train.NewPredictor(models.Description{
		Model: models.Config{Kind: "dilated_resnet", Width: 4, Layers: 1, Dilations: []int{1}}, Channels: 1, Outputs: 1, Axes: 1, Frames: 1,
		Refiner: refiner.Config{Kind: "refine", Steps: 2},
	}, op.Float32, b)
	if err != nil {
		t.Fatal(err)
	}
	zeros := map[string][]byte{}
	for _, q := range p.Params() {
		zeros[q.Name] = make([]byte, 4*q.Dims.Size())
	}
	if err := p.SetWeights(zeros); err != nil {
		t.Fatal(err)
	}
	if err := export.WriteONNX(filepath.Join(t.TempDir(), "p.onnx"), p, shapeOf(p)); !errors.Is(err, onnx.ErrNoOperator) {
		t.Errorf("got %v", err)
	}
}

// ONNX Runtime, where a Python with it is there, computes what the engine predicts.
func TestONNXRuntime(t *testing.T) {
	python := os.Getenv("KOLMOGO_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import onnxruntime, onnx").Run(); err != nil {
		t.Skip("no Python with onnx and onnxruntime")
	}
	for _, kind := range []string{"fno", "unet", "unet_convnext", "transformer", "deeponet"} {
		p, _ := predictor(t, kind, 2, op.Float32)
		path := filepath.Join(t.TempDir(), "p.onnx")
		if err := export.WriteONNX(path, p, shapeOf(p)); err != nil {
			t.Fatal(err)
		}
		shape := shapeOf(p)
		n := 1
		for _, k := range shape {
			n *= k
		}
		in, given := make([]float32, n), []float32{0.5, -0.25}
		for i := range in {
			in[i] = float32(i%17)/8 - 1
		}
		ours := make([]float32, n/shape[len(shape)-1]*p.Description.Outputs)
		told := train.Told{}
		if len(p.Description.Condition) > 0 {
			told.Scalars = given
		}
		if err := p.PredictFor(ours, in, shape, told); err != nil {
			t.Fatal(err)
		}
		script := fmt.Sprintf(`
import numpy as np, onnx, onnxruntime
path, shape = %q, %s
onnx.checker.check_model(onnx.load(path), full_check=True)
x = ((np.arange(np.prod(shape)) %% 17) / 8 - 1).astype(np.float32).reshape(shape)
s = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
feeds = {"x": x, "given": np.array([[.5], [-.25]], np.float32)}
y = s.run(["y"], {i.name: feeds[i.name] for i in s.get_inputs()})[0].reshape(-1)
print(" ".join("%%r" %% float(v) for v in y))
`, path, strings.ReplaceAll(fmt.Sprint(shape), " ", ","))
		out, err := exec.Command(python, "-c", script).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, out)
		}
		words := strings.Fields(string(out))
		if len(words) != len(ours) {
			t.Fatalf("%s: %d values, want %d\n%s", kind, len(words), len(ours), out)
		}
		difference, largest := 0.0, 0.0
		for i, w := range words {
			var v float64
			if _, err := fmt.Sscan(w, &v); err != nil {
				t.Fatal(err)
			}
			difference, largest = max(difference, abs(v-float64(ours[i]))), max(largest, abs(v))
		}
		if !(difference <= 2e-5*largest) {
			t.Errorf("%s: differs by %v of %v", kind, difference, largest)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }
