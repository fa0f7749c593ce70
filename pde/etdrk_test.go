package pde_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// Each order must show itself: the error against a converged solution falls like h^order.
func TestOrder(t *testing.T) {
	for _, eq := range []struct {
		name     string
		equation pde.Equation
		length   float64
		time     float64
		steps    int // of the coarsest run; doubled twice
	}{
		{"burgers", pde.Burgers(0.05), 2 * math.Pi, 1, 64},
		{"burgers non-conservative", pde.BurgersNonConservative(0.05), 2 * math.Pi, 1, 64},
		{"korteweg-de vries", pde.KortewegDeVries(-6, 1, 0), 20, 0.5, 512},
	} {
		u0 := sampled(128, eq.length, func(x float64) float64 { return math.Sin(2*math.Pi*x/eq.length) + 0.3*math.Cos(4*math.Pi*x/eq.length) })
		solve := func(order, steps int) []float64 {
			return advance(t, eq.equation, pde.Interval(eq.length, 128), pde.ETDRK{Order: order, Dt: eq.time, Substeps: steps}, u0, 1)
		}
		truth := solve(4, 32*eq.steps)
		for order := 1; order <= 4; order++ {
			t.Run(fmt.Sprintf("%s/%d", eq.name, order), func(t *testing.T) {
				coarse, fine := difference(solve(order, 2*eq.steps), truth), difference(solve(order, 4*eq.steps), truth)
				if measured := math.Log2(coarse / fine); !(math.Abs(measured-float64(order)) <= 0.15) {
					t.Errorf("order %.3f from errors %.3g, %.3g; want %d ± 0.15", measured, coarse, fine, order)
				}
			})
		}
	}
}

// Order 4 against the Cole–Hopf integral: no discretisation in common.
func TestBurgersColeHopf(t *testing.T) {
	exact := pde.ColeHopf{Nu: 0.05, A: 1, U: 0.5}
	const n = 512
	u0 := sampled(n, 2*math.Pi, func(x float64) float64 { u, _ := exact.At(0, x); return u })
	for _, equation := range []pde.Equation{pde.Burgers(exact.Nu), pde.BurgersNonConservative(exact.Nu)} {
		s := stepper(t, equation, pde.Interval(2*math.Pi, n), pde.ETDRK{Dt: 0.5, Substeps: 200})
		for i, u := range pde.Rollout(s, slices.Clone(u0)) {
			want := sampled(n, 2*math.Pi, func(x float64) float64 { v, _ := exact.At(0.5*float64(i), x); return v })
			if d := difference(u, want); !(d <= 1e-8) {
				t.Errorf("t = %v: off by %.3g", 0.5*float64(i), d)
			}
			if i == 4 {
				break
			}
		}
	}
}

// A linear equation is propagated exactly over any step, the Nyquist mode included: exp(λt) on every Fourier mode.
func TestLinearExact(t *testing.T) {
	const length, c, nu, a, mu, time = 3.0, 0.7, 0.01, 2e-3, 1e-5, 2.5
	equation := pde.Linear(pde.Advection(c), pde.Diffusion(nu), pde.Dispersion(a), pde.HyperDiffusion(mu), pde.Growth(0.1))
	for _, n := range []int{1, 2, 33, 64} {
		at := func(t float64) func(x float64) float64 {
			return func(x float64) float64 {
				s := 2 * math.Exp(0.1*t)
				for m := 1; 2*m <= n; m++ {
					k := 2 * math.Pi * float64(m) / length
					damp := math.Exp((0.1 - nu*k*k - mu*k*k*k*k) * t)
					if 2*m == n {
						s += damp * math.Cos(k*x) // real and standing: no odd derivative
						continue
					}
					s += damp * math.Cos(k*(x-c*t-a*k*k*t)+float64(m)) / float64(m)
				}
				return s
			}
		}
		got := advance(t, equation, pde.Interval(length, n), pde.ETDRK{Dt: time / 10}, sampled(n, length, at(0)), 10)
		if d := difference(got, sampled(n, length, at(time))); !(d <= 1e-13) {
			t.Errorf("%d points: off by %.3g", n, d)
		}
	}
}

