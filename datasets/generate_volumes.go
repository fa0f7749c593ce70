package datasets

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

// volumes is an evolution by finite volumes: MUSCL with van Leer's limiter, Heun's method, steps by the CFL number.
func volumes(statement string, axes []int, parameters []string, end pde.End, channels func(int) []string, law func(p map[string]float64, s setting) pde.Law) evolution {
	return evolution{
		statement: statement, parameters: parameters, axes: axes, channels: channels, cells: true,
		ends: map[pde.End]Boundary{pde.Around: Periodic, pde.Open: Outflow, pde.Mirror: Wall}[end],
		stepper: func(s setting, dt float64) (pde.Stepper, error) {
			box := pde.Box{Points: slices.Repeat([]int{s.points}, s.axes), Lengths: slices.Repeat([]float64{s.length}, s.axes),
				Ends: slices.Repeat([][2]pde.End{{end, end}}, s.axes)}
			return pde.FiniteVolume{Law: law(s.parameters, s), Box: box, Dt: dt}.Stepper()
		},
	}
}

// volumeEquations is the table of the conservation laws.
func volumeEquations() map[string]evolution {
	gas := func(p map[string]float64, _ setting) pde.Law {
		return pde.Gas{Gamma: p["gamma"], Eta: p["eta"], Zeta: p["zeta"]}
	}
	const compressible = "rho_t + div(rho u) = 0; (rho u)_t + div(rho u u) + grad p = div sigma; E_t + div(u (E+p)) = div(u . sigma); E = p/(gamma-1) + rho |u|^2/2; channels density, velocities, pressure"
	table := map[string]evolution{
		"transport": volumes("u_t + c sum_i u_xi = 0", []int{1, 2, 3}, []string{"c"}, pde.Around, fixedChannels("u"), func(p map[string]float64, s setting) pde.Law {
			return pde.LinearTransport{Speeds: slices.Repeat([]float64{p["c"]}, s.axes)}
		}),
		"burgers_shocks": volumes("u_t + sum_i (u^2/2)_xi = nu Lap u", []int{1, 2, 3}, nil, pde.Around, fixedChannels("u"), func(p map[string]float64, _ setting) pde.Law {
			return pde.BurgersLaw{Nu: p["nu"]}
		}).with(fixedChannels("u"), map[string]float64{"nu": 0}),
		"shallow_water": volumes("h_t + div(h u) = 0; (h u)_t + div(h u u) + grad(g h^2/2) = 0; channels depth, discharges", []int{2, 1}, nil, pde.Open, nil,
			func(p map[string]float64, _ setting) pde.Law { return pde.ShallowWater{Gravity: p["g"]} },
		).with(func(axes int) []string { return []string{"h", "hu", "hv"}[:axes+1] }, map[string]float64{"g": 1}),
	}
	water := table["shallow_water"]
	water.prepare = func(u []float64, s setting) error { clear(u[s.size():]); return nil } // at rest
	water.centred = true
	water.turns = func(_ int, m *Meta) { m.Vectors = [][]string{m.Channels[1:]} }
	table["shallow_water"] = water
	for name, end := range map[string]pde.End{"gas_periodic": pde.Around, "gas_open": pde.Open} {
		table[name] = primitive(volumes(compressible, []int{1, 2, 3}, nil, end, nil, gas).with(func(axes int) []string {
			return slices.Concat([]string{"density"}, []string{"vx", "vy", "vz"}[:axes], []string{"pressure"})
		}, map[string]float64{"gamma": 5.0 / 3, "eta": 0, "zeta": 0, "density": 1, "pressure": 1, "mach": 0.3, "contrast": 0.1})).turning(velocityFrom(1))
	}
	return table
}

// primitive is a gas whose stored states are density, velocities and pressure. The law's fields f are made an initial state by
// ρ = density (1 + contrast f), p = pressure (1 + contrast f'), u = mach √(γ pressure/density) f”.
func primitive(e evolution) evolution {
	inner := e.stepper
	e.prepare = func(u []float64, s setting) error {
		n := s.size()
		p := s.parameters
		sound := pde.SoundSpeed(p["gamma"], p["density"], p["pressure"])
		for c := range s.axes + 2 {
			for i, f := range u[c*n : (c+1)*n] {
				switch c {
				case 0:
					f = p["density"] * (1 + p["contrast"]*f)
				case s.axes + 1:
					f = p["pressure"] * (1 + p["contrast"]*f)
				default:
					f *= p["mach"] * sound
				}
				if (c == 0 || c == s.axes+1) && !(f > 0) {
					return fmt.Errorf("initial gas: density or pressure %v: lower the contrast or the law's amplitude", f)
				}
				u[c*n+i] = f
			}
		}
		return nil
	}
	e.stepper = func(s setting, dt float64) (pde.Stepper, error) {
		inside, err := inner(s, dt)
		if err != nil {
			return nil, err
		}
		return &primitiveStepper{inside, pde.Gas{Gamma: s.parameters["gamma"]}, s.axes}, nil
	}
	return e
}

type primitiveStepper struct {
	inner pde.Stepper
	gas   pde.Gas
	axes  int
}

// Step advances density, velocities and pressure.
func (s *primitiveStepper) Step(u []float64) {
	s.gas.Conserved(u, s.axes)
	s.inner.Step(u)
	s.gas.Primitive(u, s.axes)
}
