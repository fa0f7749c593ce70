package pde_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

// absolute compares within the case's absolute tolerance.
func (c *golden) absolute(t *testing.T, name string, got, want []float64) {
	t.Helper()
	within(t, name, got, want, func(float64) float64 { return c.Tolerance.Atol })
}

// vorticityScript is the scheme of the 2021 script: Crank–Nicolson and Euler, the product's spectrum alone truncated at 2/3.
func vorticityScript(t *testing.T, c *golden) {
	if !strings.HasPrefix(c.Forcing, "f = 0.1*(sin(2 pi (x+y)) + cos(2 pi (x+y)))") {
		t.Fatalf("unknown forcing %q", c.Forcing)
	}
	if text := string(c.Dealiasing); !strings.Contains(text, "|kx|,|ky| <= (2/3)(s/2); arguments are not truncated") {
		t.Fatalf("unknown dealiasing %s", text)
	}
	eq := pde.Vorticity{Nu: c.number(t, "nu"), Force: pde.DiagonalForce(0.1), AtPoints: true}.Equation()
	grid := pde.Fourier{Points: []int{c.Points, c.Points}, Lengths: []float64{c.Length, c.Length},
		Dealias: pde.Dealias{Rule: pde.KeepUpTo, Results: true}}
	s := stepper(t, eq, grid, pde.CrankNicolson{Dt: c.Dt})
	var got []float64
	for i, w := range pde.Rollout(s, slices.Clone(c.array(t, "w0").values)) {
		if i%c.Every == 0 {
			got = append(got, w...)
		}
		if i == c.Steps {
			break
		}
	}
	c.near(t, "trajectory", got, c.array(t, "trajectory").values, c.Tolerance.RtolOfMax)
}

// taylorGreen tests the closed form, and the two spectral solvers against it.
func taylorGreen(t *testing.T, c *golden) {
	exact := pde.TaylorGreen{Nu: c.number(t, "nu"), K: c.number(t, "k")}
	n := int(c.number(t, "N"))
	fields := map[string][]float64{}
	times := c.array(t, "t").values
	grid := pde.Fourier{Points: []int{n, n}, Lengths: []float64{2 * math.Pi, 2 * math.Pi}}
	var solvedU, solvedW []float64
	for _, at := range times {
		first, firstW := make([]float64, 2*n*n), make([]float64, n*n)
		for i := range n {
			for j := range n {
				x, y := 2*math.Pi*float64(i)/float64(n), 2*math.Pi*float64(j)/float64(n)
				u, v, p, w := exact.At(at, x, y)
				for name, value := range map[string]float64{"u": u, "v": v, "p": p, "w": w} {
					fields[name] = append(fields[name], value)
				}
				first[i*n+j], first[n*n+i*n+j], _, firstW[i*n+j] = exact.At(0, x, y)
			}
		}
		if at > 0 {
			method := pde.ETDRK{Dt: at, Substeps: 4}
			stepper(t, pde.Velocity(2, exact.Nu), grid, method).Step(first)
			stepper(t, pde.Vorticity{Nu: exact.Nu}.Equation(), grid, method).Step(firstW)
		}
		solvedU, solvedW = append(solvedU, first[:n*n]...), append(solvedW, firstW...)
	}
	for name, got := range fields {
		c.absolute(t, name, got, c.array(t, name).values)
	}
	c.absolute(t, "u, solved", solvedU, c.array(t, "u").values)
	c.absolute(t, "w, solved", solvedW, c.array(t, "w").values)
}

// frames advances a stepper made for each interval of time.
func frames(u []float64, times []float64, stepper func(dt float64) pde.Stepper) []float64 {
	u = slices.Clone(u)
	got := slices.Clone(u)
	for i := 1; i < len(times); i++ {
		stepper(times[i] - times[i-1]).Step(u)
		got = append(got, u...)
	}
	return got
}

func diffusionSorption(t *testing.T, c *golden) {
	times := c.array(t, "t").values
	for _, name := range []string{"u", "u_fine"} {
		want := c.array(t, name)
		f := pde.DiffusionSorption{Cells: want.shape[1], D: c.number(t, "D"), Porosity: c.number(t, "phi"), Density: c.number(t, "rho_s"),
			K: c.number(t, "k_f"), NF: c.number(t, "n_f"), Left: c.number(t, "c_left")}
		u0 := slices.Repeat([]float64{c.number(t, "u0")}, f.Cells)
		got := frames(u0, times, func(dt float64) pde.Stepper { return pde.Extrapolation{Rtol: 1e-9, Atol: 1e-10, Dt: dt}.Stepper(f) })
		c.near(t, name, got, want.values, c.Tolerance.RtolOfMax)
	}
}

