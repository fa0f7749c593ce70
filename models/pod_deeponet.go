package models

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/kolmogo/kolmogo/op"
)

// PODDeepONet is a DeepONet whose trunk is the proper orthogonal decomposition of the training data: on the grid z that it was built for,
//
//	y(z) = φ₀(z) + Σ_p B_p(u) φ_p(z),
//
// with an MLP B of the sensors' values, φ₀ the mean of the training outputs, all channels together, and φ_p, p ≤ Latent, the directions
// in which they spread most, as long as the standard deviation along each. Until Fit they are normal noise.
//
// Source: Lu et al., A comprehensive and fair comparison of two neural operators (2022), §3.1.3 (eq. 3.6).
type PODDeepONet struct {
	Branch      *MLP
	Basis, Mean *Param // [Latent, x..·out], [x..·out]: fixed
	sensors     sensors
}

// Fitted is a Model with fixed parameters that are computed from training data.
type Fitted interface {
	Model
	// Fit takes outputs [x.., out], row-major, as the model should make them.
	Fit(outputs [][]float64) error
}

func defaultPODDeepONet(int) Config {
	return Config{Width: 128, Layers: 3, Latent: 32, Activation: "gelu", Coordinates: "endpoints"}
}

func newPODDeepONet(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	act, err := activation(c.Activation)
	if err != nil {
		return nil, err
	}
	s, err := newSensors(c, p)
	if err != nil {
		return nil, err
	}
	n := p.Out
	for _, k := range p.Grid {
		n *= k
	}
	m := &PODDeepONet{
		Branch:  NewMLP("branch", act, rnd, slices.Concat([]int{s.count()}, slices.Repeat([]int{c.Width}, c.Layers), []int{c.Latent})...),
		Basis:   newParam("basis", op.Of(c.Latent, n), normal(1, rnd)),
		Mean:    newParam("mean", op.Of(n), normal(1, rnd)),
		sensors: s,
	}
	m.Basis.Fixed, m.Mean.Fixed = true, true
	return m, nil
}

// Fit implements Fitted by the method of snapshots: with the deviations X [sample, point] from the mean and the eigenvectors e_p of
// X Xᵀ, φ_p = Xᵀ e_p/√samples. Directions beyond the number of samples are 0.
func (m *PODDeepONet) Fit(outputs [][]float64) error {
	points, samples := m.Mean.Dims.Size(), len(outputs)
	if samples == 0 {
		return fmt.Errorf("models: pod_deeponet: no outputs to decompose")
	}
	mean := m.Mean.Data
	clear(mean)
	x := mat.NewDense(samples, points, nil)
	for i, y := range outputs {
		if len(y) != points {
			return fmt.Errorf("models: pod_deeponet: an output of %d values, want %d", len(y), points)
		}
		for j, v := range y {
			mean[j] += v / float64(samples)
		}
		x.SetRow(i, y)
	}
	for i := range samples {
		for j, v := range mean {
			x.Set(i, j, x.At(i, j)-v)
		}
	}
	var gram mat.SymDense
	gram.SymOuterK(1, x)
	var eigen mat.EigenSym
	if spread := mat.Trace(&gram); !(spread <= math.MaxFloat64) || !eigen.Factorize(&gram, true) {
		return fmt.Errorf("models: pod_deeponet: the outputs have no decomposition: are they finite?")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	clear(m.Basis.Data)
	for p := range min(m.Basis.Dims.At(0), samples) {
		phi := mat.NewVecDense(points, m.Basis.Data[p*points:(p+1)*points])
		phi.MulVec(x.T(), vectors.ColView(samples-1-p)) // eigenvalues ascend
		phi.ScaleVec(1/math.Sqrt(float64(samples)), phi)
	}
	return nil
}

// Apply implements Model.
func (m *PODDeepONet) Apply(x op.Value) op.Value { return m.ApplyGiven(x, op.Value{}) }

// ApplyGiven implements Conditioned.
func (m *PODDeepONet) ApplyGiven(x, c op.Value) op.Value {
	if x.Valid() && x.Dims().Rank() == m.sensors.ports.Axes+2 {
		if err := m.CheckGrid(x.Dims().Cut(1, m.sensors.ports.Axes+1).Slice()...); err != nil {
			return x.Fail(err)
		}
	}
	return m.sensors.on(x, c, func(u, _ op.Value) op.Value {
		return op.Add(op.MatMul(m.Branch.Apply(u), m.Basis.with(x), false, false), m.Mean.with(x))
	})
}

// Params implements Model.
func (m *PODDeepONet) Params() iter.Seq2[string, *Param] {
	return chain(m.Branch, holders{m.Basis, m.Mean})
}

// CheckGrid is what the function of that name asks.
func (m *PODDeepONet) CheckGrid(grid ...int) error {
	if !slices.Equal(grid, m.sensors.ports.Grid) {
		return fmt.Errorf("models: a grid of %v for a pod_deeponet, whose functions are known on %v only", grid, m.sensors.ports.Grid)
	}
	return nil
}
