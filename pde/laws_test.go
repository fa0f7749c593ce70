package pde_test

import (
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// square is the torus [0, length)² with n×n points.
func square(n int, length float64) pde.Fourier {
	return pde.Fourier{Points: []int{n, n}, Lengths: []float64{length, length}}
}

// plane is a smooth function on the unit torus without any symmetry.
func plane(n int) []float64 {
	u := make([]float64, n*n)
	pde.PlaneGaussian{Alpha: 4, Tau: 3, Sigma: 40, Size: 9}.Draw(pde.Rand(3, 1)).Sample(u, n)
	return u
}

func energy(u []float64) (sum float64) {
	for _, v := range u {
		sum += v * v
	}
	return sum / float64(len(u))
}

// An ideal plane flow conserves its enstrophy and, as a velocity, its energy; and both equations are one flow.
func TestIdealFlow(t *testing.T) {
	const n, time = 32, 0.2
	w0 := plane(n)
	for i := range w0 {
		w0[i] *= 300
	}
	method := pde.ETDRK{Dt: time, Substeps: 200}
	w := advance(t, pde.Vorticity{}.Equation(), square(n, 1), method, w0, 1)
	if !(math.Abs(energy(w)/energy(w0)-1) <= 1e-6) || !(difference(w, w0) > 1) {
		t.Errorf("enstrophy %v to %v, moved by %.3g", energy(w0), energy(w), difference(w, w0))
	}
	if m := mean(w); !(math.Abs(m-mean(w0)) <= 1e-14) {
		t.Errorf("mean vorticity %v", m)
	}
	// the same flow as a velocity: u = ψ_y, v = -ψ_x by the spectral solution of ∇²ψ = -w
	u0 := velocity(t, w0, n)
	u := advance(t, pde.Velocity(2, 0), square(n, 1), method, u0, 1)
	if !(math.Abs(energy(u)/energy(u0)-1) <= 1e-6) {
		t.Errorf("energy %v to %v", energy(u0), energy(u))
	}
	if d := difference(u, velocity(t, w, n)); !(d <= 2e-5) {
		t.Errorf("vorticity and velocity differ by %.3g", d)
	}
	points := advance(t, pde.Vorticity{AtPoints: true}.Equation(), square(n, 1), method, w0, 1)
	if d := difference(points, w); !(d <= 1e-11) {
		t.Errorf("the two forms of the product differ by %.3g", d)
	}
}

// velocity is that of a vorticity: the rates of -w as a linear equation with the symbols of ∂_y ∇⁻² and -∂_x ∇⁻².
func velocity(t *testing.T, w []float64, n int) []float64 {
	t.Helper()
	inverse := func(axis int, sign float64) pde.Symbol {
		return func(k []float64) complex128 {
			q := k[0]*k[0] + k[1]*k[1]
			if q == 0 {
				return 0
			}
			return complex(0, sign*k[axis]/q)
		}
	}
	var u []float64
	for _, s := range []pde.Symbol{inverse(1, 1), inverse(0, -1)} {
		f, err := pde.SpectralRates(pde.Linear(s), square(n, 1))
		if err != nil {
			t.Fatal(err)
		}
		part := make([]float64, n*n)
		f.Rate(part, w)
		u = append(u, part...)
	}
	return u
}

// The Taylor–Green vortices along any two axes of space decay exactly, the third component staying zero.
func TestTaylorGreenInSpace(t *testing.T) {
	const n, nu, time = 8, 0.1, 0.5
	exact := pde.TaylorGreen{Nu: nu, K: 1}
	grid := pde.Fourier{Points: []int{n, n, n}, Lengths: []float64{2 * math.Pi, 2 * math.Pi, 2 * math.Pi}}
	for a := range 3 {
		b := (a + 1) % 3
		at := func(time float64) []float64 {
			u := make([]float64, 3*n*n*n)
			for i := range n * n * n {
				x := []float64{float64(i / (n * n)), float64(i / n % n), float64(i % n)}
				u[a*n*n*n+i], u[b*n*n*n+i], _, _ = exact.At(time, 2*math.Pi*x[a]/n, 2*math.Pi*x[b]/n)
			}
			return u
		}
		u := advance(t, pde.Velocity(3, nu), grid, pde.ETDRK{Dt: time, Substeps: 5}, at(0), 1)
		if d := difference(u, at(time)); !(d <= 1e-13) {
			t.Errorf("axes %d, %d: off by %.3g", a, b, d)
		}
	}
}

// Gradient flows: the energy falls; Cahn–Hilliard keeps the mean as well.
func TestGradientFlows(t *testing.T) {
	const n = 64
	u0 := sampled(n, 20, rough(20))
	grid := pde.Fourier{Points: []int{n}, Lengths: []float64{20}, Dealias: pde.Dealias{Fraction: 0.5}}
	slope := func(u []float64) []float64 {
		f, err := pde.SpectralRates(pde.Linear(pde.Derivative(0)), grid)
		if err != nil {
			t.Fatal(err)
		}
		ux := make([]float64, n)
		f.Rate(ux, u)
		return ux
	}
	wells := func(u []float64, gamma float64) (e float64) {
		ux := slope(u)
		for i, v := range u {
			e += ((v*v-1)*(v*v-1)/4 + gamma*ux[i]*ux[i]/2) / n
		}
		return e
	}
	for name, c := range map[string]struct {
		equation pde.Equation
		energy   func([]float64) float64
	}{
		"cahn-hilliard": {pde.CahnHilliard(10, 0.5), func(u []float64) float64 { return wells(u, 0.5) }},
		"allen-cahn":    {pde.AllenCahn(0.3, 1, -1), func(u []float64) float64 { return wells(u, 0.3) }},
	} {
		last := c.energy(u0)
		for i, u := range pde.Rollout(stepper(t, c.equation, grid, pde.ETDRK{Dt: 0.1, Substeps: 20}), slices.Clone(u0)) {
			if e := c.energy(u); !(e <= last+1e-12) {
				t.Errorf("%s: the energy rises from %v to %v in step %d", name, last, e, i)
			} else {
				last = e
			}
			if name == "cahn-hilliard" && !(math.Abs(mean(u)-mean(u0)) <= 1e-14) {
				t.Errorf("the mean moved to %v", mean(u))
			}
			if i == 20 {
				break
			}
		}
		if !(last < 0.9*c.energy(u0)) {
			t.Errorf("%s: nothing happened", name)
		}
	}
}

// Swift–Hohenberg's pattern of wavenumber q has the amplitude √(4r/3) for small r.
func TestSwiftHohenberg(t *testing.T) {
	const n, r = 64, 0.01
	u := sampled(n, 2*math.Pi, func(x float64) float64 { return 0.05 * math.Cos(4*x) })
	grid := pde.Fourier{Points: []int{n}, Lengths: []float64{2 * math.Pi}, Dealias: pde.Dealias{Fraction: 0.5}}
	u = advance(t, pde.SwiftHohenberg(r, 4, 0), grid, pde.ETDRK{Dt: 2000, Substeps: 4000}, u, 1)
	if want := math.Sqrt(4 * r / 3); !(math.Abs(u[0]/want-1) <= 1e-3) {
		t.Errorf("amplitude %v, want %v", u[0], want)
	}
}

// Euler and Crank–Nicolson are of first order, and every order of ETDRK is itself on a plane flow with a force and for two species.
func TestOrderOnPlanes(t *testing.T) {
	const n, time = 24, 0.5
	flow := pde.Vorticity{Nu: 1e-3, Drag: 0.1, Force: pde.DiagonalForce(0.1)}.Equation()
	for name, c := range map[string]struct {
		equation pde.Equation
		u0       []float64
		method   func(steps int) pde.Integrator
		order    float64
		steps    int
	}{
		"crank-nicolson": {flow, plane(n), func(k int) pde.Integrator { return pde.CrankNicolson{Dt: time, Substeps: k} }, 1, 64},
		"etdrk2":         {flow, plane(n), func(k int) pde.Integrator { return pde.ETDRK{Order: 2, Dt: time, Substeps: k} }, 2, 32},
		"etdrk3":         {flow, plane(n), func(k int) pde.Integrator { return pde.ETDRK{Order: 3, Dt: time, Substeps: k} }, 3, 32},
		"etdrk4":         {flow, plane(n), func(k int) pde.Integrator { return pde.ETDRK{Dt: time, Substeps: k} }, 4, 16},
		"gray-scott": {pde.GrayScott(2e-3, 1e-3, 0.04, 0.06), append(plane(n), plane(n)...),
			func(k int) pde.Integrator { return pde.ETDRK{Dt: time, Substeps: k} }, 4, 8},
	} {
		solve := func(m pde.Integrator) []float64 { return advance(t, c.equation, square(n, 1), m, c.u0, 1) }
		truth := solve(pde.ETDRK{Dt: time, Substeps: 512})
		coarse, fine := difference(solve(c.method(c.steps)), truth), difference(solve(c.method(2*c.steps)), truth)
		if order := math.Log2(coarse / fine); !(math.Abs(order-c.order) <= 0.15) {
			t.Errorf("%s: order %.3f from errors %.3g, %.3g", name, order, coarse, fine)
		}
	}
}

// A wave's energy is conserved and its step exact: twenty steps are one of twenty times the length.
func TestWaveExact(t *testing.T) {
	const n = 16
	state := append(plane(n), plane(n)...)
	long, err := pde.Wave{Speed: 2, Dt: 1}.Stepper(square(n, 1))
	if err != nil {
		t.Fatal(err)
	}
	short, err := pde.Wave{Speed: 2, Dt: 0.05}.Stepper(square(n, 1))
	if err != nil {
		t.Fatal(err)
	}
	a, b := slices.Clone(state), slices.Clone(state)
	long.Step(a)
	for range 20 {
		short.Step(b)
	}
	if d := difference(a, b); !(d <= 1e-11) {
		t.Errorf("one step and twenty differ by %.3g", d)
	}
	back, err := pde.Wave{Speed: 2, Dt: -1}.Stepper(square(n, 1))
	if err != nil {
		t.Fatal(err)
	}
	back.Step(a)
	if d := difference(a, state); !(d <= 1e-11) {
		t.Errorf("there and back: off by %.3g", d)
	}
}

// Residuals vanish to second order along a solution, for Fourier modes and for cells, and do not for another field.
func TestResidual(t *testing.T) {
	const n = 128
	spectral, err := pde.SpectralRates(pde.Burgers(0.05), pde.Interval(4, n))
	if err != nil {
		t.Fatal(err)
	}
	cells := pde.FiniteVolume{Law: pde.BurgersLaw{Nu: 0.05}, Box: line(n, 4, pde.Around), Limiter: pde.Unlimited}
	differences, err := cells.Rates()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		rates pde.Rates
		step  func(dt float64) pde.Stepper
	}{
		"spectral": {spectral, func(dt float64) pde.Stepper {
			return stepper(t, pde.Burgers(0.05), pde.Interval(4, n), pde.ETDRK{Dt: dt, Substeps: 50})
		}},
		"cells": {differences, func(dt float64) pde.Stepper {
			return pde.DormandPrince{Rtol: 1e-10, Dt: dt}.Stepper(differences)
		}},
	} {
		size := func(dt float64) float64 {
			before := sampled(n, 4, rough(4))
			after := slices.Clone(before)
			c.step(dt).Step(after)
			r := make([]float64, n)
			pde.Residual(r, before, after, dt, c.rates, make([]float64, n))
			return math.Sqrt(energy(r))
		}
		coarse, fine := size(0.04), size(0.02)
		if order := math.Log2(coarse / fine); !(math.Abs(order-2) <= 0.15) {
			t.Errorf("%s: order %.3f from residuals %.3g, %.3g", name, order, coarse, fine)
		}
		u := sampled(n, 4, rough(4))
		r := make([]float64, n)
		pde.Residual(r, u, u, 0.02, c.rates, make([]float64, n))
		if rest := math.Sqrt(energy(r)); !(rest > 100*fine) {
			t.Errorf("%s: a field at rest has the residual %.3g", name, rest)
		}
	}
}