func fitzHughNagumo(t *testing.T, c *golden) {
	want := c.array(t, "trajectory")
	n := want.shape[3]
	f := pde.FitzHughNagumo{Cells: n, Axes: 2, Length: 2, Du: c.number(t, "Du"), Dv: c.number(t, "Dv"), K: c.number(t, "k")}
	got := frames(want.values[:2*n*n], c.array(t, "t").values, func(dt float64) pde.Stepper {
		return pde.DormandPrince{Rtol: 1e-10, Atol: 1e-11, Dt: dt}.Stepper(f)
	})
	c.near(t, "trajectory", got, want.values, c.Tolerance.RtolOfMax)
}

func riemann(t *testing.T, c *golden) {
	state := func(name string) pde.GasState {
		var v [3]float64
		c.parameter(t, name, &v)
		return pde.GasState{Density: v[0], Velocity: v[1], Pressure: v[2]}
	}
	gamma, time := c.number(t, "gamma"), c.number(t, "time")
	r, err := pde.NewRiemann(gamma, state("left_rho_u_p"), state("right_rho_u_p"))
	if err != nil {
		t.Fatal(err)
	}
	c.absolute(t, "p*, u*", []float64{r.Pressure, r.Velocity}, []float64{c.number(t, "p_star"), c.number(t, "u_star")})
	x, points, cells := c.array(t, "x").values, c.array(t, "rho_u_p").values, c.array(t, "cell_averages").values
	dx := x[1] - x[0]
	var got, want, averages []float64
	for i, xi := range x {
		cut := slices.ContainsFunc(r.Jumps(), func(s float64) bool { return math.Abs(s*time-(xi-0.5)) <= dx/2 })
		if s := r.At((xi - 0.5) / time); !cut {
			got = append(got, s.Density, s.Velocity, s.Pressure)
			want = append(want, points[3*i:3*i+3]...)
		}
		var sum [3]float64
		const pieces = 400
		for j := range pieces {
			s := r.At((xi + dx*((float64(j)+0.5)/pieces-0.5) - 0.5) / time)
			m := s.Density * s.Velocity
			for k, v := range []float64{s.Density, m, s.Pressure/(gamma-1) + m*s.Velocity/2} {
				sum[k] += v / pieces
			}
		}
		averages = append(averages, sum[:]...)
	}
	c.absolute(t, "point values", got, want)
	within(t, "cell averages", averages, cells, func(float64) float64 { return 1e-3 })
}

// allenCahnBenchmark solves the equation of the PINN benchmark; its tolerance is that of the kink at the ends.
func allenCahnBenchmark(t *testing.T, c *golden) {
	x := c.array(t, "x").values
	n := 2 * len(x)
	u := make([]float64, n)
	for i := range u {
		xi := -1 + 2*float64(i)/float64(n)
		u[i] = xi * xi * math.Cos(math.Pi*xi)
	}
	grid := pde.Fourier{Points: []int{n}, Lengths: []float64{2}, Dealias: pde.Dealias{Rule: pde.KeepAll}}
	var got []float64
	last := 0.0
	for _, at := range c.array(t, "t").values {
		if at > last {
			stepper(t, pde.AllenCahn(1e-4, 5, -5), grid, pde.ETDRK{Dt: at - last, Substeps: int(math.Ceil((at - last) / 2e-3))}).Step(u)
			last = at
		}
		for i := 0; i < n; i += 2 {
			got = append(got, u[i])
		}
	}
	c.absolute(t, "u", got, c.array(t, "u").values)
}

func heat(t *testing.T, c *golden) {
	x, times := c.array(t, "x").values, c.array(t, "t").values
	var got []float64
	for _, k := range c.array(t, "k").values {
		u := make([]float64, len(x))
		for i, xi := range x {
			u[i] = math.Sin(xi)
		}
		for i, at := range times {
			if i > 0 {
				at -= times[i-1]
			}
			if at > 0 {
				stepper(t, pde.Linear(pde.Diffusion(k)), pde.Interval(2*math.Pi, len(x)), pde.ETDRK{Dt: at}).Step(u)
			}
			got = append(got, u...)
		}
	}
	c.absolute(t, "u", got, c.array(t, "u").values)
}

func porousMedium(t *testing.T, c *golden) {
	x, times := c.array(t, "x").values, c.array(t, "t").values
	ran := 0
	for _, name := range slices.Sorted(maps.Keys(c.arrays)) {
		degree, ok := strings.CutPrefix(name, "u_m")
		if !ok {
			continue
		}
		m, err := strconv.ParseFloat(degree, 64)
		if err != nil {
			t.Fatal(err)
		}
		ran++
		exact := pde.PorousMedium{Degree: m}
		var u, mass []float64
		for _, at := range times {
			for _, xi := range x {
				u = append(u, exact.At(at, xi))
			}
			mass = append(mass, exact.Mass(at))
		}
		c.absolute(t, name, u, c.array(t, name).values)
		c.absolute(t, "mass", mass, c.array(t, "mass_m"+degree).values)
	}
	if ran == 0 {
		t.Fatal("the case has no u_m*")
	}
}

