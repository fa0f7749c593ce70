package datasets

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/pde"
)

// numbers are a law's parameters, taken by name; the first one that is missing, unknown or not whole where it should be is the error.
type numbers struct {
	law  LawRecipe
	used map[string]bool
	err  error
}

func (n *numbers) get(name string) float64 {
	v, ok := n.law.Parameters[name]
	if !ok && n.err == nil {
		n.err = fmt.Errorf("initial parameter %q is missing", name)
	}
	n.used[name] = true
	return v
}

func (n *numbers) count(name string) int {
	v, err := whole(name, n.get(name))
	if n.err == nil {
		n.err = err
	}
	return v
}

// initialLaws is the table of the laws of initial conditions: a new one is a line here.
func initialLaws() map[string]func(n *numbers) pde.InitialLaw {
	return map[string]func(n *numbers) pde.InitialLaw{
		"sine_sum": func(n *numbers) pde.InitialLaw {
			return pde.SineSum{Count: n.count("count"), Lowest: n.count("lowest"), Highest: n.count("highest"), Amplitude: n.get("amplitude")}
		},
		"truncated_fourier": func(n *numbers) pde.InitialLaw {
			return pde.TruncatedFourier{Modes: n.count("modes"), Amplitude: n.get("amplitude"), Mean: n.get("mean")}
		},
		"blobs": func(n *numbers) pde.InitialLaw {
			return pde.Blobs{Count: n.count("count"), Background: n.get("background"), Low: n.get("low"), High: n.get("high"), Narrow: n.get("narrow"), Wide: n.get("wide")}
		},
		"piecewise_constant": func(n *numbers) pde.InitialLaw {
			return pde.PiecewiseConstant{Cuts: n.count("cuts"), Low: n.get("low"), High: n.get("high")}
		},
		"uniform": func(n *numbers) pde.InitialLaw { return pde.Uniform{Low: n.get("low"), High: n.get("high")} },
		"disc": func(n *numbers) pde.InitialLaw {
			return pde.Disc{Least: n.get("least"), Most: n.get("most"), Inside: n.get("inside"), Outside: n.get("outside")}
		},
		"noise":             func(n *numbers) pde.InitialLaw { return pde.Noise{Mean: n.get("mean"), Deviation: n.get("deviation")} },
		"pdebench_sines":    func(n *numbers) pde.InitialLaw { return pde.PDEBenchSines{Modes: n.count("modes")} },
		"pdebench_reaction": func(n *numbers) pde.InitialLaw { return pde.PDEBenchSines{Modes: n.count("modes"), Normalised: true} },
		"plane_gaussian": func(n *numbers) pde.InitialLaw {
			return planeGaussian{pde.PlaneGaussian{Alpha: n.get("alpha"), Tau: n.get("tau"), Sigma: n.get("sigma"), Size: n.count("size")}}
		},
		"periodic_gaussian": func(n *numbers) pde.InitialLaw {
			return lineGaussian{pde.PeriodicGaussian{Gamma: n.get("gamma"), Tau: n.get("tau"), Sigma: n.get("sigma"), Modes: n.count("modes")}}
		},
	}
}

func initialLaw(l LawRecipe) (pde.InitialLaw, error) {
	build, ok := initialLaws()[l.Name]
	if !ok {
		return nil, fmt.Errorf("no initial law %q; there are %s", l.Name, strings.Join(slices.Sorted(maps.Keys(initialLaws())), ", "))
	}
	n := &numbers{law: l, used: map[string]bool{}}
	law := build(n)
	if n.err != nil {
		return nil, n.err
	}
	for _, name := range slices.Sorted(maps.Keys(l.Parameters)) {
		if !n.used[name] {
			return nil, fmt.Errorf("unknown initial parameter %q; known are %s", name, strings.Join(slices.Sorted(maps.Keys(n.used)), ", "))
		}
	}
	return law, law.Check()
}

// gridLaw is a law for the points of a grid of a fixed number of axes.
type gridLaw interface{ axes() int }

func (l planeGaussian) axes() int { return 2 }
func (l lineGaussian) axes() int  { return 1 }

// planeGaussian and lineGaussian are the Gaussian laws of a fixed number of axes, on points alone.
type planeGaussian struct{ pde.PlaneGaussian }

func (l planeGaussian) Draw(rnd *rand.Rand, _ int) pde.Field {
	f := l.PlaneGaussian.Draw(rnd)
	return func(dst []float64, points []int, _ float64) { f.Sample(dst, points[0]) }
}

type lineGaussian struct{ pde.PeriodicGaussian }

func (l lineGaussian) Draw(rnd *rand.Rand, _ int) pde.Field {
	f := l.PeriodicGaussian.Draw(rnd)
	return func(dst []float64, points []int, _ float64) { f.Truncate((points[0] - 1) / 2).Sample(dst) }
}
