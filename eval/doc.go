// Package eval judges predictions: metrics with versioned names, autoregressive rollouts, plots and one HTML page for a run.
//
// It reads arrays and knows no model. A field is channels last, [trajectory, time, x.., channel], in time order; input
// and target pairs of one step have time = 1. Throughout
//
//	p  prediction    t  target    d = p − t    N  points of the grid (the product of its axes)
//	B  trajectories  T  frames    C  channels
//
// # Metrics
//
// The same word means different numbers in different projects, so a name carries its owner: fno.rel_l2, pdebench.nrmse,
// well.vrmse, pdearena.corrtime@0.8, ape.nrmse. What follows @ are parameters, by position or as key=value, separated by
// commas. [Metrics] lists all with one line each; [Lookup] finds one; an [Accumulator] takes batches as they come.
//
// Every metric is the same machine with other parts: an element of the fields (a whole sample, one channel of it, one frame, or one
// channel of one frame) gives a number, and three folds reduce the numbers, over trajectories first, then over channels, then
// over time. Spectral errors, whose roots follow the sum over trajectories, have several numbers for each element and join them
// in between. To add a metric, add its row to the table of its owner's file.
//
// Nothing is averaged away. Arithmetic is float64 and follows IEEE: a NaN in a prediction makes the value NaN, and
// [Result.Undefined] names every element that has no finite value or whose target leaves a relative error without
// meaning (a zero or constant target).
//
// # Rollouts
//
// A long rollout is judged step by step and never stored. What watches it is shown each frame with the truth, where there is any:
//
//	[Growth]           error and correlation of every step and trajectory as [Curves], and what left the finite numbers
//	[Spectra]          energy by wavenumber at some steps; [ResolvedMode] and [SpectraAt.BandError] compare
//	[Invariants]       mean and mean square, which an equation may conserve
//	[Residuals]        every single step against the equation's flow
//	[Histogram], [Autocorrelation]  statistics where single trajectories cannot be predicted any more
//	[Ensemble]         whether the spread of several predictions tells their error
//
// [Curves.CorrelationTime] and [Curves.GrowthRate] make numbers of curves, [Bootstrap] gives their intervals over trajectories.
//
// # Pictures
//
// A [Picture] draws itself and lists the numbers that it shows; [Figure] is one with its caption, [Report] a page of them. To add one, implement
// the two methods.
//
// # Errors
//
// Errors start with "eval: " and say what to change.
package eval
