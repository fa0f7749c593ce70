package optest

import (
	"errors"
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

// Values checks the values of single ops only, and returns the names of those that b has; it has none of those for which Apply returns
// the error missing.
func Values(t *testing.T, b Backend, missing error) map[string]bool {
	t.Helper()
	has := map[string]bool{}
	for _, c := range cases() {
		t.Run(c.String(), func(t *testing.T) {
			in := make([]op.Array, len(c.in))
			for i, a := range c.in {
				in[i] = op.NewArray(a.dims)
			}
			d, err := c.op.Shape(c.dims()...)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Apply(c.op, op.Float64, op.NewArray(d), in...); errors.Is(err, missing) {
				t.Skip(err)
			}
			has[op.Name(c.op)] = true
			testValues(t, b, c)
		})
	}
	return has
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
