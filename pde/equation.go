package pde

// Symbol is the eigenvalue λ(k) of a linear, translation-invariant operator on exp(i k·x): L exp(i k·x) = λ(k) exp(i k·x).
// k holds one physical wavenumber per axis.
type Symbol func(k []float64) complex128

// Equation is u_t = L u + N(u) on a periodic box.
type Equation struct {
	Linear []Symbol // L, one symbol per channel of u
	Term   Term     // N; nil for a linear equation
}

// Term is a non-linear term N(u) before it knows its grid.
type Term interface {
	// Bind returns dst = N̂(û) on the given space, or an error where the term has no meaning there.
	// The function works on spectra, allocates nothing, leaves û as it is and dealiases its argument and its result.
	Bind(s *Space) (func(dst, u []complex128), error)
}