// Poisson's equation in three dimensions: second order by differences, exact by sines.
func TestPoisson(t *testing.T) {
	solve := func(m int, spectral bool) float64 {
		points := []int{m + 1, 2*m + 1, 3*m + 1}
		p := pde.Helmholtz{Points: points, Lengths: []float64{1, 2, 1.5}, Spectral: spectral}
		s, err := p.Solver()
		if err != nil {
			t.Fatal(err)
		}
		size := points[0] * points[1] * points[2]
		q, u, want := make([]float64, size), make([]float64, size), make([]float64, size)
		for i := range size {
			x := float64(i/(points[1]*points[2])) / float64(m)
			y, z := float64(i/points[2]%points[1])/float64(m), float64(i%points[2])/float64(2*m)
			want[i] = math.Sin(math.Pi*x) * math.Sin(math.Pi*y) * math.Sin(2*math.Pi*z/1.5)
			q[i] = -math.Pi * math.Pi * (1 + 1 + 4/(1.5*1.5)) * want[i]
		}
		if err := s.Solve(u, q); err != nil {
			t.Fatal(err)
		}
		return difference(u, want)
	}
	if d := solve(8, true); !(d <= 1e-13) {
		t.Errorf("sines: off by %.3g", d)
	}
	coarse, fine := solve(8, false), solve(16, false)
	if order := math.Log2(coarse / fine); !(math.Abs(order-2) <= 0.15) {
		t.Errorf("order %.3f from errors %.3g, %.3g", order, coarse, fine)
	}
	resonant, err := pde.Helmholtz{Points: []int{9}, Lengths: []float64{1}, Kappa: math.Pi * math.Pi, Spectral: true}.Solver()
	if err != nil {
		t.Fatal(err)
	}
	if err := resonant.Solve(make([]float64, 9), make([]float64, 9)); err == nil {
		t.Error("a resonance has no solution")
	}
}

