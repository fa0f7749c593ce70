package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// Format is the version of the sidecar.
const Format = "kolmogo-surrogate-1"

// Sidecar describes an exported model.
type Sidecar struct {
	Format      string             `json:"format"`
	Surrogate   models.Description `json:"surrogate"`
	Precision   string             `json:"precision"`
	Layout      map[string]string  `json:"layout"`     // how to read fields and weights, in words
	Parameters  []Parameter        `json:"parameters"` // in the order of the model
	Provenance  map[string]any     `json:"provenance,omitempty"`
	Step, Epoch int                // of the checkpoint
}

// Parameter is one tensor of the weights file.
type Parameter struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

// layout is the same for every model.
func layout() map[string]string {
	return map[string]string{
		"fields":   "[batch, x.., channel], row-major; several input frames stand in the channels, oldest first",
		"formula":  "y = x_last·[difference] + output.mean + output.std·net((x − input.mean)/input.std), per channel",
		"dense":    "weight [in, out]: y = x·weight + bias",
		"spectral": "weight [k.., 2, in, out]; the axis of length 2 holds (real, imaginary); the last wavenumber axis counts 0, 1, …, each other one is in ascending order of signed wavenumbers",
		"fft":      "forward transforms are divided by the number of points, inverse ones are not scaled; the imaginary parts of wavenumber 0 and of the Nyquist wavenumber of the last axis are ignored",
	}
}

// SidecarPath is where the sidecar of a weights file stands.
func SidecarPath(path string) string { return path + ".json" }

// Write exports the weights of p to path and the sidecar beside it. Equal weights give equal bytes.
func Write(path string, p *train.Predictor, provenance map[string]any) error {
	_, data, err := p.Weights()
	if err != nil {
		return err
	}
	s := Sidecar{Format: Format, Surrogate: p.Description, Precision: p.Precision.String(), Layout: layout(), Provenance: provenance, Step: p.Step, Epoch: p.Epoch}
	arrays := map[string]datasets.Array{}
	for _, q := range p.Params() {
		s.Parameters = append(s.Parameters, Parameter{q.Name, q.Dims.Slice()})
		arrays[q.Name] = datasets.Array{Dtype: datasets.Dtype(s.Precision), Shape: q.Dims.Slice(), Raw: data[q.Name]}
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("export: sidecar: %w", err)
	}
	if err := replace(path, func(f *os.File) error {
		return datasets.WriteSafetensors(f, arrays, map[string]string{"format": Format})
	}); err != nil {
		return err
	}
	return replace(SidecarPath(path), func(f *os.File) error {
		_, err := f.Write(append(text, '\n'))
		return err
	})
}

// replace writes a file beside path and renames it, so that a failure leaves what was there.
func replace(path string, write func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("export: %s: %w", path, err)
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if err = errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Read rebuilds a predictor from an exported file and its sidecar alone.
func Read(path string, b engine.Backend) (*train.Predictor, error) {
	text, err := os.ReadFile(SidecarPath(path))
	if err != nil {
		return nil, fmt.Errorf("export: sidecar: %w", err)
	}
	var s Sidecar
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("export: %s: %w", SidecarPath(path), err)
	}
	if s.Format != Format {
		return nil, fmt.Errorf("export: %s: format %q, this version reads %q", SidecarPath(path), s.Format, Format)
	}
	t, err := op.ParseDtype(s.Precision)
	if err != nil {
		return nil, fmt.Errorf("export: %s: %w", SidecarPath(path), err)
	}
	p, err := train.NewPredictor(s.Surrogate, t, b)
	if err != nil {
		return nil, fmt.Errorf("export: %s: %w", SidecarPath(path), err)
	}
	c, err := datasets.Open(path)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	data := map[string][]byte{}
	for _, name := range c.Names() {
		a, err := c.Array(name)
		if err != nil {
			return nil, err
		}
		if string(a.Dtype) != s.Precision {
			return nil, fmt.Errorf("export: %s: %q is %s, the sidecar says %s", path, name, a.Dtype, s.Precision)
		}
		data[name] = a.Raw
	}
	if err := p.SetWeights(data); err != nil {
		return nil, fmt.Errorf("export: %s: %w", path, err)
	}
	return p, nil
}

// Check reads an exported file back and returns the largest difference, and the largest value, of its predictions and those of p
// for normal noise on a grid of the given points per axis. On one backend the difference is 0.
func Check(path string, p *train.Predictor, b engine.Backend, points int) (difference, largest float64, err error) {
	q, err := Read(path, b)
	if err != nil {
		return 0, 0, err
	}
	shape := []int{2}
	n := 2
	for range p.Description.Axes {
		shape, n = append(shape, points), n*points
	}
	channels := max(p.Description.Frames, 1) * p.Description.Channels
	in := make([]float32, n*channels)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range in {
		in[i] = float32(rnd.NormFloat64())
	}
	shape = append(shape, channels)
	ours, theirs := make([]float32, n*p.Description.Outputs), make([]float32, n*p.Description.Outputs)
	if err := p.Predict(ours, in, shape); err != nil {
		return 0, 0, err
	}
	if err := q.Predict(theirs, in, shape); err != nil {
		return 0, 0, err
	}
	for i, x := range ours {
		d := math.Abs(float64(x) - float64(theirs[i]))
		if math.IsNaN(d) {
			return d, largest, fmt.Errorf("export: %s: the models give NaN", path)
		}
		difference, largest = max(difference, d), max(largest, math.Abs(float64(x)))
	}
	return difference, largest, nil
}
