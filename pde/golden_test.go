package pde_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/pde"
)

// golden is one case folder: what case.json says and the arrays of case.safetensors.
type golden struct {
	Equation   string
	Law        string
	Forcing    string
	Length     float64 `json:"domain_length"`
	Axes       int     `json:"space_dims"` // of the arrays, where it is not said
	Points     int     `json:"points_per_axis"`
	Dt         float64
	Steps      int
	Every      int `json:"snapshot_every"`
	Substeps   int
	Parameters map[string]json.RawMessage
	Dealiasing json.RawMessage
	Tolerances map[string]json.RawMessage `json:"tolerance"`
	Tolerance  struct {
		RtolOfMax float64 `json:"rtol_of_max"`
		Rtol      float64
		Atol      float64
	} `json:"-"`
	arrays map[string]array
}

type array struct {
	shape  []int
	values []float64
}

// goldenKinds maps the statement of a case, its equation or law, to the test of that kind.
var goldenKinds = map[string]func(*testing.T, *golden){
	"u_t + c u_x = 0": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Linear(pde.Advection(c.number(t, "c")))
	}),
	"u_t = nu u_xx (heat equation)": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Linear(pde.Diffusion(c.number(t, "nu")))
	}),
	"u_t + c u_x = nu u_xx": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Linear(pde.Advection(c.number(t, "c")), pde.Diffusion(c.number(t, "nu")))
	}),
	"u_t + c . grad u = sum_ij A_ij d_i d_j u": periodic(func(c *golden, t *testing.T) pde.Equation {
		var speed []float64
		var a [][]float64
		c.parameter(t, "c", &speed)
		c.parameter(t, "A", &a)
		return pde.Linear(pde.Advection(speed...), pde.AnisotropicDiffusion(a))
	}),
	"u_t = a u_xxx (exponax sign: dispersion on the right-hand side)": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Linear(pde.Dispersion(c.number(t, "a")))
	}),
	"u_t = -mu u_xxxx": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Linear(pde.HyperDiffusion(c.number(t, "mu")))
	}),
	"u_t + (1/2)(u^2)_x = nu u_xx": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Burgers(c.number(t, "nu"))
	}),
	"u_t + u u_x = nu u_xx": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.BurgersNonConservative(c.number(t, "nu"))
	}),
	"u_t - 6 u u_x + u_xxx = -zeta u_xxxx": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.KortewegDeVries(c.number(t, "convection_scale"), c.number(t, "dispersivity"), c.number(t, "zeta"))
	}),
	"u_t - 6 u u_x + u_xxx = 0": periodic(func(*golden, *testing.T) pde.Equation {
		return pde.KortewegDeVries(-6, 1, 0)
	}),
	"u_t + (1/2)(u^2)_x + u_xx + u_xxxx = 0": periodic(func(*golden, *testing.T) pde.Equation {
		return pde.KuramotoSivashinsky(1)
	}),
	"u_t + (1/2)(u_x)^2 - mean[(1/2)(u_x)^2] + u_xx + u_xxxx = 0": periodic(func(c *golden, _ *testing.T) pde.Equation {
		return pde.KuramotoSivashinskyCombustion(c.Axes)
	}),
	"u_t + (1/2)|grad u|^2 - mean[(1/2)|grad u|^2] + Lap u + Lap^2 u = 0 (Lap^2 with the mixed term)": periodic(func(c *golden, _ *testing.T) pde.Equation {
		return pde.KuramotoSivashinskyCombustion(c.Axes)
	}),
	"u_t = nu u_xx + r u (1-u)": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.FisherKPP(c.number(t, "nu"), c.number(t, "r"))
	}),
	"u_t = nu u_xx + u - u^3": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.AllenCahn(c.number(t, "nu"), c.number(t, "c1"), c.number(t, "c3"))
	}),
	"u_t + u u_x = nu u_xx, periodic on [0, 2 pi), u(0,x) = U + A sin(x)": func(t *testing.T, c *golden) {
		coleHopf(t, c, pde.ColeHopf{Nu: c.number(t, "nu"), A: c.number(t, "A"), U: c.number(t, "U")})
	},
	"u_t + u u_x = (0.01/pi) u_xx on [-1,1], u(0,x) = -sin(pi x), u(t,-1)=u(t,1)=0": func(t *testing.T, c *golden) {
		coleHopf(t, c, pde.ColeHopf{Nu: c.number(t, "nu"), A: -1, K: math.Pi})
	},
	"z = dt*symbol; columns: exp(z), exp(z/2), phi1(z), phi2(z), phi3(z), h=(exp(z/2)-1)/z, f1=(-4-z+e^z(4-3z+z^2))/z^3, f2=(2+z+e^z(z-2))/z^3, f3=(-4-3z-z^2+e^z(4-z))/z^3": coefficients,
	"for i in {0,1}: d_t u_i + (1/2)[d_0(u_0 u_i) + d_1(u_1 u_i)] = nu Lap u_i": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.VectorBurgersConservative(c.Axes, c.number(t, "nu"))
	}),
	"for i in {0,1}: d_t u_i + u_0 d_0 u_i + u_1 d_1 u_i = nu Lap u_i": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.VectorBurgers(c.Axes, c.number(t, "nu"))
	}),
	"u_t + (1/2)|grad u|^2 - mean[(1/2)|grad u|^2] + (u_xx+u_yy) + (u_xxxx+u_yyyy) = 0": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.KuramotoSivashinskySeparable(c.Axes)
	}),
	"u_t = nu1 Lap u + f(1-u) - u v^2 ; v_t = nu2 Lap v - (f+k) v + u v^2": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.GrayScott(c.number(t, "nu1"), c.number(t, "nu2"), c.number(t, "feed"), c.number(t, "kill"))
	}),
	"w_t + u_0 d_0 w + u_1 d_1 w = nu Lap w, with Lap psi = +w, u_0 = d_1 psi, u_1 = -d_0 psi": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Vorticity{Nu: c.number(t, "nu"), Drag: -c.number(t, "drag"), Reversed: true}.Equation()
	}),
	"w_t + u w_x + v w_y = nu Lap w, with Lap psi = -w, u = psi_y, v = -psi_x (w = v_x - u_y)": periodic(func(c *golden, t *testing.T) pde.Equation {
		return pde.Vorticity{Nu: c.number(t, "nu")}.Equation()
	}),
	"w_t + u_0 d_0 w + u_1 d_1 w = nu Lap w + drag*w - k*gamma*cos(k*(2 pi/L)*x1), with Lap psi = +w, u_0 = d_1 psi, u_1 = -d_0 psi": periodic(func(c *golden, t *testing.T) pde.Equation {
		force := pde.KolmogorovForce(int(c.number(t, "injection_mode")), c.number(t, "injection_scale"), c.Length)
		return pde.Vorticity{Nu: c.number(t, "nu"), Drag: -c.number(t, "drag"), Force: force, Reversed: true}.Equation()
	}),
	"w_t + u w_x + v w_y = nu Lap w + f, Lap psi = -w, u = psi_y, v = -psi_x, unit torus":     vorticityScript,
	"u_t+u u_x+v u_y+p_x=nu Lap u; same for v; u_x+v_y=0 on the torus [0,2 pi)^2":             taylorGreen,
	"u_t = (D/R(u)) u_xx, R(u) = 1 + ((1-phi)/phi) rho_s k_f n_f (u + 1e-6)^(n_f - 1)":        diffusionSorption,
	"u_t = Du Lap u + u - u^3 - k - v ; v_t = Dv Lap v + u - v":                               fitzHughNagumo,
	"rho_t+(rho u)_x=0; (rho u)_t+(rho u^2+p)_x=0; E_t+(u(E+p))_x=0; E=p/(gamma-1)+rho u^2/2": riemann,
	"u_t = 1e-4 u_xx + 5u - 5u^3 on [-1,1], periodic, u(0,x)=x^2 cos(pi x)":                   allenCahnBenchmark,
	"u_t = k u_xx, x in [0, 2 pi) periodic, u(0,x) = sin x":                                   heat,
	"u_t = d_x( u^m d_x u ) on x in [0,1]":                                                    porousMedium,
	"u_t = d_x( k(u) d_x u ), k = k_max if u >= u* else 0, k_max = 1":                         stefan,
	"u_t + a u_x = 0": transport,
	"u_tt = c^2 u_xx on [0,1], u=0 at both ends": wave,
	"u_xx + u_yy + k^2 u = q on [-1,1]^2, u = 0 on the boundary; u = sin(a1 pi x) sin(a2 pi y); q = (k^2 - pi^2 (a1^2+a2^2)) u": helmholtz,
	"real part of a complex Gaussian Fourier series on the periodic unit square":                                                planeGaussian,
	"-div(a grad u) = f on the unit square, u = 0 on the boundary":                                                              darcy,
	"N(0, sigma^2 (-d_xx + tau^2 I)^(-gamma)) on the periodic unit interval, no mean mode":                                      periodicGaussian,
	"N(0, tau^(2 alpha-2) (-Lap + tau^2 I)^(-alpha)) on the unit square, zero Neumann boundary, no mean mode":                   neumannGaussian,
}