// The explicit and the stiff integrator agree on diffusion–sorption, and the tolerance is what it says.
func TestIntegratorsAgree(t *testing.T) {
	f := pde.PDEBenchSorption(32)
	u0 := slices.Repeat([]float64{0.1}, 32)
	truth := slices.Clone(u0)
	pde.DormandPrince{Rtol: 1e-11, Atol: 1e-12, Dt: 50}.Stepper(f).Step(truth)
	for _, tol := range []float64{1e-4, 1e-6, 1e-8} {
		for name, s := range map[string]pde.Stepper{
			"explicit": pde.DormandPrince{Rtol: tol, Atol: tol, Dt: 50}.Stepper(f),
			"stiff":    pde.Extrapolation{Rtol: tol, Atol: tol, Dt: 50}.Stepper(f),
		} {
			u := slices.Clone(u0)
			s.Step(u)
			if d := difference(u, truth); !(d <= 20*tol) {
				t.Errorf("%s, tolerance %.0e: off by %.3g", name, tol, d)
			}
		}
	}
}

// FitzHugh–Nagumo on an interval is the square's without variation along the other axis, and no flux leaves either.
func TestFitzHughNagumo(t *testing.T) {
	const n = 16
	one := pde.FitzHughNagumo{Cells: n, Axes: 1, Length: 2, Du: 1e-3, Dv: 5e-3, K: 5e-3}
	two := one
	two.Axes = 2
	u, v := make([]float64, 2*n), make([]float64, 2*n*n)
	for j := range n {
		u[j], u[n+j] = math.Sin(float64(j)), math.Cos(float64(3*j))
		for i := range n {
			v[i*n+j], v[n*n+i*n+j] = u[j], u[n+j]
		}
	}
	pde.DormandPrince{Rtol: 1e-10, Dt: 1}.Stepper(one).Step(u)
	pde.DormandPrince{Rtol: 1e-10, Dt: 1}.Stepper(two).Step(v)
	for i := range n {
		if d := max(difference(v[i*n:(i+1)*n], u[:n]), difference(v[n*n+i*n:n*n+(i+1)*n], u[n:])); !(d <= 1e-8) {
			t.Fatalf("row %d: off by %.3g", i, d)
		}
	}
	rate, flat := make([]float64, 2*n), slices.Repeat([]float64{0.3}, 2*n)
	one.Rate(rate, flat)
	if d := math.Abs(rate[0] - rate[n/2]); !(d <= 1e-15) {
		t.Errorf("a flux of %.3g through the wall", d)
	}
}

