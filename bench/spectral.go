package bench

import (
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/engine/cpu/fft"
	"github.com/kolmogo/kolmogo/engine/cpu/simd"
	"github.com/kolmogo/kolmogo/pde"
)

// spectral is so many steps of a batch of trajectories by ETDRK2 on the 2/3-rule's wavenumbers:
//
//	ks1d  u_t + (u²/2)_x + u_xx + u_xxxx = 0 on [0, 64), h = 0.1
//	ks2d  u_t + |∇u|²/2 + ∇²u + (∂_x⁴ + ∂_y⁴)u = 0 on [0, 60)², h = 0.1
//	ns2d  w_t + u·∇w = 10⁻³ ∇²w on [0, 1)², h = 0.01
//
// A stage takes one transform for each field that its term reads and one for each product, 2.5 n^d log₂ n^d operations each; of the
// weights and the products at the points nothing is counted. A call reads and writes its states, at least.
type spectral struct {
	Equation string `json:"equation"`
	Points   int    `json:"points"`
	Batch    int    `json:"batch"`
	Steps    int    `json:"steps"`
}

const (
	spectralOrder = 2
	// checkSteps are made in float64 by the portable loops, and compared.
	checkSteps = 8
	// spectralSlack is how many roundings of the largest value the checked steps may be off.
	spectralSlack = 64
)

// Kind implements Work.
func (spectral) Kind() string { return "etdrk" }

// method is the equation, its grid and the step in time.
func (s spectral) method() (eq pde.Equation, grid pde.Fourier, dt float64, err error) {
	plane := func(length float64) pde.Fourier {
		return pde.Fourier{Points: []int{s.Points, s.Points}, Lengths: []float64{length, length}}
	}
	switch s.Equation {
	case "ks1d":
		return pde.KuramotoSivashinsky(1), pde.Interval(64, s.Points), 0.1, nil
	case "ks2d":
		return pde.KuramotoSivashinskySeparable(2), plane(60), 0.1, nil
	case "ns2d":
		return pde.Vorticity{Nu: 1e-3, Reversed: true}.Equation(), plane(1), 0.01, nil
	}
	return eq, grid, 0, fmt.Errorf("bench: no solver of %q", s.Equation)
}

func (s spectral) cells() int {
	_, grid, _, _ := s.method()
	n := 1
	for _, p := range grid.Points {
		n *= p
	}
	return n
}

// Floor implements Solver.
func (s spectral) Floor() Floor {
	eq, _, _, _ := s.method()
	n := float64(s.cells())
	transforms := float64(spectralOrder * (len(eq.Term.Fields) + len(eq.Term.Products)))
	return Floor{FLOPs: int64(float64(s.Steps*s.Batch) * transforms * 2.5 * n * math.Log2(n)), Bytes: 8 * int64(n) * int64(s.Batch)}
}

// prepare implements Solver: eight steps are compared with those in float64 by the portable loops.
func (s spectral) prepare(set simd.Set, threads int) (solving, error) {
	single, fewSingle, err := spectralRun(s, &set.F32, threads)
	if err != nil {
		return solving{}, err
	}
	double, fewDouble, err := spectralRun(s, &set.F64, threads)
	if err != nil {
		return solving{}, err
	}
	eq, grid, dt, err := s.method()
	if err != nil {
		return solving{}, err
	}
	reference, err := pde.New(eq, grid, pde.ETDRK{Order: spectralOrder, Dt: checkSteps * dt, Substeps: checkSteps})
	if err != nil {
		return solving{}, fmt.Errorf("bench: %w", err)
	}
	want := slices.Clone(double.first)
	for i := range s.Batch {
		reference.Step(want[i*s.cells() : (i+1)*s.cells()])
	}
	tolerance := spectralSlack * 0x1p-24
	check := Check{Arrays: 2, Difference: max(apart(fewSingle, want), apart(fewDouble, want)/0x1p-29), Tolerance: tolerance}
	return solving{single: single, double: double, check: check, steps: s.Steps * s.Batch, cells: s.cells()}, nil
}

// spectralRun makes a method ready, and also returns the state after the steps that are checked.
func spectralRun[T simd.Float](s spectral, k *simd.Kernels[T], threads int) (run[T], []T, error) {
	eq, grid, dt, err := s.method()
	if err != nil {
		return run[T]{}, nil, err
	}
	stepper := func(steps int) (*pde.BatchStepper[T], error) {
		return pde.Batch[T]{
			Equation: eq, Grid: grid, Method: pde.ETDRK{Order: spectralOrder, Dt: float64(steps) * dt, Substeps: steps},
			Trajectories: s.Batch, Workers: threads, Kernels: fft.NewLoops(k),
		}.Stepper()
	}
	few, err := stepper(checkSteps)
	if err != nil {
		return run[T]{}, nil, fmt.Errorf("bench: %w", err)
	}
	all, err := stepper(s.Steps)
	if err != nil {
		return run[T]{}, nil, fmt.Errorf("bench: %w", err)
	}
	first := make([]T, s.Batch*s.cells())
	for i, v := range normal(source(), len(first)) {
		first[i] = 0.1 * T(v)
	}
	checked := slices.Clone(first)
	few.Step(checked)
	return run[T]{step: all.Step, u: make([]T, len(first)), first: first}, checked, nil
}

// apart is max|x − y|/max|y|.
func apart[T simd.Float](x []T, y []float64) float64 {
	far, size := 0.0, 0.0
	for i, v := range y {
		far, size = math.Max(far, math.Abs(float64(x[i])-v)), math.Max(size, math.Abs(v))
	}
	return far / size
}
