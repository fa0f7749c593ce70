package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/internal/wholefile"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// Write exports the weights of p, in its precision, to path and the sidecar beside it. Equal weights give equal bytes. Each file is
// whole or absent, and a checksum tells a sidecar of other weights.
func Write(path string, p *train.Predictor, provenance map[string]any) error {
	s, err := describe(p, provenance)
	if err != nil {
		return err
	}
	_, data, err := p.Weights()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	arrays := map[string]datasets.Array{}
	for _, q := range s.Parameters {
		arrays[q.Name] = datasets.Array{Dtype: datasets.Dtype(s.Precision), Shape: q.Shape, Raw: data[q.Name]}
	}
	return writeWeights(path, arrays, Format, func(sum string) any {
		s.SHA256 = sum
		return s
	})
}

// writeWeights writes arrays, and beside them the sidecar for the file's checksum.
func writeWeights(path string, arrays map[string]datasets.Array, format string, sidecar func(sum string) any) error {
	var weights bytes.Buffer
	if err := datasets.WriteSafetensors(&weights, arrays, map[string]string{"format": format}); err != nil {
		return fmt.Errorf("export: %s: %w", path, err)
	}
	text, err := json.MarshalIndent(sidecar(checksum(weights.Bytes())), "", "  ")
	if err != nil {
		return fmt.Errorf("export: sidecar: %w", err)
	}
	if err := replace(path, weights.Bytes()); err != nil {
		return err
	}
	return replace(SidecarPath(path), append(text, '\n'))
}

// errForeignWeights is returned where a sidecar describes other bytes.
var errForeignWeights = errors.New("damaged, or not the weights that the sidecar describes (its checksum differs): export them again")

func checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Read rebuilds a predictor from an exported file and its sidecar alone.
func Read(path string, b engine.Backend) (*train.Predictor, error) {
	s, err := ReadSidecar(path)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	p, err := rebuild(s, raw, b)
	if err != nil {
		return nil, fmt.Errorf("export: %s: %w", path, err)
	}
	return p, nil
}

func rebuild(s Sidecar, raw []byte, b engine.Backend) (*train.Predictor, error) {
	if checksum(raw) != s.SHA256 {
		return nil, errForeignWeights
	}
	precision, err := op.ParseDtype(s.Precision)
	if err != nil {
		return nil, err
	}
	p, err := train.NewPredictor(s.Surrogate, precision, b)
	if err != nil {
		return nil, err
	}
	p.Step, p.Epoch = s.Step, s.Epoch
	shapes := map[string]op.Dims{}
	for _, q := range p.Params() {
		shapes[q.Name] = q.Dims
	}
	data, err := readWeights(raw, s.Precision, shapes)
	if err != nil {
		return nil, err
	}
	return p, p.SetWeights(data)
}

// readWeights returns the bytes of exactly the tensors of these shapes.
func readWeights(raw []byte, precision string, shapes map[string]op.Dims) (map[string][]byte, error) {
	c, err := datasets.ReadSafetensors(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	data := map[string][]byte{}
	for name, d := range shapes {
		a, err := c.Array(name)
		if err != nil {
			return nil, err
		}
		if string(a.Dtype) != precision || !slices.Equal(a.Shape, d.Slice()) {
			return nil, fmt.Errorf("%q is %s %v, the architecture wants %s %v", name, a.Dtype, a.Shape, precision, d)
		}
		data[name] = a.Raw
	}
	if n := len(c.Names()); n != len(data) {
		return nil, fmt.Errorf("%d tensors, the architecture has %d", n, len(data))
	}
	return data, nil
}

// replace replaces the file at path by data, all or nothing.
func replace(path string, data []byte) error {
	if err := wholefile.ReplaceBytes(path, data); err != nil {
		return fmt.Errorf("export: %s: %w", path, err)
	}
	return nil
}
