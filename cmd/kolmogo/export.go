package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/export"
	"github.com/kolmogo/kolmogo/train"
)

type exportOptions struct {
	runOptions
	out   string
	check bool
}

func (a *app) exportCommand() *cobra.Command {
	o := exportOptions{runOptions: runOptions{device: "auto"}}
	cmd := &cobra.Command{
		Use:   "export RUN -o FILE.safetensors",
		Short: "Write a run's weights with a description of the architecture",
		Long: `Write the weights of a run's best checkpoint as FILE, and beside it FILE.json, which describes architecture, normalisation
and layout completely enough to rebuild the model. --check reads both back and prints the largest difference of a prediction.`,
		Example: "  kolmogo export runs/demo -o demo.safetensors --check",
		Args:    cobra.ExactArgs(1),
		RunE:    a.start(func(_ *cobra.Command, args []string) error { return a.export(args[0], o) }),
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "`FILE` to write: .safetensors")
	cmd.Flags().BoolVar(&o.check, "check", false, "read the file back and compare a prediction")
	cmd.Flags().StringVar(&o.checkpoint, "checkpoint", "best", "best or last")
	deviceFlags(cmd, &o.device, &o.threads)
	return cmd
}

// exportReport is what export prints.
type exportReport struct {
	Run        string   `json:"run"`
	File       string   `json:"file"`
	Sidecar    string   `json:"sidecar"`
	Tensors    int      `json:"tensors"`
	Difference *float64 `json:"difference,omitempty"`
	Largest    *float64 `json:"largest,omitempty"` // value of the prediction that was compared
}

func (a *app) export(folder string, o exportOptions) error {
	if filepath.Ext(o.out) != ".safetensors" {
		return usagef("-o %q: give a name that ends in .safetensors", o.out)
	}
	run, err := openRun(folder, o.runOptions)
	if err != nil {
		return err
	}
	defer run.close()
	provenance, err := readManifest(folder)
	if err != nil {
		return err
	}
	if err := export.Write(o.out, run.predictor, provenance); err != nil {
		return err
	}
	r := exportReport{Run: folder, File: o.out, Sidecar: export.SidecarPath(o.out), Tensors: len(run.predictor.Params())}
	text := fmt.Sprintf("%s: %d tensors, described in %s\n", r.File, r.Tensors, r.Sidecar)
	if o.check {
		difference, largest, err := export.Check(o.out, run.predictor, run.backend)
		if err != nil {
			return err
		}
		r.Difference, r.Largest = &difference, &largest
		text += fmt.Sprintf("read back: largest difference %.3g, of predictions up to %.3g\n", difference, largest)
		if !(difference <= 0) {
			return fmt.Errorf("%s was written, but predicts otherwise than the run when read back: largest difference %g", o.out, difference)
		}
	}
	return a.print(r, text)
}

// readManifest is a run's manifest.
func readManifest(folder string) (map[string]any, error) {
	text, err := os.ReadFile(filepath.Join(folder, train.ManifestFile))
	if err != nil {
		return nil, inData(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, dataError{fmt.Errorf("%s: %w", filepath.Join(folder, train.ManifestFile), err)}
	}
	return m, nil
}
