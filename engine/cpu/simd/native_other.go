//go:build !amd64

package simd

// native returns no vector implementations: the portable kernels serve this architecture.
func native() []Set { return nil }
