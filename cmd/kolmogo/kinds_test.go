package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models"
)

// Every kind of model is planned, trained under a condition, judged and exported by its name alone.
func TestEveryKindFromPlanToExport(t *testing.T) {
	folder, config := tiny(t)
	narrow := map[string]string{
		"unet": "  multipliers: [1, 2]\n", "unet_plain": "  multipliers: [1, 2]\n", "unet_convnext": "  multipliers: [1, 2]\n",
		"fno": "  modes: 6\n", "ufno": "  modes: 6\n  unet_layers: 1\n", "neuralop_fno": "  modes: 6\n", "dilated_resnet": "  dilations: [1, 2]\n",
	}
	text := tinyConfig(filepath.Join(folder, "data.kmg"))
	for _, kind := range models.Kinds() {
		if kind == "process" { // it reads measured points, not fields on a grid
			continue
		}
		t.Run(kind, func(t *testing.T) {
			model := "model:\n  kind: " + kind + "\n  width: 8\n  layers: 2\n" + narrow[kind]
			own := strings.Replace(text, "model:\n  width: 8\n  modes: 6\n  layers: 2\n", model, 1)
			own = strings.Replace(own, "  batch: 5\n", "  batch: 5\n  condition: [dt]\n", 1)
			if !strings.Contains(own, kind) || !strings.Contains(own, "condition") {
				t.Fatal("the tiny configuration has changed")
			}
			write(t, config, own)
			run := filepath.Join(folder, kind)
			var plan struct{ Parameters int }
			document(t, must(t, "train", config, "--dry-run", "--json", "--run", run), &plan)
			if plan.Parameters < 1 {
				t.Errorf("a plan of %d parameters", plan.Parameters)
			}
			must(t, "train", config, "--run", run, "--set", "train.epochs=1")
			var judged struct{ Metrics map[string]float64 }
			document(t, must(t, "eval", run, "--json", "--metrics", "fno.rel_l2"), &judged)
			if e := judged.Metrics["fno.rel_l2"]; !(e > 0 && e < 10) {
				t.Errorf("error %v", e)
			}
			must(t, "export", run, "-o", filepath.Join(run, "w.safetensors"), "--check")
		})
	}
}
