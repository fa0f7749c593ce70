// Package bandit chooses subsets of options whose rewards depend on a context and are noisy, and learns from each choice (METALIC; Li et
// al. 2023, ICML, arXiv 2210.12669, sec. 4: contextual bandits choose the interface conditions of decomposed networks).
//
//	process.go  a Gaussian process over context and subset
//	policy.go   Thompson sampling, upper confidence bounds, and the first choices at random
//
// A Bandit is a value: the plays so far are all that it knows, and resuming from them repeats its choices.
package bandit
