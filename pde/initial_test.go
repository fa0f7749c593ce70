package pde_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

var laws = map[string]pde.InitialLaw{
	"sines":    pde.SineSum{Count: 10, Lowest: 1, Highest: 2, Amplitude: 0.5},
	"fourier":  pde.TruncatedFourier{Modes: 3, Amplitude: 0.7, Mean: 0.2},
	"blobs":    pde.Blobs{Count: 3, Background: 0.1, Low: -1, High: 2, Narrow: 0.03, Wide: 0.1},
	"pieces":   pde.PiecewiseConstant{Cuts: 2, Low: -1, High: 1},
	"uniform":  pde.Uniform{Low: 1, High: 2},
	"disc":     pde.Disc{Least: 0.1, Most: 0.3, Inside: 2, Outside: 1},
	"pdebench": pde.PDEBenchSines{Modes: 8},
	"reaction": pde.PDEBenchSines{Modes: 8, Normalised: true},
}

// A field is one function: a finer grid has the same values at the same places, and cell centres lie between points.
func TestFieldsAreFunctions(t *testing.T) {
	for name, law := range laws {
		if err := law.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for axes := 1; axes <= 3; axes++ {
			for i := range uint64(5) {
				draw := func(n int, shift float64) []float64 {
					size, points := 1, make([]int, axes)
					for a := range points {
						points[a], size = n, size*n
					}
					u := make([]float64, size)
					law.Draw(pde.Rand(6, i), axes)(u, points, shift)
					return u
				}
				coarse, fine, cells := draw(6, 0), draw(12, 0), draw(6, 0.5)
				for p, v := range coarse {
					at, between, stride, rest := 0, 0, 1, p
					for range axes {
						at += rest % 6 * 2 * stride
						between += (rest%6*2 + 1) * stride
						stride *= 12
						rest /= 6
					}
					if d := math.Abs(fine[at] - v); !(d <= 1e-12) {
						t.Fatalf("%s, %d axes: point %d is %v on the finer grid, %v", name, axes, p, fine[at], v)
					}
					if d := math.Abs(fine[between] - cells[p]); !(d <= 1e-12) {
						t.Fatalf("%s, %d axes: cell %d is %v, want %v", name, axes, p, cells[p], fine[between])
					}
				}
			}
		}
	}
}

// The deviation of a truncated series is its amplitude at every point, and its mean what it says.
func TestTruncatedFourierVariance(t *testing.T) {
	law := pde.TruncatedFourier{Modes: 2, Amplitude: 0.7, Mean: 0.2}
	var first, second float64
	const samples = 4000
	u := make([]float64, 16)
	for i := range uint64(samples) {
		law.Draw(pde.Rand(8, i), 2)(u, []int{4, 4}, 0)
		first += u[6] / samples
		second += (u[6] - 0.2) * (u[6] - 0.2) / samples
	}
	if !(math.Abs(first-0.2) <= 0.04) || !(math.Abs(math.Sqrt(second)-0.7) <= 0.03) {
		t.Errorf("mean %v, deviation %v", first, math.Sqrt(second))
	}
}

// Ranges hold, and every law has more than one field.
func TestInitialRanges(t *testing.T) {
	for name, bounds := range map[string][2]float64{"pieces": {-1, 1}, "uniform": {1, 2}, "disc": {1, 2}, "reaction": {0, 1.02}, "sines": {-5, 5}} {
		var last []float64
		changed := false
		for i := range uint64(50) {
			u := make([]float64, 64)
			laws[name].Draw(pde.Rand(3, i), 1)(u, []int{64}, 0)
			for _, v := range u {
				if !(v >= bounds[0] && v <= bounds[1]) {
					t.Fatalf("%s: %v is outside %v", name, v, bounds)
				}
			}
			changed = changed || last != nil && difference(u, last) > 1e-3
			last = u
		}
		if !changed {
			t.Errorf("%s: all fields are equal", name)
		}
	}
	u := make([]float64, 10000)
	pde.Noise{Mean: 1, Deviation: 2}.Draw(pde.Rand(1, 1), 1)(u, []int{10000}, 0)
	if m := mean(u); !(math.Abs(m-1) <= 0.06) {
		t.Errorf("noise of mean %v", m)
	}
}

