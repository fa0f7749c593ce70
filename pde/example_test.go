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
