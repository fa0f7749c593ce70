// Package term reads equations as people write them, u_t + u*u_x - nu*u_xx, and turns them into trees that other packages evaluate.
//
// # Grammar
//
//	equation = sum [ "=" sum ]
//	sum      = product { ("+" | "-") product }
//	product  = signed { ( "*" | "/" ) signed | power }
//	signed   = { "-" | "+" } power
//	power    = atom [ ("^" | "**") signed ]
//	atom     = number | name | name "(" sum { "," sum } ")" | "(" sum ")"
//
// Factors side by side are multiplied, numbers only in front: "6 u u_x" and "0.01(u_xx + u_yy)" are products. "a = b" means the residual a − b.
//
// # Names
//
// A Scope says which names are coordinates, unknowns, parameters, constants and definitions; pi is known. A name followed by an
// underscore and coordinates is a derivative: u_xx, psi_xyy, also of a definition. d(f, x, t) is ∂²f/∂x∂t of any expression f,
// laplacian(f) and biharmonic(f) are sums over the coordinates of space. The functions are sin, cos, tan, exp, log, sqrt, tanh, sinh,
// cosh, sech, sigmoid, abs, relu (the positive part) and step (1 above 0).
//
// # Errors
//
// Every error is an *Error: it shows the expression with an arrow at the place.
package term
