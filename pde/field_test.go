package pde_test

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

var paper = pde.PeriodicGaussian{Gamma: 2, Tau: 5, Sigma: 25, Modes: 256}

// The paper's law has the standard deviation .594, by its sum and by 2000 samples.
func TestPeriodicGaussianVariance(t *testing.T) {
	if sd := math.Sqrt(paper.Variance()); !(math.Abs(sd-0.594) <= 5e-4) {
		t.Errorf("standard deviation %.5f, want .594", sd)
	}
	const samples, n = 2000, 64
	var first, second float64
	u := make([]float64, n)
	for i := range uint64(samples) {
		paper.Draw(pde.Rand(7, i)).Sample(u)
		if m := mean(u); !(math.Abs(m) <= 0.05) { // aliases of mode 64, 128, … only
			t.Fatalf("sample %d has the mean %v", i, m)
		}
		first += u[3]
		second += u[3] * u[3]
	}
	sd := math.Sqrt(second / samples)
	if !(math.Abs(sd/math.Sqrt(paper.Variance())-1) <= 0.05) { // three standard errors of 1/√(2·2000)
		t.Errorf("sampled standard deviation %.4f", sd)
	}
	if !(math.Abs(first/samples) <= 3*sd/math.Sqrt(samples)) {
		t.Errorf("sampled mean %.4f", first/samples)
	}
}

// Each coefficient's variance is Amplitude²: the covariance's root is taken once, √2 included.
func TestNeumannGaussianVariance(t *testing.T) {
	law := pde.NeumannGaussian{Alpha: 2, Tau: 3, Modes: 8}
	var sum, want float64
	const samples, n = 3000, 5
	u := make([]float64, n*n)
	for i := range uint64(samples) {
		law.Draw(pde.Rand(3, i)).Cells(u, n)
		sum += u[2*n+1] * u[2*n+1]
	}
	for k := range law.Modes {
		for l := range law.Modes {
			v := law.Amplitude(k, l) * math.Cos(math.Pi*float64(k)*0.5) * math.Cos(math.Pi*float64(l)*0.3)
			want += v * v
		}
	}
	if !(math.Abs(sum/samples/want-1) <= 0.08) {
		t.Errorf("variance %.5f, want %.5f", sum/samples, want)
	}
}

// A field is one function: every grid samples it, a coarse one too, and more modes refine it.
func TestFieldIndependentOfGrid(t *testing.T) {
	f := paper.Draw(pde.Rand(1, 2))
	for _, n := range []int{1, 2, 7, 16, 33, 64, 100, 512, 1000} {
		u := make([]float64, n)
		f.Sample(u)
		for j := range u {
			if want := f.At(float64(j) / float64(n)); !(math.Abs(u[j]-want) <= 1e-13*400) { // 512 terms
				t.Fatalf("%d points: u[%d] = %v, want %v", n, j, u[j], want)
			}
		}
	}
	fine := paper
	fine.Modes = 2 * paper.Modes
	g := fine.Draw(pde.Rand(1, 2))
	for i := range f.Cos {
		if f.Cos[i] != g.Cos[i] || f.Sin[i] != g.Sin[i] {
			t.Fatalf("mode %d changed with the number of modes", i+1)
		}
	}

	law := pde.NeumannGaussian{Alpha: 2, Tau: 3, Modes: 6}
	c := law.Draw(pde.Rand(1, 2))
	at := func(x, y float64) (s float64) {
		for k := range c.Modes {
			for l := range c.Modes {
				s += c.C[k*c.Modes+l] * math.Cos(math.Pi*float64(k)*x) * math.Cos(math.Pi*float64(l)*y)
			}
		}
		return s
	}
	for _, m := range []int{2, 3, 6, 17} {
		cells, nodes := make([]float64, m*m), make([]float64, m*m)
		c.Cells(cells, m)
		c.Nodes(nodes, m)
		for i := range m {
			for j := range m {
				x, y := float64(i), float64(j)
				if d := cells[i*m+j] - at((x+0.5)/float64(m), (y+0.5)/float64(m)); !(math.Abs(d) <= 1e-14) {
					t.Fatalf("%d cells: (%d, %d) off by %.3g", m, i, j, d)
				}
				if d := nodes[i*m+j] - at(x/float64(m-1), y/float64(m-1)); !(math.Abs(d) <= 1e-14) {
					t.Fatalf("%d nodes: (%d, %d) off by %.3g", m, i, j, d)
				}
			}
		}
	}
	law.Modes = 9
	g2 := law.Draw(pde.Rand(1, 2))
	for k := range c.Modes {
		for l := range c.Modes {
			if c.C[k*c.Modes+l] != g2.C[k*9+l] {
				t.Fatalf("mode (%d, %d) changed with the number of modes", k, l)
			}
		}
	}
}

func TestThreshold(t *testing.T) {
	v := []float64{-1, 0, 2, -1e-300}
	pde.Threshold(v, 3, 12)
	for i, want := range []float64{3, 12, 12, 3} {
		if v[i] != want {
			t.Errorf("value %d: %v, want %v", i, v[i], want)
		}
	}
}

func TestLawsRefuse(t *testing.T) {
	for _, err := range []error{
		pde.PeriodicGaussian{Gamma: 2, Tau: 5, Sigma: 25}.Check(),
		pde.PeriodicGaussian{Gamma: math.NaN(), Tau: 5, Sigma: 25, Modes: 4}.Check(),
		pde.PeriodicGaussian{Gamma: 2, Tau: 5, Sigma: -1, Modes: 4}.Check(),
		pde.NeumannGaussian{Alpha: 2, Tau: 3, Modes: 1}.Check(),
		pde.NeumannGaussian{Alpha: 2, Modes: 4}.Check(),
	} {
		if err == nil {
			t.Error("accepted")
		}
	}
	if err := paper.Check(); err != nil {
		t.Error(err)
	}
}
