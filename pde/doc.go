// Package pde solves partial differential equations in float64 on the host: the data that surrogates learn from, and the truth they are judged by.
//
// An equation, its discretisation and its integrator are three separate values, put together in one line:
//
//	s, err := pde.New(pde.Burgers(0.01), pde.Interval(1, 512), pde.ETDRK{Dt: 0.05, Substeps: 20})
//	for i, u := range pde.Rollout(s, u0) { … }
//
// Periodic equations have the form u_t = L u + N(u): a diagonal linear part, given by its symbol (see [Symbol]), and at most one
// non-linear term (see [Term]). A new equation is a file with one function that names the two.
//
// Conventions, the same everywhere:
//
//   - A periodic grid of n points on an axis of length L holds x_j = j L/n, j = 0..n-1: the left end is a point, the right end is not.
//   - A state is [channel, x0, x1, …] in C order. Its spectrum is [channel, k0, k1, …] with the last axis cut to 0..n/2.
//   - Fourier coefficients carry the 1/n: û_k = (1/n) Σ_j u_j exp(-i k x_j), so that u(x) = Σ_k û_k exp(i k x) and û_0 is the mean.
//   - k is a physical wavenumber, 2π m/L for the integer m. On an even grid the Nyquist mode stands for both signs of m: an odd derivative of it is zero.
//   - Arrays of a square domain are [x, y]: the first index runs along x.
//
// Steppers own their buffers: they allocate nothing per step and serve one goroutine each.
// Random draws come from a *rand.Rand that the caller passes in; a random field is drawn as a function (its coefficients)
// and sampled afterwards, so that it is the same field on every grid.
package pde
