// Package dl finds NVIDIA's libraries at run time, whatever their version, compiles kernels by one of them, NVRTC, and multiplies matrices
// by another, cuBLAS. None is linked, and none is needed: what a library would do faster the backend can do by itself.
//
// The package is empty without cgo and elsewhere than on Linux.
package dl
