package main

import (
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// TestProposedConfigTrains: for files of every layout, training takes the configuration that inspect proposes, unchanged, and what it
// trains is evaluated and, where there is time, rolled out. Only the sizes that make it long are set beside it.
func TestProposedConfigTrains(t *testing.T) {
	formats := os.Getenv("KOLMOGO_FORMATS")
	if formats == "" {
		formats = "../../testdata/formats"
	}
	for _, name := range []string{
		"pdebench/1D_Burgers_Sols_Nu0.01.hdf5", "pdebench/2D_DarcyFlow_beta1.0_Train.hdf5", "pdebench/2D_CFD_Rand_M0.1_Eta0.01_Zeta0.01_periodic_20_Train.hdf5",
		"pdebench/2D_diff-react_NA_NA.h5", "well/literal_2D.hdf5", "well/plume_3D.hdf5", "mat/burgers_v5_compressed.mat", "mat/ns_v73.mat", "torch/darcy_16_bool.pt",
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			file, picture := filepath.Join(formats, name), filepath.Join(folder, "sample.png")
			var r datasets.Report
			document(t, must(t, "inspect", file, "--json", "--plot", picture), &r)
			if f, err := os.Open(picture); err != nil {
				t.Error(err)
			} else {
				if _, err := png.Decode(f); err != nil {
					t.Errorf("--plot: %v", err)
				}
				f.Close()
			}
			config, run := filepath.Join(folder, "proposed.yaml"), filepath.Join(folder, "run")
			write(t, config, r.Config)
			must(t, "train", config, "--dry-run")
			var trained trainReport
			document(t, must(t, "train", config, "--run", run, "--json", "--set", "train.epochs=2", "--set", "model.width=6"), &trained)
			if trained.Steps < 2 || trained.Best == nil || !(*trained.Best < 2) {
				t.Errorf("%+v", trained)
			}
			var judged evalReport
			document(t, must(t, "eval", run, "--split", "train", "--json"), &judged)
			if e := judged.Metrics["fno.rel_l2"]; !(e > 0 && e < 2) {
				t.Errorf("%+v", judged.Metrics)
			}
			if r.View.Kind == "trajectories" {
				must(t, "rollout", run, "--split", "train", "--steps", "2", "--n", "1")
			}
		})
	}
}

// TestTrainConditioned: the numbers that differ between generated trajectories are proposed, trained on, and told in evaluation and rollout.
func TestTrainConditioned(t *testing.T) {
	folder := t.TempDir()
	recipe := filepath.Join(folder, "ks.yaml")
	write(t, recipe, `
equation: kuramoto_sivashinsky
length: 16
points: 32
solver: {steps: 2}
frames: {t0: 0, t1: 1, count: 6}
initial: {name: sine_sum, parameters: {count: 3, lowest: 1, highest: 2, amplitude: 0.5}}
varying: {length: [14, 18], time: [0.9, 1.1], nu: [0.5, 1.5]}
n: 12
seed: 1
`)
	data, run := filepath.Join(folder, "ks.kmg"), filepath.Join(folder, "run")
	must(t, "generate", recipe, "-o", data)
	var r datasets.Report
	document(t, must(t, "inspect", data, "--json"), &r)
	if !strings.Contains(r.Config, "condition: [dx, nu, dt]") {
		t.Fatalf("proposed:\n%s", r.Config)
	}
	config := filepath.Join(folder, "ks_config.yaml")
	write(t, config, r.Config)
	must(t, "train", config, "--run", run, "--set", "train.epochs=2", "--set", "model.width=6", "--set", "data.augment=[shifts, boosts, symmetries, ks_scaling]",
		"--set", "data.scaling=1.2", "--set", "data.window.unroll=2", "--set", "train.objective.kind=unrolled")
	var judged evalReport
	document(t, must(t, "eval", run, "--json"), &judged)
	var rolled rolloutReport
	document(t, must(t, "rollout", run, "--json", "--steps", "7"), &rolled)
	if len(rolled.RelL2) != 5 || slices.ContainsFunc(rolled.RelL2, func(e number) bool { return !(e > 0 && e < 10) }) {
		t.Errorf("%+v", rolled.RelL2)
	}
}

// TestTrainConstants: fields that do not change in time are inputs; a rollout, which would have to predict them, is refused.
func TestTrainConstants(t *testing.T) {
	formats := os.Getenv("KOLMOGO_FORMATS")
	if formats == "" {
		formats = "../../testdata/formats"
	}
	folder := t.TempDir()
	file, run := filepath.Join(formats, "pdebench/ns_incom_inhom_2d_16-0.h5"), filepath.Join(folder, "run")
	var r datasets.Report
	document(t, must(t, "inspect", file, "--json"), &r)
	config := filepath.Join(folder, "proposed.yaml")
	write(t, config, r.Config)
	must(t, "train", config, "--run", run, "--set", "train.epochs=2", "--set", "model.width=6", "--set", "data.constants=[force_x, force_y]", "--set", "data.augment=[symmetries]")
	var judged evalReport
	document(t, must(t, "eval", run, "--split", "train", "--average", "--json"), &judged)
	if e := judged.Metrics["fno.rel_l2"]; !(e > 0 && e < 2) {
		t.Errorf("%+v", judged.Metrics)
	}
	call(t, "rollout", run, "--split", "train", "--steps", "2").oneError(t, 2, "channels")
}
