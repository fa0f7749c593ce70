package models_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
)

// On outputs a·f + b·g + h with orthogonal f and g the functions are these, the wider spread first, and the mean is theirs.
func TestDecompositionFindsTheDirections(t *testing.T) {
	const n, samples = 8, 5
	p := models.Ports{In: 1, Out: 1, Axes: 1, Grid: []int{n}}
	m := newPorts(t, models.Config{Kind: "pod_deeponet", Width: 4, Layers: 1, Latent: 7}, p).(*models.PODDeepONet)
	f := func(i int) float64 { return math.Sin(2 * math.Pi * float64(i) / n) }
	g := func(i int) float64 { return math.Cos(4 * math.Pi * float64(i) / n) }
	a, b := []float64{-2, 1, 1, 2, -2}, []float64{0, 0.4, -0.4, 0, 0} // uncorrelated, of mean 0
	outputs := make([][]float64, samples)
	for s := range outputs {
		for i := range n {
			outputs[s] = append(outputs[s], a[s]*f(i)+(b[s]+3)*g(i))
		}
	}
	if err := m.Fit(outputs); err != nil {
		t.Fatal(err)
	}
	spread := func(v []float64) float64 { return norm(v) / math.Sqrt(samples) }
	for p, want := range []func(i int) float64{
		func(i int) float64 { return spread(a) * f(i) }, func(i int) float64 { return spread(b) * g(i) }, func(int) float64 { return 0 },
	} {
		phi := m.Basis.Data[p*n : (p+1)*n]
		along := 0.0
		for i, v := range phi {
			along += v * want(i)
		}
		sign := math.Copysign(1, along)
		for i, v := range phi {
			if !(math.Abs(sign*v-want(i)) <= 1e-7) {
				t.Errorf("direction %d at %d is %v, want ±%v", p, i, v, want(i))
			}
		}
	}
	for i, v := range m.Mean.Data {
		if !(math.Abs(v-3*g(i)) <= 1e-14) {
			t.Errorf("the mean at %d is %v, want %v", i, v, 3*g(i))
		}
	}
	for _, bad := range [][][]float64{nil, {{1, 2}}, {make([]float64, n), append(make([]float64, n-1), math.NaN())}} {
		if err := m.Fit(bad); err == nil {
			t.Errorf("no error for %v", bad)
		}
	}
}

// A surrogate fits its network to what the network should make: normalised values or changes.
func TestSurrogateFits(t *testing.T) {
	p := models.Ports{In: 2, Out: 1, Axes: 1, Grid: []int{2}}
	net := newPorts(t, models.Config{Kind: "pod_deeponet", Width: 2, Layers: 1, Latent: 1}, p).(*models.PODDeepONet)
	s := &models.Surrogate{Net: net, Outputs: 1, Frames: 2, Difference: true, Weight: 0.5, Out: models.Scaling{Mean: []float64{1}, Std: []float64{2}}}
	inputs, outputs := [][]float64{{9, 1, 9, 2}, {9, 3, 9, 4}}, [][]float64{{2, 2}, {5, 7}}
	if err := s.Fit(inputs, outputs); err != nil {
		t.Fatal(err)
	}
	// changes over the weight: (2, 0), (4, 6); normalised: (0.5, −0.5), (1.5, 2.5)
	reference.Near(t, "mean", net.Mean.Data, []float64{1, 1}, 1e-15)
}
