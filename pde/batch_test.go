package pde_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// chaos is n trajectories of different small fields.
func chaos[T pde.Float](trajectories, size int) []T {
	u := make([]T, trajectories*size)
	for i := range trajectories {
		random := pde.Rand(4, uint64(i))
		for j := range size {
			u[i*size+j] = T(0.1 * random.NormFloat64())
		}
	}
	return u
}

var batches = map[string]struct {
	equation pde.Equation
	grid     pde.Fourier
	dt       float64
	count    int
}{
	"ks1d-256": {pde.KuramotoSivashinsky(1), pde.Interval(64, 256), 0.1, 16},
	"ks2d-128": {pde.KuramotoSivashinskySeparable(2), square(128, 60), 0.1, 4},
	"ns2d-128": {pde.Vorticity{Nu: 1e-3, Reversed: true}.Equation(), square(128, 1), 0.01, 4},
}

// A batch in float64 is each of its trajectories alone, for any number of workers; in float32 it is that to the precision of the numbers.
func TestBatch(t *testing.T) {
	for name, c := range map[string]struct {
		equation pde.Equation
		grid     pde.Fourier
	}{
		"line":  {pde.KuramotoSivashinsky(1), pde.Interval(30, 48)},
		"plane": {pde.Vorticity{Nu: 0.01}.Equation(), square(18, 5)},
		"two":   {pde.GrayScott(0.02, 0.01, 0.04, 0.06), square(12, 5)},
	} {
		for order := 1; order <= 4; order++ {
			method := pde.ETDRK{Order: order, Dt: 0.05, Substeps: 4}
			single := stepper(t, c.equation, c.grid, method)
			const count = 5
			size := len(c.equation.Linear)
			for _, n := range c.grid.Points {
				size *= n
			}
			want := chaos[float64](count, size)
			for i := range count {
				single.Step(want[i*size : (i+1)*size])
			}
			for _, workers := range []int{1, 2, 5} {
				b := pde.Batch[float64]{Equation: c.equation, Grid: c.grid, Method: method, Trajectories: count, Workers: workers}
				s, err := b.Stepper()
				if err != nil {
					t.Fatal(err)
				}
				u := chaos[float64](count, size)
				s.Step(u)
				if d := difference(u, want); !(d <= 1e-14) {
					t.Errorf("%s, order %d, %d workers: off by %.3g", name, order, workers, d)
				}
				if allocs := testing.AllocsPerRun(5, func() { s.Step(u) }); allocs != 0 {
					t.Errorf("%s: %v allocations per step", name, allocs)
				}
			}
			b := pde.Batch[float32]{Equation: c.equation, Grid: c.grid, Method: method, Trajectories: count}
			s, err := b.Stepper()
			if err != nil {
				t.Fatal(err)
			}
			u := chaos[float32](count, size)
			s.Step(u)
			for i, v := range u {
				if !(math.Abs(float64(v)-want[i]) <= 2e-6) {
					t.Fatalf("%s, order %d: float32 off by %.3g", name, order, float64(v)-want[i])
				}
			}
		}
	}
	if _, err := (pde.Batch[float32]{Equation: pde.Burgers(1), Grid: pde.Interval(1, 8), Method: pde.ETDRK{Dt: 1}}).Stepper(); err == nil {
		t.Error("a batch without trajectories was accepted")
	}
}

func BenchmarkBatch(b *testing.B) {
	b.Run("float32", benchmarkBatch[float32])
	b.Run("float64", benchmarkBatch[float64])
}

func benchmarkBatch[T pde.Float](b *testing.B) {
	for _, name := range []string{"ks1d-256", "ks2d-128", "ns2d-128"} {
		b.Run(fmt.Sprint(name), func(b *testing.B) {
			c := batches[name]
			const steps = 20
			s, err := pde.Batch[T]{Equation: c.equation, Grid: c.grid, Method: pde.ETDRK{Order: 2, Dt: steps * c.dt, Substeps: steps}, Trajectories: c.count}.Stepper()
			if err != nil {
				b.Fatal(err)
			}
			size := 1
			for _, n := range c.grid.Points {
				size *= n
			}
			u := chaos[T](c.count, size)
			first := slices.Clone(u)
			for b.Loop() {
				copy(u, first)
				s.Step(u)
			}
			b.ReportMetric(float64(steps*c.count*b.N)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
