//go:build !cgo

package main

import "log"

// Without cgo there is no way to call the compiler.
func main() {
	log.SetFlags(0)
	log.Print("mkptx: skipped, the PTX stays as it is: calling NVRTC needs a C compiler")
}
