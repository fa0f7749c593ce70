// Package optest is the suite that every backend passes: it compares what a device computes with the vocabulary's definitions.
//
//	func TestBackend(t *testing.T) { optest.Run(t, myBackend) }
//
// # Laws
//
// Values. Every op, in float32 and float64, on ragged, size-one and empty shapes, agrees with Eval; twice the same bits.
//
// Gradient. For L = ⟨c, op(x)⟩ and a random direction v, ⟨v, ∇L⟩ as the device computes it equals the derivative of the
// definition along v, taken by central differences of order four.
//
// Adjoint. For a linear op, ⟨op(x), y⟩ = ⟨x, opᵀ(y)⟩.
//
// Graphs. Expressions drawn at random from the vocabulary, with their gradients, agree with the definitions.
//
// # Tolerances
//
// Let u be the unit roundoff, 2⁻²⁴ or 2⁻⁵³. Summing n terms makes an error of about √n·u·‖terms‖, as random relative errors of √n·u
// in the inputs would. So the definition itself is asked how far its result moves when its inputs do, and a device may differ by
// 16·√n·u times that; in a graph, by 64 times what errors of u in every value make. Nothing is tuned by op. A result that is only
// copied must be equal, and a comparison with NaN fails.
//
// # A new op
//
// Add one line to the tables in cases.go. A test fails while an op has none.
package optest
