// Package op is the vocabulary: every tensor operation that a model, a loss or an optimizer may use, as Gorgonia ops.
//
// An entry is a comparable struct in one file, read top to bottom: formula, shapes, source; Shape, the shape rule and
// the only place that validates; Grad, the gradient rule, written as more graph; Eval, the definition as naive float64
// loops. One adapter (adapter.go) turns such a value into a gorgonia.SDOp, so an entry never sees types or hashes, and
// every graph can be run by Gorgonia's TapeMachine through Eval: that is the reference which backends are tested against.
//
// # Conventions
//
// Layout. Channels last: fields are [batch, x.., channel], row-major. Spectra are mode-major: [k.., 2, batch, channel],
// where the axis of length 2 holds (real, imaginary). Spectral weights are [k.., 2, in, out]. There is no complex dtype.
//
// Transforms. One sign, one scaling: analysis is X_k = s Σ_n x_n exp(−2πi kn/N), synthesis is x_n = s Σ_k X_k exp(+2πi kn/N)
// with a scale s that the op names; wavenumbers k are signed integers. A real axis keeps k = 0..m−1, and its synthesis counts
// every bin twice except k = 0 and, for even N, k = N/2, whose imaginary parts are ignored.
//
// Broadcasting. The functions Add, Sub, Mul and Div align shapes at the last axis and stretch axes of length one; in the
// graph this is an explicit Broadcast node, so that gradients are sums.
//
// Identity. Two nodes with equal ops and the same inputs are one node; attributes are fields of the struct, compared by ==.
//
// Random numbers are ops too: functions of (seed, stream, step, index) by the Philox generator, so that replay is exact.
//
// # Errors
//
// Building keeps the mathematics readable: the first error sticks to the Graph together with the caller's file and line, later
// calls do nothing, and Graph.Err (which compilation asks) returns it. Panics mean a bug in this package.
//
// # Adding an op
//
// Write one file. Elementwise functions implement UnaryFunc or BinaryFunc; everything else implements Op. A backend that has
// no kernel for it runs Eval, so nothing else must change; op/optest finds it once a case stands beside the others.
package op
