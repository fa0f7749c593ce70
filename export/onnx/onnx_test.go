package onnx_test

import (
	"bytes"
	"testing"

	"github.com/kolmogo/kolmogo/export/onnx"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/op/optest"
)

// written is a backend that writes a graph as a model, reads it back and runs it.
type written struct{}

func (written) Name() string { return "onnx" }

func (w written) Apply(o op.Op, t op.Dtype, out op.Array, in ...op.Array) error {
	g := op.NewGraph()
	leaves, feeds := make([]op.Value, len(in)), map[string][]float64{}
	for i, a := range in {
		name := string(rune('a' + i))
		leaves[i], feeds[name] = g.Input(name, t, a.Dims), a.Data
	}
	results, err := w.Run(g, feeds, []op.Value{op.Apply(o, leaves...)})
	if err != nil {
		return err
	}
	for i, x := range results[0] {
		if out.Data[i] = x; t == op.Float32 {
			out.Data[i] = float64(float32(x))
		}
	}
	return nil
}

func (written) Run(g *op.Graph, feeds map[string][]float64, outputs []op.Value) ([][]float64, error) {
	if err := g.Err(); err != nil {
		return nil, err
	}
	m, err := onnx.Lower(outputs[0], "result", nil)
	if err != nil {
		return nil, err
	}
	if m, err = onnx.Unmarshal(m.Marshal()); err != nil {
		return nil, err
	}
	in := map[string]onnx.Array{}
	for _, p := range m.Inputs {
		in[p.Name] = onnx.Array{Dims: p.Dims, Data: feeds[p.Name]}
	}
	out, err := m.Run(in)
	return [][]float64{out["result"].Data}, err
}

// Every op that predictions are made of means in ONNX what it means here.
func TestValues(t *testing.T) {
	has := optest.Values(t, written{}, onnx.ErrNoOperator)
	for _, name := range []string{"add", "sub", "mul", "div", "affine", "pow", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "silu", "relu", "softplus", "gelu", "gelutanh",
		"broadcast", "cast", "detach", "reshape", "transpose", "concat", "slice", "pad", "gather", "sum", "softmax", "normalize", "matmul", "cmatmul",
		"realdft", "realsynthesis", "dft", "synthesis", "conv", "convtranspose", "depthwise", "jet"} {
		if !has[name] {
			t.Errorf("no operators for %s", name)
		}
	}
}

// What is read is what was written, and any other bytes give an error or a model, whose run gives an error or values.
func FuzzUnmarshal(f *testing.F) {
	g := op.NewGraph()
	x := g.Input("x", op.Float32, op.Of(1, 4, 2))
	y := op.Conv(op.Pad(op.Tanh(x), op.PadCircular, 1, 1, 1), g.Constant("w", op.Float32, op.Of(3, 2, 2), make([]float64, 12)), nil, nil)
	m, err := onnx.Lower(op.RealSynthesis(op.RealDFT(y, 2, 0.25), 4, 1), "y", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(m.Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := onnx.Unmarshal(b)
		if err != nil {
			return
		}
		again, err := onnx.Unmarshal(m.Marshal())
		if err != nil || !bytes.Equal(again.Marshal(), m.Marshal()) {
			t.Fatalf("what was written is read otherwise: %v", err)
		}
		in := map[string]onnx.Array{}
		for _, p := range m.Inputs {
			n := 1
			for _, k := range p.Dims {
				if n *= k; k < 0 || n > 1<<12 {
					return
				}
			}
			in[p.Name] = onnx.Array{Dims: p.Dims, Data: make([]float64, n)}
		}
		_, _ = m.Run(in)
	})
}