// Random fields on planes are functions too, and have the variance that the law says.
func TestPlaneGaussian(t *testing.T) {
	law := pde.PlaneGaussian{Alpha: 2.5, Tau: 7, Size: 15}
	f := law.Draw(pde.Rand(1, 2))
	at := func(x, y float64) (s float64) {
		for i := range law.Size {
			for j := range law.Size {
				k, l := float64((i+7)%15-7), float64((j+7)%15-7)
				sin, cos := math.Sincos(2 * math.Pi * (k*x + l*y))
				s += f.Re[i*15+j]*cos - f.Im[i*15+j]*sin
			}
		}
		return s
	}
	for _, n := range []int{4, 9, 15, 32} {
		u := make([]float64, n*n)
		f.Sample(u, n)
		for i, v := range u {
			if d := math.Abs(v - at(float64(i/n)/float64(n), float64(i%n)/float64(n))); !(d <= 1e-13) {
				t.Fatalf("%d points: value %d off by %.3g", n, i, d)
			}
		}
	}
	finer := law
	finer.Size = 21
	g := finer.Draw(pde.Rand(1, 2))
	if f.Re[1] != g.Re[1] || f.Im[14*15+3] != g.Im[20*21+3] {
		t.Error("more modes change the field")
	}
	var want, sum float64
	for k := -7; k <= 7; k++ {
		for l := -7; l <= 7; l++ {
			want += law.Amplitude(k, l) * law.Amplitude(k, l)
		}
	}
	const samples = 2000
	u := make([]float64, 16)
	for i := range uint64(samples) {
		law.Draw(pde.Rand(9, i)).Sample(u, 4)
		sum += u[5] * u[5] / samples
	}
	if !(math.Abs(sum/want-1) <= 0.1) {
		t.Errorf("variance %v, want %v", sum, want)
	}
}