func TestInitialLawsRefuse(t *testing.T) {
	nan := math.NaN()
	for _, law := range []pde.InitialLaw{
		pde.SineSum{Count: 1, Lowest: 2, Highest: 1, Amplitude: 1}, pde.SineSum{Count: 1, Amplitude: nan},
		pde.TruncatedFourier{}, pde.TruncatedFourier{Modes: 1, Amplitude: nan},
		pde.Blobs{Count: 1, High: 1}, pde.Blobs{Count: 1, High: 1, Narrow: 2, Wide: 1},
		pde.PiecewiseConstant{Cuts: -1}, pde.PiecewiseConstant{Low: 1}, pde.Uniform{Low: 1}, pde.Uniform{Low: nan},
		pde.Disc{Least: 1}, pde.Disc{Inside: nan}, pde.Noise{Deviation: -1}, pde.PDEBenchSines{},
	} {
		if law.Check() == nil {
			t.Errorf("%#v accepted", law)
		}
	}
}

// The ramp satisfies Burgers' equation where it is smooth, and its shock moves with half its height.
func TestBurgersRamp(t *testing.T) {
	s := pde.BurgersRamp{Speed: 2}
	const n = 800
	u := make([]float64, n)
	for i := range u {
		u[i] = s.At(0, -2+4*(float64(i)+0.5)/n)
	}
	m := pde.FiniteVolume{Law: pde.BurgersLaw{}, Box: line(n, 4, pde.Open), Dt: 0.25}
	for i, u := range pde.Rollout(volumes(t, m), u) {
		sum := 0.0
		for j, v := range u {
			sum += math.Abs(v-s.At(0.25*float64(i), -2+4*(float64(j)+0.5)/n)) / n
		}
		if !(sum <= 3e-3) {
			t.Errorf("t = %v: mean difference %.3g", 0.25*float64(i), sum)
		}
		if i == 4 {
			break
		}
	}
}

// Leray's projection leaves nothing that diverges, and is its own square.
func TestLeray(t *testing.T) {
	const n = 8
	grid := pde.Fourier{Points: []int{n, n, n}, Lengths: []float64{1, 2, 3}}
	u := chaos[float64](1, 3*n*n*n)
	if err := pde.Leray(u, grid); err != nil {
		t.Fatal(err)
	}
	again := append([]float64(nil), u...)
	if err := pde.Leray(again, grid); err != nil {
		t.Fatal(err)
	}
	divergence := make([]float64, n*n*n)
	for axis := range 3 {
		f, err := pde.SpectralRates(pde.Linear(pde.Derivative(axis)), grid)
		if err != nil {
			t.Fatal(err)
		}
		part := make([]float64, n*n*n)
		f.Rate(part, u[axis*n*n*n:(axis+1)*n*n*n])
		for i, v := range part {
			divergence[i] += v
		}
	}
	for i, v := range divergence {
		if !(math.Abs(v) <= 1e-12) {
			t.Fatalf("a divergence of %.3g at point %d", v, i)
		}
	}
	if d := difference(u, again); !(d <= 1e-14) || !(energy(u) > 1e-4) {
		t.Errorf("the second projection moves by %.3g", d)
	}
}

// Density, velocities and pressure come back from the conserved quantities.
func TestGasRoundTrip(t *testing.T) {
	u := chaos[float64](1, 5*7)
	for i := range 7 {
		u[i], u[28+i] = 1+math.Abs(u[i]), 1+math.Abs(u[28+i])
	}
	v := append([]float64(nil), u...)
	g := pde.Gas{Gamma: 1.4}
	g.Conserved(v, 3)
	g.Primitive(v, 3)
	if d := difference(u, v); !(d <= 1e-14) {
		t.Errorf("off by %.3g", d)
	}
}
