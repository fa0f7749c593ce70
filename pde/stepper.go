package pde

import "iter"

// Stepper advances a state [channel, x0, x1, …] in place by one step of fixed length in time.
type Stepper interface {
	Step(u []float64)
}

// Rollout yields (0, u), then (i, u) after i steps, without end: the consumer breaks.
// It works on u itself; a consumer that keeps a frame copies it.
func Rollout(s Stepper, u []float64) iter.Seq2[int, []float64] {
	return func(yield func(int, []float64) bool) {
		for i := 0; yield(i, u); i++ {
			s.Step(u)
		}
	}
}

// Integrator advances a periodic equation in time: [ETDRK] or [CrankNicolson].
type Integrator interface {
	stepper(eq Equation, grid Fourier, k Kernels[float64]) (Stepper, error)
}

// New composes a periodic equation, its discretisation and its integrator.
func New(eq Equation, grid Fourier, method Integrator) (Stepper, error) {
	return method.stepper(eq, grid, nil)
}

// With is New with other loops than the portable ones.
func With(k Kernels[float64], eq Equation, grid Fourier, method Integrator) (Stepper, error) {
	return method.stepper(eq, grid, k)
}
