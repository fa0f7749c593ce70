//go:build !cgo || !linux

package main

import "log"

// Without cgo, or elsewhere than on Linux, there is no way to call the compiler.
func main() {
	log.SetFlags(0)
	log.Print("mkptx: skipped, the PTX stays as it is: calling NVRTC needs Linux and a C compiler")
}
