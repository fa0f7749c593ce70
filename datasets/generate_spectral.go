package datasets

import (
	"fmt"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

// spectral is an evolution of a periodic equation by ETDRK4; dealias is 0 for the fraction of a quadratic term.
func spectral(statement string, axes []int, parameters []string, dealias float64, build func(p map[string]float64, s setting) pde.Equation) evolution {
	return evolution{
		statement: statement, parameters: parameters, axes: axes, ends: Periodic,
		channels: func(int) []string { return []string{"u"} },
		stepper: func(s setting, dt float64) (pde.Stepper, error) {
			grid := s.grid()
			grid.Dealias.Fraction = dealias
			return pde.With(s.kernels, build(s.parameters, s), grid, pde.ETDRK{Dt: dt, Substeps: s.steps})
		},
	}
}

// whole makes a parameter one that counts.
func (e evolution) whole(name string) evolution {
	inner := e.stepper
	e.stepper = func(s setting, dt float64) (pde.Stepper, error) {
		if _, err := whole(name, s.parameters[name]); err != nil {
			return nil, err
		}
		return inner(s, dt)
	}
	return e
}

// with names the channels and the optional parameters.
func (e evolution) with(channels func(axes int) []string, defaults map[string]float64) evolution {
	e.channels, e.defaults = channels, defaults
	return e
}

// turning says how the channels turn with space.
func (e evolution) turning(turns func(axes int, m *Meta)) evolution {
	e.turns = turns
	return e
}

// velocityFrom is for equations whose channels from first on, one for each axis, are the velocity.
func velocityFrom(first int) func(axes int, m *Meta) {
	return func(axes int, m *Meta) { m.Velocity = m.Channels[first : first+axes] }
}

// pseudoscalar is for equations of a vorticity in the plane.
func pseudoscalar(_ int, m *Meta) { m.Pseudoscalars = m.Channels }

func fixedChannels(names ...string) func(int) []string { return func(int) []string { return names } }

func velocities(axes int) []string { return []string{"u", "v", "w"}[:axes] }

// spectralEquations is the table of the periodic equations.
func spectralEquations() map[string]evolution {
	any3, plane := []int{1, 2, 3}, []int{2}
	half := 0.5
	return map[string]evolution{
		"advection": spectral("u_t + c sum_i u_xi = 0", any3, []string{"c"}, 0, func(p map[string]float64, s setting) pde.Equation {
			return pde.Linear(pde.Advection(slices.Repeat([]float64{p["c"]}, s.axes)...))
		}),
		"diffusion": spectral("u_t = nu Lap u", any3, []string{"nu"}, 0, func(p map[string]float64, _ setting) pde.Equation {
			return pde.Linear(pde.Diffusion(p["nu"]))
		}),
		"advection_diffusion": spectral("u_t + c sum_i u_xi = nu Lap u", any3, []string{"c", "nu"}, 0, func(p map[string]float64, s setting) pde.Equation {
			return pde.Linear(pde.Advection(slices.Repeat([]float64{p["c"]}, s.axes)...), pde.Diffusion(p["nu"]))
		}),
		"dispersion": spectral("u_t = a sum_i u_xixixi", any3, []string{"a"}, 0, func(p map[string]float64, _ setting) pde.Equation {
			return pde.Linear(pde.Dispersion(p["a"]))
		}),
		"hyper_diffusion": spectral("u_t = -mu Lap^2 u", any3, []string{"mu"}, 0, func(p map[string]float64, _ setting) pde.Equation {
			return pde.Linear(pde.HyperDiffusion(p["mu"]))
		}),
		"vector_burgers": spectral("u_t + (u . grad) u = nu Lap u", []int{2, 1, 3}, []string{"nu"}, 0, func(p map[string]float64, s setting) pde.Equation {
			return pde.VectorBurgers(s.axes, p["nu"])
		}).with(velocities, nil).turning(velocityFrom(0)),
		"korteweg_de_vries": spectral("u_t + b u u_x + d u_xxx = -zeta u_xxxx", []int{1}, nil, 0, func(p map[string]float64, _ setting) pde.Equation {
			return pde.KortewegDeVries(p["b"], p["d"], p["zeta"])
		}).with(fixedChannels("u"), map[string]float64{"b": -6, "d": 1, "zeta": 0}),
		"kuramoto_sivashinsky": spectral("u_t + u u_x + u_xx + nu u_xxxx = 0", []int{1}, nil, 0, func(p map[string]float64, _ setting) pde.Equation {
			eq := pde.KuramotoSivashinsky(1)
			eq.Linear = []pde.Symbol{pde.Sum(pde.Diffusion(-1), pde.HyperDiffusion(p["nu"]))}
			return eq
		}).with(fixedChannels("u"), map[string]float64{"nu": 1}).turning(velocityFrom(0)),
		"kuramoto_sivashinsky_combustion": spectral("u_t + |grad u|^2/2 - mean + Lap u + Lap^2 u = 0", []int{2, 1, 3}, nil, 0, func(_ map[string]float64, s setting) pde.Equation {
			return pde.KuramotoSivashinskyCombustion(s.axes)
		}),
		"fisher_kpp": spectral("u_t = nu Lap u + r u (1-u)", any3, []string{"nu", "r"}, 0, func(p map[string]float64, _ setting) pde.Equation {
			return pde.FisherKPP(p["nu"], p["r"])
		}),
		"allen_cahn": spectral("u_t = nu Lap u + c1 u + c3 u^3", any3, []string{"nu"}, half, func(p map[string]float64, _ setting) pde.Equation {
			return pde.AllenCahn(p["nu"], p["c1"], p["c3"])
		}).with(fixedChannels("u"), map[string]float64{"c1": 1, "c3": -1}),
		"cahn_hilliard": spectral("u_t = D Lap(u^3 - u - gamma Lap u)", any3, []string{"d", "gamma"}, half, func(p map[string]float64, _ setting) pde.Equation {
			return pde.CahnHilliard(p["d"], p["gamma"])
		}),
		"swift_hohenberg": spectral("u_t = r u - (q^2 + Lap)^2 u + g u^2 - u^3", []int{2, 1, 3}, []string{"r"}, half, func(p map[string]float64, _ setting) pde.Equation {
			return pde.SwiftHohenberg(p["r"], p["q"], p["g"])
		}).with(fixedChannels("u"), map[string]float64{"q": 1, "g": 0}),
		"gray_scott": grayScott(half),
		"navier_stokes_vorticity": spectral("w_t + u w_x + v w_y = nu Lap w - drag w + f, Lap psi = -w, u = psi_y, v = -psi_x, f = force (sin + cos)(2 pi (x+y)/L)",
			plane, []string{"nu"}, 0, func(p map[string]float64, s setting) pde.Equation {
				v := pde.Vorticity{Nu: p["nu"], Drag: p["drag"]}
				if a := p["force"]; a != 0 {
					f := pde.DiagonalForce(a)
					v.Force = func(x, y float64) float64 { return f(x/s.length, y/s.length) }
				}
				return v.Equation()
			}).with(fixedChannels("w"), map[string]float64{"drag": 0, "force": 0}).turning(pseudoscalar),
		"kolmogorov_flow": spectral("w_t + u w_x + v w_y = nu Lap w - drag w - n gamma cos(2 pi n y/L), Lap psi = -w, u = psi_y, v = -psi_x",
			plane, []string{"nu", "n"}, 0, func(p map[string]float64, s setting) pde.Equation {
				return pde.Vorticity{Nu: p["nu"], Drag: p["drag"], Force: pde.KolmogorovForce(int(p["n"]), p["gamma"], s.length)}.Equation()
			}).whole("n").with(fixedChannels("w"), map[string]float64{"drag": 0, "gamma": 1}).turning(pseudoscalar),
		"navier_stokes_velocity": navierStokesVelocity(),
		"wave": {
			statement: "u_tt = c^2 Lap u; channels u, u_t", parameters: []string{"c"}, axes: any3, ends: Periodic, channels: fixedChannels("u", "u_t"),
			prepare: func(u []float64, s setting) error { clear(u[s.size():]); return nil },
			stepper: func(s setting, dt float64) (pde.Stepper, error) {
				return pde.Wave{Speed: s.parameters["c"], Dt: dt}.Stepper(s.grid())
			},
		},
	}
}

// grayScott starts from u = 1 - b, v = b/2 for the field b of the law: blobs of the second species in the first.
func grayScott(dealias float64) evolution {
	e := spectral("u_t = nu1 Lap u + feed (1-u) - u v^2; v_t = nu2 Lap v - (feed+kill) v + u v^2", []int{2, 1, 3}, []string{"nu1", "nu2", "feed", "kill"}, dealias,
		func(p map[string]float64, _ setting) pde.Equation {
			return pde.GrayScott(p["nu1"], p["nu2"], p["feed"], p["kill"])
		}).with(fixedChannels("u", "v"), nil)
	e.prepare = func(u []float64, s setting) error {
		n := s.size()
		for i := range n {
			u[i], u[n+i] = 1-u[i], u[i]/2
		}
		return nil
	}
	return e
}

// navierStokesVelocity starts from the divergence-free part of the law's fields.
func navierStokesVelocity() evolution {
	e := spectral("u_t + (u . grad) u + grad p = nu Lap u, div u = 0", []int{3, 2}, []string{"nu"}, 0, func(p map[string]float64, s setting) pde.Equation {
		return pde.Velocity(s.axes, p["nu"])
	}).with(velocities, nil).turning(velocityFrom(0))
	e.axes = []int{3, 2}
	e.prepare = func(u []float64, s setting) error {
		if err := pde.Leray(u, s.grid()); err != nil {
			return fmt.Errorf("initial velocity: %w", err)
		}
		return nil
	}
	return e
}