func TestGoldenPDE(t *testing.T) {
	reference.Each(t, 1, "pde", "case.json", func(t *testing.T, file string) {
		folder := filepath.Dir(file)
		c := readGolden(t, folder)
		statement := c.Equation
		if statement == "" {
			statement = c.Law
		}
		run, ok := goldenKinds[statement]
		if !ok {
			t.Fatalf("nothing builds %q", statement)
		}
		run(t, c)
	})
}

// periodic tests every trajectory of a case of the pseudo-spectral kind.
func periodic(equation func(*golden, *testing.T) pde.Equation) func(*testing.T, *golden) {
	return func(t *testing.T, c *golden) {
		ran := 0
		for name, want := range c.arrays {
			var order int
			if n, _ := fmt.Sscanf(name, "trajectory_order%d", &order); n != 1 {
				continue
			}
			ran++
			axes := len(want.shape) - 2
			c.Axes = axes
			grid := pde.Fourier{Points: slices.Repeat([]int{c.Points}, axes), Lengths: slices.Repeat([]float64{c.Length}, axes), Dealias: c.dealias(t)}
			s, err := pde.New(equation(c, t), grid, pde.ETDRK{Order: order, Dt: c.Dt, Substeps: c.Substeps})
			if err != nil {
				t.Fatal(err)
			}
			size := len(want.values) / want.shape[0]
			var got []float64
			for i, u := range pde.Rollout(s, slices.Clone(want.values[:size])) {
				if i%c.Every == 0 {
					got = append(got, u...)
				}
				if i == c.Steps {
					break
				}
			}
			c.near(t, name, got, want.values, c.Tolerance.RtolOfMax)
			if exact, ok := c.arrays["exact"]; ok {
				c.near(t, "exact", got, exact.values, c.Tolerance.RtolOfMax)
			}
		}
		if ran == 0 {
			t.Fatal("the case has no trajectory_order*")
		}
	}
}

