package export

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/export/onnx"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// WriteONNX exports p as an ONNX model of opset 17 for inputs of the given shape [batch, x.., frames·channel], in p's precision:
// "x", and "given" [batch, scalar] where p is told scalars, to "y" [batch, x.., output], in physical units. Its metadata hold the
// description of the surrogate. A surrogate that draws noise, or solves for its constraint, has no such model: onnx.ErrNoOperator.
func WriteONNX(path string, p *train.Predictor, shape []int) error {
	m, err := onnxModel(p, shape)
	if err != nil {
		return fmt.Errorf("export: %s: %w", path, err)
	}
	return replace(path, m.Marshal())
}

func onnxModel(p *train.Predictor, shape []int) (*onnx.Model, error) {
	y, err := p.Graph(shape)
	if err != nil {
		return nil, err
	}
	_, weights, err := p.Weights()
	if err != nil {
		return nil, err
	}
	m, err := lowered(y, p.Precision, weights)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(p.Description)
	if err != nil {
		return nil, err
	}
	m.Rename(train.Input, "x")
	m.Rename(train.Given, "given")
	m.Doc = "y [batch, x.., output] for x [batch, x.., frames*channel], oldest frame first, in physical units"
	m.Metadata = []onnx.Property{{Key: "format", Value: Format}, {Key: "surrogate", Value: string(text)}}
	return m, nil
}

// lowered is the model of y under weights.
func lowered(y op.Value, t op.Dtype, weights map[string][]byte) (*onnx.Model, error) {
	m, err := onnx.Lower(y, "y", func(name string) ([]float64, error) {
		raw, ok := weights[strings.TrimPrefix(name, "param.")]
		if !ok {
			return nil, fmt.Errorf("no weights %q", name)
		}
		return datasets.Array{Dtype: datasets.Dtype(t.String()), Shape: []int{len(raw) / t.Size()}, Raw: raw}.Float64s()
	})
	if err == nil {
		m.Producer = "kolmogo"
	}
	return m, err
}

// CheckONNX reads an ONNX model of p back, runs it by the operators' definitions in float64, and returns the largest difference of its
// prediction and p's, and the largest value, for normal noise. The difference is rounding.
func CheckONNX(path string, p *train.Predictor) (difference, largest float64, err error) {
	m, shape, err := openONNX(path, "x")
	if err != nil {
		return 0, 0, err
	}
	in, told := noise(shape, len(p.Description.Condition))
	feeds := map[string]onnx.Array{"x": {Dims: shape, Data: wide(in)}}
	if n := len(p.Description.Condition); n > 0 {
		feeds["given"] = onnx.Array{Dims: []int{shape[0], n}, Data: wide(told.Scalars)}
	}
	out, err := m.Run(feeds)
	if err != nil {
		return 0, 0, fmt.Errorf("export: %s: %w", path, err)
	}
	ours := make([]float32, len(out["y"].Data))
	if err := p.PredictFor(ours, in, shape, told); err != nil {
		return 0, 0, err
	}
	return apart(path, wide(ours), out["y"].Data)
}

// openONNX reads a model and the shape of one of its inputs.
func openONNX(path, input string) (*onnx.Model, []int, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("export: %w", err)
	}
	m, err := onnx.Unmarshal(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("export: %s: %w", path, err)
	}
	for _, in := range m.Inputs {
		if in.Name == input && len(in.Dims) > 0 {
			return m, in.Dims, nil
		}
	}
	return nil, nil, fmt.Errorf("export: %s: the model has no input %q", path, input)
}
