package pde_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/pde"
)

func volumes(t *testing.T, m pde.FiniteVolume) pde.Stepper {
	t.Helper()
	s, err := m.Stepper()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func line(n int, length float64, end pde.End) pde.Box {
	return pde.Box{Points: []int{n}, Lengths: []float64{length}, Ends: [][2]pde.End{{end, end}}}
}

// gasLine is the conserved state of a gas whose cells hold f at their centres.
func gasLine(n int, length, gamma float64, f func(x float64) pde.GasState) []float64 {
	u := make([]float64, 3*n)
	for i := range n {
		s := f((float64(i) + 0.5) * length / float64(n))
		u[i], u[n+i] = s.Density, s.Density*s.Velocity
		u[2*n+i] = s.Pressure/(gamma-1) + s.Density*s.Velocity*s.Velocity/2
	}
	return u
}

// The density wave ρ = 1 + 0.2 sin 2πx in a uniform flow comes back after one period: the error falls like Δx².
func TestFiniteVolumeOrder(t *testing.T) {
	wave := func(x float64) pde.GasState {
		return pde.GasState{Density: 1 + 0.2*math.Sin(2*math.Pi*x), Velocity: 1, Pressure: 1}
	}
	hump := func(n int) []float64 {
		u := make([]float64, n)
		for i := range u {
			u[i] = wave((float64(i) + 0.5) / float64(n)).Density
		}
		return u
	}
	for name, c := range map[string]struct {
		law   pde.Law
		state func(n int) []float64
	}{
		"gas":       {pde.Gas{Gamma: 1.4}, func(n int) []float64 { return gasLine(n, 1, 1.4, wave) }},
		"transport": {pde.LinearTransport{Speeds: []float64{1}}, hump},
	} {
		for limiter, want := range map[pde.Limiter]float64{pde.Unlimited: 2, pde.Constant: 1} {
			var errors []float64
			for _, n := range []int{128, 256} {
				u := c.state(n)
				volumes(t, pde.FiniteVolume{Law: c.law, Box: line(n, 1, pde.Around), Limiter: limiter, Dt: 1}).Step(u)
				errors = append(errors, difference(u, c.state(n)))
			}
			if order := math.Log2(errors[0] / errors[1]); !(math.Abs(order-want) <= 0.15) {
				t.Errorf("%s, limiter %d: order %.3f from errors %.3g", name, limiter, order, errors)
			}
		}
	}
}

// Sod's problem converges to the exact solution like Δx in the mean, a contact being smeared; and it does so with any limiter.
func TestSod(t *testing.T) {
	left, right := pde.GasState{Density: 1, Pressure: 1}, pde.GasState{Density: 0.125, Pressure: 0.1}
	exact, err := pde.NewRiemann(1.4, left, right)
	if err != nil {
		t.Fatal(err)
	}
	for limiter, bound := range map[pde.Limiter]float64{pde.VanLeer: 2e-3, pde.Minmod: 2.7e-3, pde.Constant: 9e-3} {
		distance := func(n int) float64 {
			u := gasLine(n, 1, 1.4, func(x float64) pde.GasState {
				if x < 0.5 {
					return left
				}
				return right
			})
			volumes(t, pde.FiniteVolume{Law: pde.Gas{Gamma: 1.4}, Box: line(n, 1, pde.Open), Limiter: limiter, Dt: 0.2}).Step(u)
			sum := 0.0
			for i := range n {
				sum += math.Abs(u[i]-exact.At(((float64(i)+0.5)/float64(n)-0.5)/0.2).Density) / float64(n)
			}
			return sum
		}
		coarse, fine := distance(200), distance(400)
		t.Logf("limiter %d: %.2e, %.2e", limiter, coarse, fine)
		if !(fine <= bound) || !(fine < 0.7*coarse) {
			t.Errorf("limiter %d: mean error %.3g on 200 cells, %.3g on 400, want at most %.3g", limiter, coarse, fine, bound)
		}
	}
}

// Density and pressure stay positive where the exact solution comes close to a vacuum, and behind a strong blast in two dimensions.
func TestPositivity(t *testing.T) {
	states := func(u []float64, cells, axes int) (density, pressure float64) {
		density, pressure = math.Inf(1), math.Inf(1)
		for i := range cells {
			kinetic := 0.0
			for a := range axes {
				m := u[(1+a)*cells+i]
				kinetic += m * m / (2 * u[i])
			}
			density = min(density, u[i])
			pressure = min(pressure, u[(1+axes)*cells+i]-kinetic)
		}
		return density, pressure
	}
	const n = 200
	u := gasLine(n, 1, 1.4, func(x float64) pde.GasState {
		return pde.GasState{Density: 1, Velocity: math.Copysign(3.5, x-0.5), Pressure: 0.2}
	})
	volumes(t, pde.FiniteVolume{Law: pde.Gas{Gamma: 1.4}, Box: line(n, 1, pde.Open), Dt: 0.05}).Step(u)
	if d, p := states(u, n, 1); !(d > 0) || !(p > 0) {
		t.Errorf("receding streams: least density %.3g, pressure %.3g", d, p)
	}
	const m = 40
	blast := make([]float64, 4*m*m)
	for i := range m * m {
		blast[i], blast[3*m*m+i] = 1, 1e-6
	}
	blast[3*m*m+m*m/2+m/2] = 1e4
	box := pde.Box{Points: []int{m, m}, Lengths: []float64{1, 1}, Ends: [][2]pde.End{{pde.Mirror, pde.Mirror}, {pde.Mirror, pde.Mirror}}}
	volumes(t, pde.FiniteVolume{Law: pde.Gas{Gamma: 1.4}, Box: box, Dt: 0.02}).Step(blast)
	if d, p := states(blast, m*m, 2); !(d > 0) || !(p > 0) {
		t.Errorf("blast: least density %.3g, pressure %.3g", d, p)
	}
}

// What the fluxes carry is conserved to rounding on periodic boxes of one, two and three axes, viscous parts included; walls conserve mass and energy.
func TestConservation(t *testing.T) {
	for axes := 1; axes <= 3; axes++ {
		for name, law := range map[string]pde.Law{
			"euler": pde.Gas{Gamma: 1.4}, "navier-stokes": pde.Gas{Gamma: 5.0 / 3, Eta: 0.02, Zeta: 0.01},
			"water": pde.ShallowWater{Gravity: 1}, "burgers": pde.BurgersLaw{Nu: 0.01},
		} {
			if name == "water" && axes == 3 {
				continue
			}
			for _, end := range []pde.End{pde.Around, pde.Mirror} {
				const n = 12
				box := pde.Box{Points: slices.Repeat([]int{n}, axes), Lengths: slices.Repeat([]float64{1}, axes), Ends: slices.Repeat([][2]pde.End{{end, end}}, axes)}
				u := make([]float64, law.Channels(axes)*box.Size())
				random := pde.Rand(5, uint64(axes))
				for i := range u {
					u[i] = 0.2 * random.Float64()
					if i < box.Size() || i/box.Size() == axes+1 { // density and energy
						u[i]++
					}
				}
				before := totals(u, box.Size())
				first := slices.Clone(u)
				volumes(t, pde.FiniteVolume{Law: law, Box: box, Dt: 0.1}).Step(u)
				after := totals(u, box.Size())
				for c := range before {
					moved := math.Abs(after[c] - before[c])
					if free := end == pde.Around || name != "burgers" && (c == 0 || c == axes+1); free && !(moved <= 1e-13) {
						t.Errorf("%s, %d axes, ends %d: channel %d moved by %.3g", name, axes, end, c, moved)
					}
				}
				if !(difference(u, first) > 1e-3) {
					t.Errorf("%s, %d axes: nothing happened", name, axes)
				}
			}
		}
	}
}

func totals(u []float64, size int) []float64 {
	var list []float64
	for c := 0; c < len(u); c += size {
		list = append(list, mean(u[c:c+size]))
	}
	return list
}

// Exchanging the axes of the box and the momenta commutes with the step; so does a mirror.
func TestFiniteVolumeEquivariance(t *testing.T) {
	const n = 16
	law := pde.Gas{Gamma: 1.4, Eta: 0.01}
	s := volumes(t, pde.FiniteVolume{Law: law, Box: pde.Box{Points: []int{n, n}, Lengths: []float64{1, 1}}, Dt: 0.1})
	u := make([]float64, 4*n*n)
	random := pde.Rand(2, 2)
	for i := range u {
		u[i] = 0.3 * random.Float64()
		if i < n*n || i >= 3*n*n {
			u[i] += 1
		}
	}
	move := func(u []float64, channels [4]int, signs [4]float64, to func(i, j int) int) []float64 {
		v := make([]float64, len(u))
		for c := range 4 {
			for i := range n {
				for j := range n {
					v[channels[c]*n*n+to(i, j)] = signs[c] * u[c*n*n+i*n+j]
				}
			}
		}
		return v
	}
	for name, g := range map[string]func([]float64) []float64{
		"exchange": func(u []float64) []float64 {
			return move(u, [4]int{0, 2, 1, 3}, [4]float64{1, 1, 1, 1}, func(i, j int) int { return j*n + i })
		},
		"mirror": func(u []float64) []float64 {
			return move(u, [4]int{0, 1, 2, 3}, [4]float64{1, -1, 1, 1}, func(i, j int) int { return (n-1-i)*n + j })
		},
		"shift": func(u []float64) []float64 {
			return move(u, [4]int{0, 1, 2, 3}, [4]float64{1, 1, 1, 1}, func(i, j int) int { return (i+3)%n*n + (j+5)%n })
		},
	} {
		a, b := g(u), slices.Clone(u)
		s.Step(a)
		s.Step(b)
		if d := difference(a, g(b)); !(d <= 1e-12) {
			t.Errorf("%s: off by %.3g", name, d)
		}
	}
}

// A shear wave of a viscous gas decays like e^(-ηk²t/ρ), on every pair of axes.
func TestShearDecay(t *testing.T) {
	const n, eta, time = 32, 0.05, 0.4
	for _, axes := range []int{2, 3} {
		for along := range axes {
			for across := range axes {
				if along == across {
					continue
				}
				points := slices.Repeat([]int{4}, axes)
				points[across] = n
				box := pde.Box{Points: points, Lengths: slices.Repeat([]float64{1}, axes)}
				size := box.Size()
				stride := 1
				for _, m := range points[across+1:] {
					stride *= m
				}
				u := make([]float64, (axes+2)*size)
				const small = 1e-3
				for i := range size {
					x := (float64(i/stride%n) + 0.5) / n
					u[i], u[(1+along)*size+i], u[(1+axes)*size+i] = 1, small*math.Sin(2*math.Pi*x), 1
				}
				first := slices.Clone(u)
				volumes(t, pde.FiniteVolume{Law: pde.Gas{Gamma: 1.4, Eta: eta}, Box: box, Dt: time}).Step(u)
				decay := math.Exp(-eta * 4 * math.Pi * math.Pi * time)
				for i := range size {
					at := (1+along)*size + i
					if d := math.Abs(u[at] - decay*first[at]); !(d <= 0.01*small) {
						t.Fatalf("%d axes, u_%d along x_%d: off by %.3g of %.3g", axes, along, across, d, decay*small)
					}
				}
			}
		}
	}
}

// A dam that breaks onto dry ground: h = (2√(g h0) - x/t)²/(9g).
func TestDamBreak(t *testing.T) {
	for _, n := range []int{200, 400} {
		u := make([]float64, 2*n)
		for i := range n / 2 {
			u[i] = 1
		}
		const time = 0.15
		volumes(t, pde.FiniteVolume{Law: pde.ShallowWater{Gravity: 1}, Box: line(n, 1, pde.Open), Dt: time}).Step(u)
		sum := 0.0
		for i := range n {
			s := ((float64(i)+0.5)/float64(n) - 0.5) / time
			want := 0.0
			if s < -1 {
				want = 1
			} else if s < 2 {
				want = (2 - s) * (2 - s) / 9
			}
			sum += math.Abs(u[i]-want) / float64(n)
			if !(u[i] >= 0) {
				t.Fatalf("depth %v", u[i])
			}
		}
		if !(sum <= 0.5/float64(n)) {
			t.Errorf("%d cells: mean error %.3g", n, sum)
		}
	}
}

// Finite volumes and Fourier modes agree on viscous Burgers.
func TestTwoDiscretisationsAgree(t *testing.T) {
	const n, nu, time = 512, 0.02, 0.5
	u0 := func(x float64) float64 { return 0.3 + math.Sin(2*math.Pi*x) }
	spectral := advance(t, pde.Burgers(nu), pde.Interval(1, 2*n), pde.ETDRK{Dt: time, Substeps: 200}, sampled(2*n, 1, u0), 1)
	u := make([]float64, n)
	for i := range u {
		u[i] = u0((float64(i) + 0.5) / n)
	}
	volumes(t, pde.FiniteVolume{Law: pde.BurgersLaw{Nu: nu}, Box: line(n, 1, pde.Around), Dt: time}).Step(u)
	for i := range u {
		if d := math.Abs(u[i] - spectral[2*i+1]); !(d <= 2e-3) {
			t.Fatalf("cell %d: %v and %v", i, u[i], spectral[2*i+1])
		}
	}
}

// The exact fronts of the porous medium and of Stefan's problem.
func TestFiltration(t *testing.T) {
	for _, m := range []float64{1, 3} {
		exact := pde.PorousMedium{Degree: m}
		distance := func(n int) float64 {
			s := pde.Filtration{Cells: n, Conductivity: func(u float64) float64 { return math.Pow(math.Max(u, 0), m) }, Dt: 0.5,
				Left: func(t float64) float64 { return exact.At(t, 0) }, Right: func(float64) float64 { return 0 }}.Stepper()
			u := make([]float64, n)
			s.Step(u)
			sum := 0.0
			for i, v := range u {
				sum += math.Abs(v-exact.At(0.5, (float64(i)+0.5)/float64(n))) / float64(n)
			}
			return sum
		}
		coarse, fine := distance(50), distance(100)
		if !(fine < 0.7*coarse) || !(fine < 1e-2) {
			t.Errorf("degree %v: mean errors %.3g, %.3g", m, coarse, fine)
		}
	}
	exact, err := pde.NewStefan(0.6, 1)
	if err != nil {
		t.Fatal(err)
	}
	const n, time = 200, 0.05
	s := pde.Filtration{Cells: n, Dt: time, Left: func(float64) float64 { return 1 }, Right: func(float64) float64 { return 0 },
		Conductivity: func(u float64) float64 {
			if u >= 0.6 {
				return 1
			}
			return 0
		}}.Stepper()
	u := make([]float64, n)
	s.Step(u)
	if m := mean(u); !(math.Abs(m-exact.Mass(time)) <= 0.02*exact.Mass(time)) {
		t.Errorf("mass %v, want %v", m, exact.Mass(time))
	}
	front := 0.0
	for _, v := range u {
		if v >= 0.3 {
			front += 1.0 / n
		}
	}
	if !(math.Abs(front-exact.Front(time)) <= 0.02) {
		t.Errorf("front at %v, want %v", front, exact.Front(time))
	}
}

func TestFiniteVolumeAllocatesNothing(t *testing.T) {
	for name, m := range map[string]pde.FiniteVolume{
		"gas":   {Law: pde.Gas{Gamma: 1.4, Eta: 0.01}, Box: pde.Box{Points: []int{8, 8}, Lengths: []float64{1, 1}}, Dt: 1e-3},
		"water": {Law: pde.ShallowWater{Gravity: 1}, Box: line(16, 1, pde.Mirror), Dt: 1e-3},
	} {
		s := volumes(t, m)
		u := slices.Repeat([]float64{1}, m.Law.Channels(len(m.Box.Points))*m.Box.Size())
		if allocs := testing.AllocsPerRun(5, func() { s.Step(u) }); allocs != 0 {
			t.Errorf("%s: %v allocations per step", name, allocs)
		}
	}
}

func TestFiniteVolumeRefusals(t *testing.T) {
	good := pde.FiniteVolume{Law: pde.ShallowWater{Gravity: 1}, Box: line(8, 1, pde.Around), Dt: 1}
	for name, change := range map[string]func(*pde.FiniteVolume){
		"points":  func(m *pde.FiniteVolume) { m.Box.Points = []int{1} },
		"length":  func(m *pde.FiniteVolume) { m.Box.Lengths = []float64{math.NaN()} },
		"ends":    func(m *pde.FiniteVolume) { m.Box.Ends = [][2]pde.End{{pde.Around, pde.Open}} },
		"limiter": func(m *pde.FiniteVolume) { m.Limiter = 9 },
		"CFL":     func(m *pde.FiniteVolume) { m.CFL = 2 },
		"step":    func(m *pde.FiniteVolume) { m.Dt = 0 },
	} {
		m := good
		change(&m)
		if _, err := m.Stepper(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func BenchmarkGas(b *testing.B) {
	for _, n := range []int{128} {
		b.Run(fmt.Sprintf("%d×%d", n, n), func(b *testing.B) {
			m := pde.FiniteVolume{Law: pde.Gas{Gamma: 1.4}, Box: pde.Box{Points: []int{n, n}, Lengths: []float64{1, 1}}, Dt: 1e-5}
			s, err := m.Stepper()
			if err != nil {
				b.Fatal(err)
			}
			u := make([]float64, 4*n*n)
			for i := range n * n {
				u[i], u[3*n*n+i] = 1+0.1*math.Sin(float64(i)), 2.5
			}
			b.ReportAllocs()
			for b.Loop() {
				s.Step(u)
			}
			b.ReportMetric(float64(n*n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcells/s")
		})
	}
}