func coleHopf(t *testing.T, c *golden, exact pde.ColeHopf) {
	x := c.array(t, "x").values
	var u, ux []float64
	for _, at := range c.array(t, "t").values {
		for _, xi := range x {
			v, vx := exact.At(at, xi)
			u, ux = append(u, v), append(ux, vx)
		}
	}
	within(t, "u", u, c.array(t, "u").values, func(float64) float64 { return c.Tolerance.Atol })
	if want, ok := c.arrays["u_x"]; ok {
		within(t, "u_x", ux, want.values, func(float64) float64 { return c.Tolerance.Atol })
	}
}

func coefficients(t *testing.T, c *golden) {
	z := c.array(t, "z").values
	var got []float64
	for i := 0; i < len(z); i += 2 {
		k := pde.NewCoefficients(complex(z[i], z[i+1]))
		for _, v := range []complex128{k.E, k.E2, k.Phi1, k.Phi2, k.Phi3, k.H, k.F1, k.F2, k.F3} {
			got = append(got, real(v), imag(v))
		}
	}
	want := c.array(t, "coefficients").values
	if len(got) != len(want) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	for i := 0; i < len(want); i += 2 {
		d := math.Hypot(got[i]-want[i], got[i+1]-want[i+1])
		if tol := c.Tolerance.Atol + c.Tolerance.Rtol*math.Hypot(want[i], want[i+1]); !(d <= tol) {
			t.Errorf("column %d at z = (%v, %v): (%v, %v), want (%v, %v), off by %.2g", i/2%9, z[i/18*2], z[i/18*2+1], got[i], got[i+1], want[i], want[i+1], d)
		}
	}
}

