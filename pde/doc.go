// Package pde solves partial differential equations on the host: the data that surrogates learn from, and the truth they are judged by.
//
// An equation, its discretisation and its integrator are three separate values, put together in one line:
//
//	s, err := pde.New(pde.Burgers(0.01), pde.Interval(1, 512), pde.ETDRK{Dt: 0.05, Substeps: 20})
//	for i, u := range pde.Rollout(s, u0) { … }
//
// Periodic equations have the form u_t = L u + N(u): a diagonal linear part, given by its symbol (see [Symbol]), and a non-linear
// term, given by what it reads, multiplies and writes (see [Term]). A new equation is a function that names the two; it runs in float64
// and, side by side for many trajectories, in float32 ([Batch]).
//
// Conservation laws are a [Law] on a [Box] of cells ([FiniteVolume]); what is discretised in space alone is [Rates], integrated by
// [DormandPrince] or, where it is stiff, by [Extrapolation]. Stationary problems have solvers of their own ([Darcy], [Helmholtz]).
// [Residual] judges two frames by the rates alone, without a solution to compare with.
//
// Conventions, the same everywhere:
//
//   - A periodic grid of n points on an axis of length L holds x_j = j L/n, j = 0..n-1: the left end is a point, the right end is not.
//     Cells are centred at (j + 1/2) L/n.
//   - A state is [channel, x0, x1, …] in C order; a batch is [trajectory, channel, x0, …].
//   - Fourier coefficients carry the 1/n: û_k = (1/n) Σ_j u_j exp(-i k x_j), so that u(x) = Σ_k û_k exp(i k x) and û_0 is the mean.
//     Spectra stay inside the package: real and imaginary parts are two arrays, the first axis is cut to 0..n/2.
//   - k is a physical wavenumber, 2π m/L for the integer m. On an even grid the Nyquist mode stands for both signs of m: an odd derivative of it is zero.
//   - Arrays of a square domain are [x, y]: the first index runs along x.
//
// Steppers own their buffers: they allocate nothing per step and serve one goroutine each (a batch has goroutines of its own). A step that
// cannot be made leaves NaN. Random draws come from a *rand.Rand that the caller passes in; a random field is drawn as a function
// (its coefficients) and sampled afterwards, so that it is the same field on every grid.
package pde
