// Package pinn makes residuals of boundary value problems out of networks, as graph.
//
// A Problem is what a configuration says: equations in the notation of package term, a domain, conditions, the form of the solution (hard
// boundary factors, parity, periodic inputs), parameters that are known or sought, and a reference to judge by. New checks it and gives
// a Model, whose Sets are the domain, the parts of its boundary, and the observations:
//
//	m, err := pinn.New(problem, network, rnd)
//	for _, set := range m.Sets {
//		rows, err := m.Rows(g, op.Float64, set, n)                  // residuals [n, 1] of the input "points." + set.Name
//		feed, err := m.Draw(set, n, pinn.Draw{}, rnd)               // values for it
//	}
//	u, err := m.Solution(g, op.Float64, 0, n)                           // [n, unknowns] at the input "points"
//
// A problem that is cut has several networks: Windows are models of intervals of the time, solved one after another, each from what the one
// before hands over; Subdomains are parts of the domain with sets of their own, which couplings join where they meet. PieceAt says whose
// value counts at a point.
//
// Derivatives come from jets (models.Jet): the value and the derivatives at a point are rows of the same matrix products. Residual i of
// a set depends on point i alone, and each parameter meets the points as a right factor of a product or through a broadcast, so
// op.Jacobian has the Jacobian of the rows in one sweep.
package pinn
