// Package optimize minimises sums of squares over the parameters of a graph, with second derivatives or estimates of them:
//
//	f(θ) = Σ_k mean(r_k(θ)²)
//
// for columns r_k of residuals that depend on one point each. A Problem says how the columns are built; a Method improves the
// parameters, which stay in an engine.Store, step by step.
//
//	levenberg_marquardt.go  damped normal equations with geodesic acceleration: the first choice up to some thousand parameters
//	gauss_newton.go         the same matrix undamped, with a line search: energy natural gradient
//	lbfgs.go                limited memory BFGS: any number of parameters
//	broyden.go              self-scaled Broyden, dense: up to some thousand parameters, cheap steps
//	newton_cg.go            Newton with conjugate gradients, preconditioned by a Nyström sketch of the Hessian
//
// normal.go solves the damped normal equations in the smaller of the two spaces, that of the parameters or that of the residuals;
// wolfe.go is the line search of the quasi-Newton methods. Everything here is float64.
//
// # Adding a method
//
// Write one file with a Method; name it in table.go.
package optimize
