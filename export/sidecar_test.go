package export_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/export"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// The sidecar leaves nothing to a default and names the axes of every tensor, with the shapes that the file has.
func TestSidecarIsComplete(t *testing.T) {
	for _, m := range []models.Config{
		{Kind: "mlp"},
		{Kind: "fno", Width: 3, Modes: models.Modes{2}},
		{Kind: "neuralop_fno", Width: 4, Norm: "group", Padding: .1, Modes: models.Modes{4}},
		{Kind: "neuralop_fno", Width: 4, Factorization: "tucker", Rank: .5, Modes: models.Modes{4}},
		{Kind: "ufno", Width: 2, Modes: models.Modes{2}, Layers: 1, UNetLayers: 1},
		{Kind: "unet", Width: 2, Multipliers: []int{1, 2}, Attention: []int{1}},
		{Kind: "unet_plain", Width: 8, Multipliers: []int{1, 2}},
		{Kind: "unet_convnext", Width: 2, Multipliers: []int{1, 2}},
		{Kind: "dilated_resnet", Width: 2},
		{Kind: "dilated_resnet", Width: 2, Block: "residual", Norm: "layer"},
		{Kind: "transformer", Width: 4},
		{Kind: "deeponet", Width: 4},
		{Kind: "multionet", Width: 4},
		{Kind: "pod_deeponet", Width: 4},
	} {
		b, err := cpu.New(cpu.Config{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		p, err := train.NewPredictor(models.Description{Model: m, Channels: 1, Outputs: 1, Axes: 2, Grid: []int{4, 4}, Condition: []string{"nu"}}, op.Float32, b)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.SetWeights(zeros(p)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "w.safetensors")
		if err := export.Write(path, p, nil); err != nil {
			t.Fatal(err)
		}
		s, err := export.ReadSidecar(path)
		if err != nil {
			t.Fatal(err)
		}
		if s.Surrogate.Model.Layers == 0 || s.Surrogate.Model.Activation == "" || s.Surrogate.Model.Coordinates == "" {
			t.Errorf("%s: defaults are left open: %+v", m.Kind, s.Surrogate.Model)
		}
		if s.Conventions.Scalars == "" {
			t.Errorf("%s: the scalars are not described", m.Kind)
		}
		if s.Conventions.Network == "" {
			t.Errorf("%s: the network is not described", m.Kind)
		}
		c, err := datasets.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if len(c.Names()) != len(s.Parameters) || len(s.Parameters) == 0 {
			t.Errorf("%s: %d tensors, %d described", m.Kind, len(c.Names()), len(s.Parameters))
		}
		for _, q := range s.Parameters {
			a, err := c.Array(q.Name)
			if err != nil {
				t.Fatal(err)
			}
			if q.Layout == "" || !slices.Equal(a.Shape, q.Shape) {
				t.Errorf("%s: %s %v %q, stored as %v", m.Kind, q.Name, q.Shape, q.Layout, a.Shape)
			}
		}
	}
}

func zeros(p *train.Predictor) map[string][]byte {
	data := map[string][]byte{}
	for _, q := range p.Params() {
		data[q.Name] = make([]byte, q.Dims.Size()*p.Precision.Size())
	}
	return data
}

// A damaged weights file, a sidecar of other weights, of another format, or none: each is an error with the file's name.
func TestDamagedExports(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, path string){
		"checksum": func(t *testing.T, path string) { flip(t, path, -1) },
		"w.safetensors.json": func(t *testing.T, path string) {
			if err := os.Remove(export.SidecarPath(path)); err != nil {
				t.Fatal(err)
			}
		},
		`this program reads "` + export.Format: func(t *testing.T, path string) {
			edit(t, path, func(s map[string]any) { s["format"] = "kolmogo-surrogate-2" })
		},
		"the architecture wants": func(t *testing.T, path string) {
			edit(t, path, func(s map[string]any) { s["surrogate"].(map[string]any)["model"].(map[string]any)["width"] = 5 })
		},
		"float16": func(t *testing.T, path string) { edit(t, path, func(s map[string]any) { s["precision"] = "float16" }) },
	} {
		p, b := predictor(t, "fno", 1, op.Float32)
		path := filepath.Join(t.TempDir(), "w.safetensors")
		if err := export.Write(path, p, nil); err != nil {
			t.Fatal(err)
		}
		damage(t, path)
		_, err := export.Read(path, b)
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func flip(t *testing.T, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[(at+len(b))%len(b)] ^= 1
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, path string, change func(map[string]any)) {
	t.Helper()
	path = export.SidecarPath(path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	change(s)
	if b, err = json.Marshal(s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Nothing is left behind where the folder cannot be written to, and the error names the file.
func TestUnwritableFolder(t *testing.T) {
	p, _ := predictor(t, "fno", 1, op.Float32)
	path := filepath.Join(t.TempDir(), "missing", "w.safetensors")
	if err := export.Write(path, p, nil); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("error is %v", err)
	}
}