// The mean is conserved to rounding by every flux form.
func TestMeanConserved(t *testing.T) {
	for name, equation := range map[string]pde.Equation{
		"burgers": pde.Burgers(0.02), "korteweg-de vries": pde.KortewegDeVries(-6, 1, 0),
		"kuramoto-sivashinsky": pde.KuramotoSivashinsky(1), "combustion": pde.KuramotoSivashinskyCombustion(1),
	} {
		u0 := sampled(96, 20, rough(20))
		u := advance(t, equation, pde.Interval(20, 96), pde.ETDRK{Dt: 0.01}, u0, 100)
		if d := math.Abs(mean(u) - mean(u0)); !(d <= 1e-14) {
			t.Errorf("%s: mean moved by %.3g", name, d)
		}
		if !(difference(u, u0) > 1e-2) {
			t.Errorf("%s: nothing happened", name)
		}
	}
}

// A shift by whole cells commutes with the step; so does x → -x, u → -u, except for dispersion.
func TestEquivariance(t *testing.T) {
	for _, n := range []int{64, 65} {
		for name, equation := range map[string]pde.Equation{"burgers": pde.Burgers(0.02), "non-conservative": pde.BurgersNonConservative(0.02), "korteweg-de vries": pde.KortewegDeVries(-6, 0.1, 0)} {
			solve := func(u []float64) []float64 {
				return advance(t, equation, pde.Interval(4, n), pde.ETDRK{Dt: 0.01}, u, 50)
			}
			u0 := sampled(n, 4, rough(4))
			shift := func(u []float64) []float64 { return append(slices.Clone(u[17:]), u[:17]...) }
			if d := difference(solve(shift(u0)), shift(solve(u0))); !(d <= 1e-12) {
				t.Errorf("%s, %d points: shift off by %.3g", name, n, d)
			}
			reflect := func(u []float64) []float64 {
				v := make([]float64, n)
				for i := range u {
					v[(n-i)%n] = -u[i]
				}
				return v
			}
			if d := difference(solve(reflect(u0)), reflect(solve(u0))); name != "korteweg-de vries" && !(d <= 1e-12) {
				t.Errorf("%s, %d points: reflection off by %.3g", name, n, d)
			}
		}
	}
}

// u(t,x) + U moves like u(t, x-Ut) + U, here by 32 whole cells.
func TestGalileanInvariance(t *testing.T) {
	const n, length, speed, time = 128, 4.0, 2.0, 0.5
	u0 := sampled(n, length, rough(length))
	boosted := slices.Clone(u0)
	for i := range boosted {
		boosted[i] += speed
	}
	method := pde.ETDRK{Dt: time, Substeps: 800}
	u := advance(t, pde.Burgers(0.05), pde.Interval(length, n), method, u0, 1)
	v := advance(t, pde.Burgers(0.05), pde.Interval(length, n), method, boosted, 1)
	cells := int(speed * time / length * n)
	for i := range u {
		if d := math.Abs(v[(i+cells)%n] - speed - u[i]); !(d <= 1e-9) {
			t.Fatalf("point %d: off by %.3g", i, d)
		}
	}
}

