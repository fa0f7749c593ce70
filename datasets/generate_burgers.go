package datasets

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/pde"
)

const burgersStatement = "u_t + (1/2)(u^2)_x = nu u_xx"

// burgersProblem is u_t + (1/2)(u²)_x = ν u_xx on the periodic interval [0, L), parameter nu, from a random field of the law
// periodic_gaussian (gamma, tau, sigma, modes), the unit interval stretched to L. Solved by ETDRK4 on the solver's points with
// its steps between two frames; the stored points are every k-th of them. A first frame at t = 0 is the field itself.
func burgersProblem(r Recipe) (*Problem, error) {
	if err := r.fixed(1); err != nil {
		return nil, err
	}
	var nu float64
	if err := take("parameter", r.Parameters, map[string]*float64{"nu": &nu}); err != nil {
		return nil, err
	}
	if !(nu > 0) {
		return nil, fmt.Errorf("viscosity nu = %v is not positive", nu)
	}
	if err := take("option", r.Options, map[string]*string{}); err != nil {
		return nil, err
	}
	law, err := periodicGaussian(r.Initial)
	if err != nil {
		return nil, err
	}
	if r.Solver.Points%r.Points != 0 {
		return nil, fmt.Errorf("%d solver points are not a multiple of %d stored points", r.Solver.Points, r.Points)
	}
	times, err := r.Frames.times()
	if err != nil {
		return nil, err
	}
	grid := pde.Interval(r.Length, r.Solver.Points)
	step := pde.ETDRK{Dt: times[1] - times[0], Substeps: max(1, r.Solver.Steps)}
	lead := pde.ETDRK{Dt: times[0], Substeps: int(math.Ceil(float64(step.Substeps) * times[0] / step.Dt))}
	if _, err := pde.New(pde.Burgers(nu), grid, step); err != nil {
		return nil, err
	}
	solver := func(k pde.Kernels[float64]) (Solve, error) {
		stepper, err := pde.With(k, pde.Burgers(nu), grid, step)
		if err != nil {
			return nil, err
		}
		var first pde.Stepper
		if times[0] > 0 {
			if first, err = pde.With(k, pde.Burgers(nu), grid, lead); err != nil {
				return nil, err
			}
		}
		u := make([]float64, r.Solver.Points)
		return func(ctx context.Context, index uint64, parts [][]float64) error {
			field := law.Draw(pde.Rand(r.Seed, index))
			field.Truncate((len(u) - 1) / 2).Sample(u)
			if first != nil {
				first.Step(u)
			}
			for i, u := range pde.Rollout(stepper, u) {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if dst := r.frame(parts, i, r.Points); dst != nil {
					if i == 0 && first == nil {
						field.Sample(dst)
					} else {
						every(dst, u)
					}
				}
				if i == len(times)-1 {
					return nil
				}
			}
			return nil
		}, nil
	}
	x := make([]float64, r.Points)
	for j := range x {
		x[j] = r.Length * float64(j) / float64(r.Points)
	}
	meta, err := r.meta([]string{"u"}, []string{"u"}, [][]float64{x}, Periodic, times)
	if err != nil {
		return nil, err
	}
	meta.Equation = burgersStatement
	meta.Velocity = meta.Channels
	return &Problem{Meta: meta, Parts: r.parts(len(times), r.Points, 1), Solver: solver}, nil
}

// parts are one trajectory of frames, or the first and the last as a pair; shape is [x.., channel].
func (r Recipe) parts(frames int, shape ...int) []Part {
	if r.Pairs {
		return []Part{{KeyInputs, r.Dtype, shape}, {KeyOutputs, r.Dtype, shape}}
	}
	return []Part{{KeyFields, r.Dtype, slices.Concat([]int{frames}, shape)}}
}

// frame is the place of frame i of size values: within the trajectory, or the input and output of a pair; nil for the frames between.
func (r Recipe) frame(parts [][]float64, i, size int) []float64 {
	switch {
	case !r.Pairs:
		return parts[0][i*size : (i+1)*size]
	case i == 0:
		return parts[0]
	case i == r.Frames.Count-1:
		return parts[1]
	}
	return nil
}

// every copies every k-th value of src, k = len(src)/len(dst).
func every(dst, src []float64) {
	k := len(src) / len(dst)
	for j := range dst {
		dst[j] = src[j*k]
	}
}

func periodicGaussian(l LawRecipe) (law pde.PeriodicGaussian, err error) {
	if l.Name != "periodic_gaussian" {
		return law, fmt.Errorf("no initial law %q on a periodic interval; there is periodic_gaussian", l.Name)
	}
	var modes float64
	if err := take("initial parameter", l.Parameters, map[string]*float64{
		"gamma": &law.Gamma, "tau": &law.Tau, "sigma": &law.Sigma, "modes": &modes,
	}); err != nil {
		return law, err
	}
	if law.Modes, err = whole("modes", modes); err != nil {
		return law, err
	}
	return law, law.Check()
}

// whole is a parameter that counts something.
func whole(name string, v float64) (int, error) {
	if !(v >= 0 && v <= maxPoints) || v != math.Trunc(v) {
		return 0, fmt.Errorf("%s = %v is not a whole number up to %d", name, v, maxPoints)
	}
	return int(v), nil
}
