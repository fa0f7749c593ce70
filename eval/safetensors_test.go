package eval_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/kolmogo/kolmogo/eval"
)

// safetensors reads the float64 arrays of a file: eight bytes of header length, a JSON header with dtype, shape and offsets
// of each array, then the data, little-endian.
func safetensors(t *testing.T, file string) map[string]eval.Field[float64] {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	length := binary.LittleEndian.Uint64(raw)
	var header map[string]struct {
		DType   string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets [2]int `json:"data_offsets"`
	}
	if err := json.Unmarshal(raw[8:8+length], &header); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	arrays := map[string]eval.Field[float64]{}
	for name, h := range header {
		if h.DType != "F64" {
			continue
		}
		data := raw[8+int(length)+h.Offsets[0] : 8+int(length)+h.Offsets[1]]
		values := make([]float64, len(data)/8)
		for i := range values {
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
		arrays[name] = eval.Field[float64]{Data: values, Shape: h.Shape}
	}
	return arrays
}
