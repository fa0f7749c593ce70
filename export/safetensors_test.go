package export_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/export"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

func predictor(t *testing.T, kind string, axes int, precision op.Dtype) (*train.Predictor, *cpu.Backend) {
	t.Helper()
	b, err := cpu.New(cpu.Config{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	d := models.Description{
		Model:    models.Config{Kind: kind, Width: 8, Layers: 2},
		Channels: 1, Outputs: 1, Axes: axes, Frames: 2, Difference: true,
		Input: models.Scaling{Mean: []float64{.5}, Std: []float64{2}}, Output: models.Scaling{Mean: []float64{0}, Std: []float64{.1}},
	}
	switch kind {
	case "fno", "neuralop_fno", "ufno":
		d.Model.Modes = models.Modes{4}
	case "deeponet", "pod_deeponet", "multionet":
		d.Grid = slices.Repeat([]int{8}, axes)
	case "dilated_resnet":
		d.Model.Dilations = []int{1, 2}
	case "unet", "unet_plain", "unet_convnext":
		d.Model.Multipliers = []int{1, 2}
	}
	if kind != "mlp" && kind != "fno" {
		d.Condition, d.Scalars = []string{"nu"}, models.Scaling{Mean: []float64{1}, Std: []float64{3}}
	}
	p, err := train.NewPredictor(d, precision, b)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(3, 3))
	data := map[string][]byte{}
	for _, q := range p.Params() {
		raw := make([]byte, q.Dims.Size()*precision.Size())
		for i := range raw { // small exponents: every value is finite and below 2
			raw[i] = byte(rnd.IntN(256))
			if i%precision.Size() == precision.Size()-1 {
				raw[i] = 0x3e
			}
		}
		data[q.Name] = raw
	}
	if err := p.SetWeights(data); err != nil {
		t.Fatal(err)
	}
	return p, b
}

// Export, then reading weights and sidecar alone, gives the same model to the last bit.
func TestRoundTrip(t *testing.T) {
	for _, kind := range []string{"fno", "neuralop_fno", "mlp", "ufno", "unet", "unet_plain", "unet_convnext", "dilated_resnet", "transformer", "deeponet", "pod_deeponet", "multionet"} {
		for axes := 1; axes <= 2; axes++ {
			for _, precision := range []op.Dtype{op.Float32, op.Float64} {
				p, b := predictor(t, kind, axes, precision)
				path := filepath.Join(t.TempDir(), "w.safetensors")
				if err := export.Write(path, p, map[string]any{"made by": "test"}); err != nil {
					t.Fatal(err)
				}
				d, largest, err := export.Check(path, p, b)
				if err != nil || d != 0 || !(largest > 0) {
					t.Errorf("%s, %d axes, %v: difference %v of %v, %v", kind, axes, precision, d, largest, err)
				}
			}
		}
	}
}

func TestEqualWeightsGiveEqualBytes(t *testing.T) {
	var first []byte
	for range 3 {
		p, _ := predictor(t, "fno", 1, op.Float32)
		path := filepath.Join(t.TempDir(), "w.safetensors")
		if err := export.Write(path, p, nil); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if !bytes.Equal(first, b) {
			t.Error("the bytes differ")
		}
	}
}

func TestMissingWeightIsNamed(t *testing.T) {
	p, b := predictor(t, "fno", 1, op.Float32)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := export.Write(path, p, nil); err != nil {
		t.Fatal(err)
	}
	other, _ := predictor(t, "mlp", 1, op.Float32)
	if err := export.Write(path+"2", other, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"2", path); err != nil {
		t.Fatal(err)
	}
	if _, err := export.Read(path, b); err == nil {
		t.Error("weights of another model were accepted")
	}
}