func darcy(t *testing.T, c *golden) {
	a := c.array(t, "a")
	n := a.shape[0]
	var f []float64
	if source, ok := c.arrays["f"]; ok {
		f = source.values
	} else if c.Forcing != "f = 1" {
		t.Fatalf("unknown forcing %q", c.Forcing)
	}
	if series, ok := c.arrays["c"]; ok {
		got := make([]float64, n*n)
		pde.CosineSeries{C: series.values, Modes: series.shape[0]}.Nodes(got, n)
		for i, v := range got {
			got[i] = math.Exp(v)
		}
		c.near(t, "a", got, a.values, c.Tolerance.RtolOfMax)
	}
	ran := 0
	for name, problem := range map[string]pde.Darcy{
		"u_harmonic":   {N: n, Points: pde.Nodes, Mean: pde.Harmonic},
		"u_arithmetic": {N: n, Points: pde.Nodes, Mean: pde.Arithmetic},
		"u_cells":      {N: n, Points: pde.Cells, Mean: pde.Harmonic},
	} {
		want, ok := c.arrays[name]
		if !ok {
			continue
		}
		ran++
		s, err := problem.Solver()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float64, n*n)
		if _, err := s.Solve(got, a.values, f); err != nil {
			t.Fatal(err)
		}
		c.near(t, name, got, want.values, c.Tolerance.RtolOfMax)
	}
	if ran == 0 {
		t.Fatal("the case has no solution")
	}
}

func periodicGaussian(t *testing.T, c *golden) {
	law := pde.PeriodicGaussian{Gamma: c.number(t, "gamma"), Tau: c.number(t, "tau"), Sigma: c.number(t, "sigma"), Modes: int(c.number(t, "modes"))}
	f := law.Field(c.array(t, "xi_a").values, c.array(t, "xi_b").values)
	got := make([]float64, int(c.number(t, "points")))
	f.Sample(got)
	c.near(t, "u", got, c.array(t, "u").values, c.Tolerance.RtolOfMax)
	for i, x := range c.array(t, "x").values {
		got[i] = f.At(x)
	}
	c.near(t, "u by its sum", got, c.array(t, "u").values, c.Tolerance.RtolOfMax)
}

func neumannGaussian(t *testing.T, c *golden) {
	n := int(c.number(t, "size"))
	law := pde.NeumannGaussian{Alpha: c.number(t, "alpha"), Tau: c.number(t, "tau"), Modes: n}
	got := make([]float64, n*n)
	law.Field(c.array(t, "xi").values).Cells(got, n)
	c.near(t, "u", got, c.array(t, "u").values, c.Tolerance.RtolOfMax)
}

