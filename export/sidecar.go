package export

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// Format is the version of the sidecar; it changes when an older reader would be wrong about a newer file.
const Format = "kolmogo-surrogate-1"

// Sidecar describes an exported surrogate completely enough to compute with its weights.
type Sidecar struct {
	Format      string             `json:"format"`
	SHA256      string             `json:"sha256"`    // of the file with the weights
	Precision   string             `json:"precision"` // of the weights: float32 or float64
	Surrogate   models.Description `json:"surrogate"` // architecture with every default filled in, channels, normalisation
	Parameters  []Parameter        `json:"parameters"`
	Conventions Conventions        `json:"conventions"`
	Step        int                `json:"step"` // of the checkpoint
	Epoch       int                `json:"epoch"`
	Software    map[string]string  `json:"software"`
	Provenance  map[string]any     `json:"provenance,omitempty"` // what the caller knows of the origin
}

// Parameter is one tensor of the weights file, in the order of the model. Layout names its axes.
type Parameter struct {
	Name   string `json:"name"`
	Shape  []int  `json:"shape"`
	Layout string `json:"layout"`
}

// SidecarPath is where the sidecar of a weights file stands.
func SidecarPath(path string) string { return path + ".json" }

// describe fills in everything but the checksum.
func describe(p *train.Predictor, provenance map[string]any) (Sidecar, error) {
	s := Sidecar{
		Format:     Format,
		Precision:  p.Precision.String(),
		Surrogate:  p.Description,
		Step:       p.Step,
		Epoch:      p.Epoch,
		Software:   software(),
		Provenance: provenance,
	}
	var err error
	if s.Surrogate.Model, err = p.Description.Model.Resolve(p.Description.Axes); err != nil {
		return s, fmt.Errorf("export: %w", err)
	}
	s.Conventions = conventions(s.Surrogate)
	for _, q := range p.Params() {
		s.Parameters = append(s.Parameters, Parameter{q.Name, q.Dims.Slice(), layout(q.Name, q.Dims.Rank())})
	}
	return s, nil
}

// software is the version of the module and of the toolchain that built this program.
func software() map[string]string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	s := map[string]string{"go": b.GoVersion, "kolmogo": b.Main.Version}
	for _, setting := range b.Settings {
		if setting.Key == "vcs.revision" {
			s["revision"] = setting.Value
		}
	}
	return s
}

// ReadSidecar reads the sidecar of the weights at path.
func ReadSidecar(path string) (Sidecar, error) {
	b, err := os.ReadFile(SidecarPath(path))
	if err != nil {
		return Sidecar{}, fmt.Errorf("export: sidecar: %w", err)
	}
	s, err := parseSidecar(b)
	if err != nil {
		return s, fmt.Errorf("export: %s: %w", SidecarPath(path), err)
	}
	return s, nil
}

func parseSidecar(b []byte) (Sidecar, error) {
	var version struct{ Format string }
	if err := json.Unmarshal(b, &version); err != nil {
		return Sidecar{}, err
	}
	if version.Format != Format {
		return Sidecar{}, fmt.Errorf("format %q: this program reads %q", version.Format, Format)
	}
	var s Sidecar
	if err := json.Unmarshal(b, &s); err != nil {
		return s, err
	}
	if _, err := op.ParseDtype(s.Precision); err != nil {
		return s, err
	}
	return s, nil
}
