//go:build !gpu

package main

import "errors"

// openCUDA says that this build cannot.
func openCUDA(int, string) (backend, error) {
	return nil, errors.New("this build has no CUDA backend")
}

// deviceFailed reports whether an error is one of a device.
func deviceFailed(error) bool { return false }

// backendFindings is what doctor has to say about the CUDA backend.
func backendFindings() []finding {
	return []finding{{Name: "CUDA backend", Value: "not in this build", Do: "make build has it where there is a C compiler; until then use --device cpu"}}
}
