package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/export"
	"github.com/kolmogo/kolmogo/train"
)

type exportOptions struct {
	runOptions
	out        string
	check      bool
	resolution int
	batch      int
}

func (a *app) exportCommand() *cobra.Command {
	o := exportOptions{runOptions: runOptions{device: "auto"}}
	cmd := &cobra.Command{
		Use:   "export RUN -o FILE.safetensors|FILE.onnx",
		Short: "Write a run's weights, or its prediction as an ONNX graph",
		Long: `FILE.safetensors: the weights of a run's best checkpoint, and beside it FILE.safetensors.json, which describes architecture,
normalisation and layout completely enough to rebuild the model. FILE.onnx: the prediction in physical units for fields of one size
(opset 17; transforms are products with real matrices), which ONNX runtimes execute; of a boundary value problem, the solution at so many
points. --check reads the file back and prints the largest
difference of a prediction: none for weights, rounding for a graph.`,
		Example: "  kolmogo export runs/demo -o demo.safetensors --check\n  kolmogo export runs/demo -o demo.onnx --resolution 64 --batch 8 --check",
		Args:    cobra.ExactArgs(1),
		RunE:    a.start(func(_ *cobra.Command, args []string) error { return a.export(args[0], o) }),
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "`FILE` to write: .safetensors or .onnx")
	cmd.Flags().BoolVar(&o.check, "check", false, "read the file back and compare a prediction")
	cmd.Flags().IntVar(&o.resolution, "resolution", 0, "points per axis of an .onnx file (default as trained)")
	cmd.Flags().IntVar(&o.batch, "batch", 1, "samples, or points, at a time of an .onnx file")
	cmd.Flags().StringVar(&o.checkpoint, "checkpoint", "best", "best or last")
	deviceFlags(cmd, &o.device, &o.threads)
	return cmd
}

// exportReport is what export prints.
type exportReport struct {
	Run        string   `json:"run"`
	File       string   `json:"file"`
	Sidecar    string   `json:"sidecar,omitempty"`
	Tensors    int      `json:"tensors"`
	Input      []int    `json:"input,omitempty"` // shape of an .onnx file's input
	Difference *float64 `json:"difference,omitempty"`
	Largest    *float64 `json:"largest,omitempty"` // value of the prediction that was compared
}

func (a *app) export(folder string, o exportOptions) error {
	kind := filepath.Ext(o.out)
	if kind != ".safetensors" && kind != ".onnx" {
		return usagef("-o %q: give a name that ends in .safetensors or .onnx", o.out)
	}
	if c, err := runConfig(folder); err != nil {
		return err
	} else if c.isProblem() {
		return a.exportSolution(folder, c, o)
	}
	run, err := openRun(folder, o.runOptions)
	if err != nil {
		return err
	}
	defer run.close()
	r := exportReport{Run: folder, File: o.out, Tensors: len(run.predictor.Params())}
	if kind == ".onnx" {
		return a.exportGraph(run.predictor, o, r)
	}
	provenance, err := readManifest(folder)
	if err != nil {
		return err
	}
	if err := export.Write(o.out, run.predictor, provenance); err != nil {
		return err
	}
	r.Sidecar = export.SidecarPath(o.out)
	text := fmt.Sprintf("%s: %d tensors, described in %s\n", r.File, r.Tensors, r.Sidecar)
	if o.check {
		difference, largest, err := export.Check(o.out, run.predictor, run.backend)
		if err != nil {
			return err
		}
		text += r.compared(difference, largest)
		if !(difference <= 0) {
			return fmt.Errorf("%s was written, but predicts otherwise than the run when read back: largest difference %g", o.out, difference)
		}
	}
	return a.print(r, text)
}

// exportGraph writes an .onnx file.
func (a *app) exportGraph(p *train.Predictor, o exportOptions, r exportReport) error {
	d := p.Description
	grid := d.Grid
	if o.resolution > 0 {
		grid = slices.Repeat([]int{o.resolution}, d.Axes)
	}
	if len(grid) == 0 || o.resolution < 0 || o.batch < 1 {
		return usagef("give the fields' size: --resolution N points per axis, --batch M samples, both at least 1")
	}
	r.Input = slices.Concat([]int{o.batch}, grid, []int{max(d.Frames, 1) * d.Channels})
	if err := export.WriteONNX(o.out, p, r.Input); err != nil {
		return err
	}
	text := fmt.Sprintf("%s: %d tensors, y of x %v\n", r.File, r.Tensors, r.Input)
	if o.check {
		difference, largest, err := export.CheckONNX(o.out, p)
		if err != nil {
			return err
		}
		text += r.compared(difference, largest)
		if !(difference <= onnxTolerance*largest) {
			return fmt.Errorf("%s was written, but computes otherwise than the run predicts: largest difference %g of %g", o.out, difference, largest)
		}
	}
	return a.print(r, text)
}

// exportSolution writes the solution of a boundary value problem, as weights or as a graph of points.
func (a *app) exportSolution(folder string, c Config, o exportOptions) error {
	if o.resolution != 0 || o.batch < 1 {
		return usagef("%s is the solution of a boundary value problem: an .onnx file takes --batch points, at least 1, and no --resolution", folder)
	}
	s, backend, err := openSolution(folder, c, o.runOptions)
	if err != nil {
		return err
	}
	defer backend.Close()
	r := exportReport{Run: folder, File: o.out}
	for range s.Model.Params() {
		r.Tensors++
	}
	text, tolerance := "", 0.0
	if filepath.Ext(o.out) == ".onnx" {
		if s.Model.Pieces() > 1 {
			return usagef("%d networks share the solution in %s, an .onnx file has one: give -o a name that ends in .safetensors", s.Model.Pieces(), folder)
		}
		r.Input, tolerance = []int{o.batch, len(c.Problem.Coordinates)}, onnxTolerance
		err = export.WriteSolutionONNX(o.out, s, o.batch)
		text = fmt.Sprintf("%s: %d tensors, y [%d, %d] at points %v\n", r.File, r.Tensors, o.batch, len(s.Model.Quantities), r.Input)
	} else {
		var provenance map[string]any
		if provenance, err = readManifest(folder); err != nil {
			return err
		}
		r.Sidecar = export.SidecarPath(o.out)
		err = export.WriteSolution(o.out, s, provenance)
		text = fmt.Sprintf("%s: %d tensors, described in %s\n", r.File, r.Tensors, r.Sidecar)
	}
	if err != nil {
		return err
	}
	if o.check {
		difference, largest, err := export.CheckSolution(o.out, s, backend)
		if err != nil {
			return err
		}
		text += r.compared(difference, largest)
		if !(difference <= tolerance*largest) {
			return fmt.Errorf("%s was written, but has other values than the run: largest difference %g of %g", o.out, difference, largest)
		}
	}
	return a.print(r, text)
}

// onnxTolerance is what rounding may add up to, relative to the largest value: the file is run in float64, the model in its precision.
const onnxTolerance = 1e-3

// compared notes what reading back has shown.
func (r *exportReport) compared(difference, largest float64) string {
	r.Difference, r.Largest = &difference, &largest
	return fmt.Sprintf("read back: largest difference %.3g, of predictions up to %.3g\n", difference, largest)
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
