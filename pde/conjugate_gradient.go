package pde

import (
	"errors"
	"fmt"
	"math"
)

// ErrNotConverged is wrapped by the error of an iteration that reached its cap.
var ErrNotConverged = errors.New("not converged")

// conjugateGradient solves A x = b from the x it finds until |b - A x| ≤ tol |b|, preconditioned by incomplete Cholesky.
// Source: Hestenes & Stiefel 1952.
type conjugateGradient struct {
	a           *stencil
	m           *incompleteCholesky
	r, z, p, ap []float64
}

func newConjugateGradient(a *stencil) *conjugateGradient {
	return &conjugateGradient{a: a, m: newIncompleteCholesky(a), r: a.vector(), z: a.vector(), p: a.vector(), ap: a.vector()}
}

// solve returns the number of iterations; its error names the residual that was reached.
func (c *conjugateGradient) solve(x, b []float64, tol float64, limit int) (int, error) {
	c.m.factor()
	c.a.apply(c.ap, x)
	for i := range c.r {
		c.r[i] = b[i] - c.ap[i]
	}
	target := tol * math.Sqrt(dot(b, b))
	clear(c.p)
	var rz float64
	for n := 0; ; n++ {
		residual := math.Sqrt(dot(c.r, c.r))
		if residual <= target {
			return n, nil
		}
		if n == limit || math.IsNaN(residual) {
			return n, fmt.Errorf("pde: conjugate gradients: relative residual %.3g after %d iterations, wanted %.3g: %w",
				residual/math.Sqrt(dot(b, b)), n, tol, ErrNotConverged)
		}
		c.m.solve(c.z, c.r)
		previous := rz
		rz = dot(c.r, c.z)
		var beta float64
		if n > 0 {
			beta = rz / previous
		}
		for i, z := range c.z {
			c.p[i] = z + beta*c.p[i]
		}
		c.a.apply(c.ap, c.p)
		alpha := rz / dot(c.p, c.ap)
		for i, p := range c.p {
			x[i] += alpha * p
			c.r[i] -= alpha * c.ap[i]
		}
	}
}

func dot(x, y []float64) float64 {
	var s float64
	for i, v := range x {
		s += v * y[i]
	}
	return s
}
