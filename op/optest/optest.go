package optest

import (
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/op"
)

// Backend is what the suite asks of a device.
type Backend interface {
	Name() string
	// Apply computes out = o(in...) with inputs of dtype t on the device. Data come and go as float64, already rounded to t.
	// A backend that can surrounds every operand with guard zones, fills out with NaN before, and returns an error if
	// anything but out has changed afterwards.
	Apply(o op.Op, t op.Dtype, out op.Array, in ...op.Array) error
	// Run compiles g, sets the named inputs and variables, runs once, and returns the outputs.
	Run(g *op.Graph, feeds map[string][]float64, outputs []op.Value) ([][]float64, error)
}

// Run checks a backend against every law.
func Run(t *testing.T, b Backend) {
	t.Helper()
	for _, law := range []struct {
		name  string
		check func(*testing.T, Backend, testCase)
	}{
		{"Values", testValues},
		{"Gradient", testGradient},
		{"Adjoint", testAdjoint},
	} {
		t.Run(law.name, func(t *testing.T) {
			for _, c := range cases() {
				t.Run(c.String(), func(t *testing.T) { law.check(t, b, c) })
			}
		})
	}
	t.Run("Graphs", func(t *testing.T) { testGraphs(t, b) })
}

var dtypes = []op.Dtype{op.Float32, op.Float64}

// roundoff is u, half the spacing of numbers at 1.
func roundoff(t op.Dtype) float64 {
	if t == op.Float64 {
		return 0x1p-53
	}
	return 0x1p-24
}

// round rounds x to t.
func round(t op.Dtype, x float64) float64 {
	if t == op.Float32 {
		return float64(float32(x))
	}
	return x
}

func roundAll(t op.Dtype, x []float64) {
	for i := range x {
		x[i] = round(t, x[i])
	}
}

// sameBits reports whether a and b are equal bit for bit, so that NaNs are and zeros of different sign are not.
func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}
