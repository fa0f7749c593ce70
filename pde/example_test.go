package pde_test

import (
	"fmt"
	"math"

	"github.com/kolmogo/kolmogo/pde"
)

// A sine wave steepens into a shock; the exact solution says how well it is computed.
func ExampleNew() {
	exact := pde.ColeHopf{Nu: 0.05, A: 1}
	u0 := sampled(256, 2*math.Pi, math.Sin)
	s, err := pde.New(pde.Burgers(exact.Nu), pde.Interval(2*math.Pi, 256), pde.ETDRK{Dt: 0.5, Substeps: 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, u := range pde.Rollout(s, u0) {
		if i == 4 {
			want, slope := exact.At(2, 3*math.Pi/4)
			fmt.Printf("u(2, 3π/4) = %.4f, exact %.4f, slope there %.2f\n", u[96], want, slope)
			break
		}
	}
	// Output: u(2, 3π/4) = 0.7368, exact 0.7368, slope there 0.27
}

// A field is drawn once, as a function; every grid samples the same one.
func ExamplePeriodicGaussian() {
	law := pde.PeriodicGaussian{Gamma: 2, Tau: 5, Sigma: 25, Modes: 128}
	f := law.Draw(pde.Rand(1, 0))
	coarse, fine := make([]float64, 8), make([]float64, 64)
	f.Sample(coarse)
	f.Sample(fine)
	fmt.Printf("standard deviation %.3f, same point on two grids: %v\n", math.Sqrt(law.Variance()), math.Abs(coarse[1]-fine[8]) < 1e-14)
	// Output: standard deviation 0.594, same point on two grids: true
}

// Pressure in a medium of two permeabilities.
func ExampleDarcy() {
	const n = 33
	a, u := make([]float64, n*n), make([]float64, n*n)
	pde.NeumannGaussian{Alpha: 2, Tau: 3, Modes: 32}.Draw(pde.Rand(1, 0)).Nodes(a, n)
	pde.Threshold(a, 3, 12)
	s, err := pde.Darcy{N: n, Points: pde.Nodes, Mean: pde.Harmonic}.Solver()
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := s.Solve(u, a, nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("centre %.4f, wall %g\n", u[n*n/2], u[0])
	// Output: centre 0.0110, wall 0
}

// A shock tube: the middle of the contact's plateau against the exact solution.
func ExampleFiniteVolume() {
	const n = 400
	left, right := pde.GasState{Density: 1, Pressure: 1}, pde.GasState{Density: 0.125, Pressure: 0.1}
	u := gasLine(n, 1, 1.4, func(x float64) pde.GasState {
		if x < 0.5 {
			return left
		}
		return right
	})
	box := pde.Box{Points: []int{n}, Lengths: []float64{1}, Ends: [][2]pde.End{{pde.Open, pde.Open}}}
	s, err := pde.FiniteVolume{Law: pde.Gas{Gamma: 1.4}, Box: box, Dt: 0.2}.Stepper()
	if err != nil {
		fmt.Println(err)
		return
	}
	s.Step(u)
	exact, err := pde.NewRiemann(1.4, left, right)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("density %.3f, exact %.3f\n", u[308], exact.At((308.5/n-0.5)/0.2).Density)
	// Output: density 0.266, exact 0.266
}

// A new equation is a symbol and a term: u_t = u_xx + u² - u³, for eight trajectories at once in float32.
func ExampleBatch() {
	eq := pde.Equation{Linear: []pde.Symbol{pde.Diffusion(1)}, Term: pde.Powers(0, 0, 1, -1)}
	grid := pde.Interval(20, 64)
	grid.Dealias.Fraction = 0.5
	s, err := pde.Batch[float32]{Equation: eq, Grid: grid, Method: pde.ETDRK{Dt: 10, Substeps: 100}, Trajectories: 8}.Stepper()
	if err != nil {
		fmt.Println(err)
		return
	}
	u := make([]float32, 8*64)
	for i := range u {
		u[i] = 0.5
	}
	s.Step(u)
	fmt.Printf("%.3f %.3f\n", u[0], u[len(u)-1])
	// Output: 1.000 1.000
}