func readGolden(t *testing.T, folder string) *golden {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "case.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := &golden{arrays: map[string]array{}}
	if err := json.Unmarshal(text, c); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]*float64{"rtol_of_max": &c.Tolerance.RtolOfMax, "rtol": &c.Tolerance.Rtol, "atol": &c.Tolerance.Atol} {
		if text, ok := c.Tolerances[name]; ok {
			if err := json.Unmarshal(text, to); err != nil {
				t.Fatalf("tolerance %s: %v", name, err)
			}
		}
	}
	tensors, err := datasets.Open(filepath.Join(folder, "case.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	defer tensors.Close()
	for _, name := range tensors.Names() {
		a, err := tensors.Array(name)
		if err != nil {
			t.Fatal(err)
		}
		values, err := a.Float64s()
		if err != nil || a.Dtype != datasets.Float64 {
			t.Fatalf("array %s: dtype %s, %v", name, a.Dtype, err)
		}
		c.arrays[name] = array{a.Shape, values}
	}
	return c
}

func (c *golden) array(t *testing.T, name string) array {
	t.Helper()
	a, ok := c.arrays[name]
	if !ok {
		t.Fatalf("the case has no array %q among %v", name, slices.Sorted(maps.Keys(c.arrays)))
	}
	return a
}

func (c *golden) parameter(t *testing.T, name string, v any) {
	t.Helper()
	if err := json.Unmarshal(c.Parameters[name], v); err != nil {
		t.Fatalf("parameter %q: %v", name, err)
	}
}

func (c *golden) number(t *testing.T, name string) (v float64) {
	t.Helper()
	c.parameter(t, name, &v)
	return v
}

// dealias reads the rule; a text instead of an object says that there is none.
func (c *golden) dealias(t *testing.T) pde.Dealias {
	t.Helper()
	var d struct {
		Fraction float64
		Rule     string
		Largest  *int `json:"largest_kept_wavenumber"`
	}
	if err := json.Unmarshal(c.Dealiasing, &d); err != nil {
		var text string
		if json.Unmarshal(c.Dealiasing, &text) != nil || !strings.HasPrefix(text, "none") {
			t.Fatalf("dealiasing %s: %v", c.Dealiasing, err)
		}
		return pde.Dealias{Rule: pde.KeepAll}
	}
	rule := pde.Dealias{Fraction: d.Fraction, Rule: pde.KeepBelow}
	if d.Rule != "" && !strings.Contains(d.Rule, "<= fraction*(N//2) - 1 ") {
		t.Fatalf("unknown dealiasing rule %q", d.Rule)
	}
	if d.Largest != nil && rule.Largest(c.Points) != *d.Largest {
		t.Fatalf("largest kept wavenumber %d, want %d", rule.Largest(c.Points), *d.Largest)
	}
	return rule
}

func (c *golden) near(t *testing.T, name string, got, want []float64, rtolOfMax float64) {
	t.Helper()
	within(t, name, got, want, func(largest float64) float64 { return rtolOfMax * largest })
}

// within compares max|got-want| with a tolerance derived from max|want|; NaN fails.
func within(t *testing.T, name string, got, want []float64, tolerance func(largest float64) float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d values, want %d", name, len(got), len(want))
	}
	var largest float64
	for _, v := range want {
		largest = math.Max(largest, math.Abs(v))
	}
	tol := tolerance(largest)
	if !(tol > 0) {
		t.Fatalf("%s: tolerance %v", name, tol)
	}
	worst := 0.0
	for i := range want {
		d := math.Abs(got[i] - want[i])
		if !(d <= tol) {
			t.Fatalf("%s: %v at %d, want %v: off by %.3g, allowed %.3g", name, got[i], i, want[i], d, tol)
		}
		worst = math.Max(worst, d)
	}
	t.Logf("%s: largest difference %.2g of %.3g", name, worst, largest)
}