// What ν = 0.01 and the strongest of 200 fields of the paper's law on [0, 1] need (max |u0| 2.3, slope 149): see Burgers' comment.
func TestBurgersResolution(t *testing.T) {
	if testing.Short() {
		t.Skip("several seconds")
	}
	law := pde.PeriodicGaussian{Gamma: 2, Tau: 5, Sigma: 25, Modes: 64}
	var f pde.FourierSeries
	largest := 0.0
	for i := range uint64(200) {
		g := law.Draw(pde.Rand(0, i))
		u := make([]float64, 256)
		g.Sample(u)
		if m := max(slices.Max(u), -slices.Min(u)); m > largest {
			f, largest = g, m
		}
	}
	solve := func(n, substeps int) []float64 {
		u0 := make([]float64, n)
		f.Sample(u0)
		s := stepper(t, pde.Burgers(0.01), pde.Interval(1, n), pde.ETDRK{Dt: 0.05, Substeps: substeps})
		var frames []float64
		for i, u := range pde.Rollout(s, u0) {
			for j := 0; j < n; j += n / 128 {
				frames = append(frames, u[j])
			}
			if i == 20 {
				return frames
			}
		}
		return nil
	}
	truth := solve(1024, 160)
	for _, c := range []struct {
		n, substeps int
		bound       float64
	}{{256, 20, 1e-3}, {512, 20, 2e-4}, {512, 40, 2e-5}, {512, 80, 2e-6}} {
		d := difference(solve(c.n, c.substeps), truth)
		t.Logf("%d points, %d steps to t = 1, max|u0| %.2f: error %.2g", c.n, 20*c.substeps, largest, d)
		if !(d <= c.bound) {
			t.Errorf("%d points, %d sub-steps: error %.3g, want at most %.3g", c.n, c.substeps, d, c.bound)
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	box := pde.Fourier{Points: []int{12, 16}, Lengths: []float64{20, 20}}
	for name, c := range map[string]struct {
		equation pde.Equation
		grid     pde.Fourier
	}{
		"burgers":          {pde.Burgers(0.1), pde.Interval(1, 64)},
		"non-conservative": {pde.BurgersNonConservative(0.1), pde.Interval(1, 65)},
		"combustion 2-D":   {pde.KuramotoSivashinskyCombustion(2), box},
		"fisher 2-D":       {pde.FisherKPP(0.1, 1), box},
		"heat":             {pde.Linear(pde.Diffusion(1)), box},
	} {
		for order := 1; order <= 4; order++ {
			s := stepper(t, c.equation, c.grid, pde.ETDRK{Order: order, Dt: 1e-3, Substeps: 2})
			u := make([]float64, 64*65)
			if allocs := testing.AllocsPerRun(10, func() { s.Step(u) }); allocs != 0 {
				t.Errorf("%s, order %d: %v allocations per step", name, order, allocs)
			}
		}
	}
}

func TestDealias(t *testing.T) {
	for _, c := range []struct {
		d       pde.Dealias
		n, want int
	}{
		{pde.Dealias{}, 128, 41}, {pde.Dealias{}, 65, 20}, {pde.Dealias{}, 96, 31}, {pde.Dealias{Fraction: 0.5}, 96, 23},
		{pde.Dealias{Rule: pde.KeepUpTo}, 96, 32}, {pde.Dealias{Rule: pde.KeepAll}, 96, 48}, {pde.Dealias{}, 1, -1},
	} {
		if got := c.d.Largest(c.n); got != c.want {
			t.Errorf("%+v on %d points keeps %d, want %d", c.d, c.n, got, c.want)
		}
	}
	// A dropped mode does not feed the product: sin(kx) beyond the limit only decays.
	const n, k = 64, 25
	u0 := sampled(n, 2*math.Pi, func(x float64) float64 { return math.Sin(k * x) })
	grid := pde.Interval(2*math.Pi, n)
	u := advance(t, pde.BurgersNonConservative(1e-3), grid, pde.ETDRK{Dt: 0.1}, u0, 1)
	want := sampled(n, 2*math.Pi, func(x float64) float64 { return math.Exp(-1e-3*k*k*0.1) * math.Sin(k*x) })
	if d := difference(u, want); !(d <= 1e-13) {
		t.Errorf("a dropped mode interacts: off by %.3g", d)
	}
	grid.Dealias.Rule = pde.KeepAll
	if d := difference(advance(t, pde.BurgersNonConservative(1e-3), grid, pde.ETDRK{Dt: 0.1}, u0, 1), want); !(d > 1e-3) {
		t.Errorf("without dealiasing the mode must alias, it moved by %.3g only", d)
	}
}

func TestRefusals(t *testing.T) {
	good := pde.Interval(1, 8)
	step := pde.ETDRK{Dt: 0.1}
	for name, c := range map[string]struct {
		equation pde.Equation
		grid     pde.Fourier
		method   pde.ETDRK
	}{
		"no channel":     {pde.Equation{}, good, step},
		"no axis":        {pde.Burgers(1), pde.Fourier{}, step},
		"no points":      {pde.Burgers(1), pde.Interval(1, 0), step},
		"NaN length":     {pde.Burgers(1), pde.Interval(math.NaN(), 8), step},
		"fraction":       {pde.Burgers(1), pde.Fourier{Points: []int{8}, Lengths: []float64{1}, Dealias: pde.Dealias{Fraction: 2}}, step},
		"rule":           {pde.Burgers(1), pde.Fourier{Points: []int{8}, Lengths: []float64{1}, Dealias: pde.Dealias{Rule: 9}}, step},
		"order":          {pde.Burgers(1), good, pde.ETDRK{Order: 5, Dt: 1}},
		"no step":        {pde.Burgers(1), good, pde.ETDRK{}},
		"substeps":       {pde.Burgers(1), good, pde.ETDRK{Dt: 1, Substeps: -1}},
		"two axes":       {pde.Burgers(1), pde.Fourier{Points: []int{8, 8}, Lengths: []float64{1, 1}}, step},
		"two axes again": {pde.BurgersNonConservative(1), pde.Fourier{Points: []int{8, 8}, Lengths: []float64{1, 1}}, step},
		"no such field":  {pde.Equation{Linear: []pde.Symbol{pde.Growth(1)}, Term: pde.Term{Products: []pde.Polynomial{{{1, []int{0}}}}, Results: []pde.Combination{{{Of: 0}}}}}, good, step},
		"constant":       {pde.Equation{Linear: []pde.Symbol{pde.Growth(1)}, Term: pde.Powers(1)}, good, step},
		"channels":       {pde.Equation{Linear: []pde.Symbol{pde.Growth(1), pde.Growth(1)}, Term: pde.Powers(0, 1)}, good, step},
	} {
		if _, err := pde.New(c.equation, c.grid, c.method); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func BenchmarkBurgers(b *testing.B) {
	for _, n := range []int{256, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := pde.New(pde.Burgers(0.01), pde.Interval(1, n), pde.ETDRK{Dt: 1e-3, Substeps: 100})
			if err != nil {
				b.Fatal(err)
			}
			u := sampled(n, 1, rough(1))
			b.ReportAllocs()
			for b.Loop() {
				s.Step(u)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/substep")
		})
	}
}

func stepper(t *testing.T, eq pde.Equation, grid pde.Fourier, method pde.Integrator) pde.Stepper {
	t.Helper()
	s, err := pde.New(eq, grid, method)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func advance(t *testing.T, eq pde.Equation, grid pde.Fourier, method pde.Integrator, u0 []float64, steps int) []float64 {
	t.Helper()
	for i, u := range pde.Rollout(stepper(t, eq, grid, method), slices.Clone(u0)) {
		if i == steps {
			return u
		}
	}
	return nil
}

func sampled(n int, length float64, f func(x float64) float64) []float64 {
	u := make([]float64, n)
	for i := range u {
		u[i] = f(length * float64(i) / float64(n))
	}
	return u
}

// rough is a smooth function without any symmetry.
func rough(length float64) func(x float64) float64 {
	return func(x float64) float64 {
		w := 2 * math.Pi * x / length
		return 0.2 + 0.5*math.Sin(w) + 0.3*math.Cos(2*w+1) - 0.2*math.Sin(3*w+2)
	}
}

func mean(u []float64) float64 {
	var s float64
	for _, v := range u {
		s += v
	}
	return s / float64(len(u))
}

// difference is max|a-b|, NaN if any is.
func difference(a, b []float64) float64 {
	var d float64
	for i := range a {
		d = math.Max(d, math.Abs(a[i]-b[i]))
	}
	return d
}
