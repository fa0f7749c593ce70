package datasets

import (
	"errors"

	"github.com/kolmogo/kolmogo/pde"
)

// lineEquations is the table of what is solved by the method of lines.
func lineEquations() map[string]evolution {
	return map[string]evolution{
		"diffusion_sorption": {
			statement:  "u_t = D/R(u) u_xx, R(u) = 1 + (1-phi)/phi rho_s k_f n_f (u + 1e-6)^(n_f - 1), u(0) = 1, u(1) = D u_x(1) as PDEBench discretises them",
			parameters: nil, defaults: map[string]float64{"d": 5e-4, "porosity": 0.29, "density": 2880, "k": 3.5e-4, "nf": 0.874, "left": 1},
			axes: []int{1}, channels: fixedChannels("u"), ends: Wall, cells: true,
			stepper: func(s setting, dt float64) (pde.Stepper, error) {
				if s.length != 1 {
					return nil, errors.New("diffusion-sorption lives on the unit interval")
				}
				p := s.parameters
				f := pde.DiffusionSorption{Cells: s.points, D: p["d"], Porosity: p["porosity"], Density: p["density"], K: p["k"], NF: p["nf"], Left: p["left"]}
				return pde.Extrapolation{Rtol: 1e-7, Atol: 1e-8, Dt: dt}.Stepper(f), nil
			},
		},
		"fitzhugh_nagumo": {
			statement:  "u_t = Du Lap u + u - u^3 - k - v; v_t = Dv Lap v + u - v, no flux through the wall",
			parameters: nil, defaults: map[string]float64{"du": 1e-3, "dv": 5e-3, "k": 5e-3},
			axes: []int{2, 1}, channels: fixedChannels("u", "v"), ends: Wall, cells: true, centred: true,
			stepper: func(s setting, dt float64) (pde.Stepper, error) {
				p := s.parameters
				f := pde.FitzHughNagumo{Cells: s.points, Axes: s.axes, Length: s.length, Du: p["du"], Dv: p["dv"], K: p["k"]}
				return pde.DormandPrince{Rtol: 1e-7, Atol: 1e-8, Dt: dt}.Stepper(f), nil
			},
		},
	}
}
