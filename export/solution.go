package export

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/export/onnx"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// SolutionFormat is the version of a solution's sidecar.
const SolutionFormat = "kolmogo-solution-1"

// SolutionSidecar describes the exported weights of the solution of a boundary value problem.
type SolutionSidecar struct {
	Format     string            `json:"format"`
	SHA256     string            `json:"sha256"` // of the file with the weights
	Precision  string            `json:"precision"`
	Problem    any               `json:"problem"` // as a configuration's section has it
	Network    models.Config     `json:"network"`
	Seed       uint64            `json:"seed"` // of fixed features, where the network has some
	Quantities []string          `json:"quantities"`
	Parameters []Parameter       `json:"parameters"`
	Step       int               `json:"step"`
	Software   map[string]string `json:"software"`
	Provenance map[string]any    `json:"provenance,omitempty"`
}

// WriteSolution exports the weights of a solution to path and the sidecar beside it.
func WriteSolution(path string, s *train.Solution, provenance map[string]any) error {
	d := SolutionSidecar{Format: SolutionFormat, Precision: s.Precision.String(), Network: s.Network, Seed: s.Seed, Quantities: s.Model.Quantities, Step: s.Step, Software: software(), Provenance: provenance}
	text, err := yaml.Marshal(s.Model.Problem)
	if err == nil {
		err = yaml.Unmarshal(text, &d.Problem)
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	weights, err := s.Weights()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	arrays := map[string]datasets.Array{}
	for name, q := range s.Model.Params() {
		d.Parameters = append(d.Parameters, Parameter{name, q.Dims.Slice(), layout(name, q.Dims.Rank())})
		arrays[name] = datasets.Array{Dtype: datasets.Dtype(d.Precision), Shape: q.Dims.Slice(), Raw: weights[name]}
	}
	return writeWeights(path, arrays, d.Format, func(sum string) any {
		d.SHA256 = sum
		return d
	})
}

// ReadSolution rebuilds a solution from exported weights and their sidecar alone.
func ReadSolution(path string, b engine.Backend) (*train.Solution, error) {
	text, err := os.ReadFile(SidecarPath(path))
	if err != nil {
		return nil, fmt.Errorf("export: sidecar: %w", err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	s, err := rebuildSolution(text, raw, b)
	if err != nil {
		return nil, fmt.Errorf("export: %s: %w", path, err)
	}
	return s, nil
}

func rebuildSolution(text, raw []byte, b engine.Backend) (*train.Solution, error) {
	var d SolutionSidecar
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	if d.Format != SolutionFormat {
		return nil, fmt.Errorf("format %q: this program reads %q", d.Format, SolutionFormat)
	}
	if checksum(raw) != d.SHA256 {
		return nil, errForeignWeights
	}
	var p pinn.Problem
	section, err := yaml.Marshal(d.Problem)
	if err == nil {
		err = yaml.Unmarshal(section, &p)
	}
	if err != nil {
		return nil, err
	}
	precision, err := op.ParseDtype(d.Precision)
	if err != nil {
		return nil, err
	}
	s, err := train.NewSolution(p, d.Network, d.Seed, precision, b)
	if err != nil {
		return nil, err
	}
	s.Step = d.Step
	shapes := map[string]op.Dims{}
	for name, q := range s.Model.Params() {
		shapes[name] = q.Dims
	}
	data, err := readWeights(raw, d.Precision, shapes)
	if err != nil {
		return nil, err
	}
	return s, s.SetWeights(data)
}

// WriteSolutionONNX exports a solution as an ONNX model for n points at a time: "points" [n, coordinates] to "y" [n, quantities], for the
// last values of parameters that varied. One network must have all of the solution.
func WriteSolutionONNX(path string, s *train.Solution, n int) error {
	if k := s.Model.Pieces(); k > 1 {
		return fmt.Errorf("export: %s: %d networks share the solution, a graph has one: export the weights as .safetensors", path, k)
	}
	y, err := s.Graph(0, n)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	weights, err := s.Weights()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	m, err := lowered(y, s.Precision, weights)
	if err != nil {
		return fmt.Errorf("export: %s: %w", path, err)
	}
	for _, name := range s.Model.Problem.Varied {
		m.Fix("parameter."+name, float64(s.Model.Problem.Parameters[name]))
	}
	m.Doc = fmt.Sprintf("y [n, %s] at points [n, %s]", strings.Join(s.Model.Quantities, " "), strings.Join(s.Model.Problem.Coordinates, " "))
	m.Metadata = []onnx.Property{{Key: "format", Value: SolutionFormat}}
	return replace(path, m.Marshal())
}

// CheckSolution reads a file of either kind back and returns the largest difference of its values and those of s in the domain, and the
// largest value.
func CheckSolution(path string, s *train.Solution, b engine.Backend) (difference, largest float64, err error) {
	inside := s.Model.Sets[0]
	feed, err := s.Model.Draw(inside, 64, pinn.Draw{}, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		return 0, 0, err
	}
	x := feed["points."+inside.Name]
	ours, err := s.At(x)
	if err != nil {
		return 0, 0, err
	}
	var theirs []float64
	if strings.HasSuffix(path, ".onnx") {
		theirs, err = runSolution(path, x)
	} else {
		var again *train.Solution
		if again, err = ReadSolution(path, b); err == nil {
			theirs, err = again.At(x)
		}
	}
	if err != nil {
		return 0, 0, err
	}
	return apart(path, ours, theirs[:min(len(theirs), len(ours))])
}

// runSolution runs an ONNX model at points [.., coordinates], as many at a time as it takes.
func runSolution(path string, x []float64) ([]float64, error) {
	m, shape, err := openONNX(path, "points")
	if err != nil {
		return nil, err
	}
	var values []float64
	for chunk := range slices.Chunk(x, shape[0]*shape[len(shape)-1]) {
		points := make([]float64, shape[0]*shape[len(shape)-1])
		copy(points, chunk)
		out, err := m.Run(map[string]onnx.Array{"points": {Dims: shape, Data: points}})
		if err != nil {
			return nil, fmt.Errorf("export: %s: %w", path, err)
		}
		values = append(values, out["y"].Data...)
	}
	return values, nil
}