func stefan(t *testing.T, c *golden) {
	exact, err := pde.NewStefan(c.number(t, "u_star"), c.number(t, "k_max"))
	if err != nil {
		t.Fatal(err)
	}
	x := c.array(t, "x").values
	dx := x[1] - x[0]
	want := c.array(t, "u").values
	var got, kept, mass, front []float64
	for i, at := range c.array(t, "t").values {
		front, mass = append(front, exact.Front(at)), append(mass, exact.Mass(at))
		for j, xi := range x {
			if math.Abs(xi-exact.Front(at)) > dx/2 {
				got, kept = append(got, exact.At(at, xi)), append(kept, want[i*len(x)+j])
			}
		}
	}
	c.absolute(t, "u", got, kept)
	c.absolute(t, "mass", mass, c.array(t, "mass").values)
	c.absolute(t, "front", front, c.array(t, "front").values)
}

func transport(t *testing.T, c *golden) {
	a, length := c.number(t, "a"), c.number(t, "L")
	sine := func(x float64) float64 { return math.Exp(math.Sin(2 * math.Pi * x / length)) }
	for name, initial := range map[string]func(float64) float64{"step": pde.Step(0.5, 1, 0), "periodic": sine} {
		exact := pde.Transport{Speed: a, Initial: initial}
		x := c.array(t, "x_"+name).values
		var got, mass []float64
		for _, at := range c.array(t, "t_"+name).values {
			for _, xi := range x {
				got = append(got, exact.At(at, xi))
			}
			mass = append(mass, pde.StepMass(0.5, a, at))
		}
		c.absolute(t, name, got, c.array(t, "u_"+name).values)
		if name == "step" {
			c.absolute(t, "mass", mass, c.array(t, "mass_step").values)
		}
	}
	n := len(c.array(t, "x_periodic").values)
	times := c.array(t, "t_periodic").values
	exact := pde.Transport{Speed: a, Initial: sine}
	got := frames(sampled(n, length, func(x float64) float64 { return exact.At(times[0], x) }), times, func(dt float64) pde.Stepper {
		return stepper(t, pde.Linear(pde.Advection(a)), pde.Interval(length, n), pde.ETDRK{Dt: dt})
	})
	c.absolute(t, "periodic, solved", got, c.array(t, "u_periodic").values)
}

// wave propagates the first frame exactly to every later time.
func wave(t *testing.T, c *golden) {
	n := len(c.array(t, "x").values)
	want := c.array(t, "u").values
	var got []float64
	for _, at := range c.array(t, "t").values {
		state := make([]float64, 2*n)
		copy(state, want[:n])
		s, err := pde.WaveString{Wave: pde.Wave{Speed: c.number(t, "c"), Dt: at}, Length: 1}.Stepper(n)
		if err != nil {
			t.Fatal(err)
		}
		s.Step(state)
		got = append(got, state[:n]...)
	}
	c.absolute(t, "u", got, want)
}

func helmholtz(t *testing.T, c *golden) {
	u := c.array(t, "u")
	k := c.number(t, "k")
	for _, spectral := range []bool{false, true} {
		s, err := pde.Helmholtz{Points: u.shape, Lengths: []float64{2, 2}, Kappa: k * k, Spectral: spectral}.Solver()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float64, len(u.values))
		if err := s.Solve(got, c.array(t, "q").values); err != nil {
			t.Fatal(err)
		}
		if spectral {
			within(t, "exact", got, u.values, func(float64) float64 { return c.bound(t, "exact") })
		} else {
			c.near(t, "discrete", got, c.array(t, "u_discrete").values, c.bound(t, "u_discrete_rtol_of_max"))
		}
	}
}

func planeGaussian(t *testing.T, c *golden) {
	n := int(c.number(t, "size"))
	law := pde.PlaneGaussian{Alpha: c.number(t, "alpha"), Tau: c.number(t, "tau"), Sigma: c.number(t, "sigma"), Size: n}
	xi := c.array(t, "xi").values
	got := make([]float64, n*n)
	law.Field(xi[:n*n], xi[n*n:]).Sample(got, n)
	c.near(t, "u", got, c.array(t, "u").values, c.Tolerance.RtolOfMax)
}

// bound is a named tolerance, a number or its text.
func (c *golden) bound(t *testing.T, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(strings.Trim(string(c.Tolerances[name]), `"`), 64)
	if err != nil {
		t.Fatal(fmt.Errorf("tolerance %q: %w", name, err))
	}
	return v
}
