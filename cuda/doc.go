// Package cuda runs programs of package engine on an NVIDIA device.
//
// One family of kernels is one pair of files: sum.cu holds the kernels in plain CUDA C++, written to be read beside the Eval that they
// implement, and sum.go the launchers, which turn a step into launches. Families: chain, conv, depthwise, factor, fit, gather, jet, move, nonnegative, normalize, product,
// queue, random, sum. Each is compiled ahead for float32 and float64 into PTX (folder ptx, by mkptx) that every driver from 525 on and every
// device of compute capability 8.0 and newer takes.
//
// Build lowers a program's steps to a list of launches with fixed arguments and captures it as one CUDA graph: running the program is
// one call. Nothing is allocated and nothing waited for in between; reading memory waits. Runs that are prepared ahead of time take
// their inputs from pinned buffers, which a second stream copies, and several of them are one launch: see queue.
//
// Packages below: libcuda loads the driver at run time, drv drives a device, dl finds NVIDIA's optional libraries, of which cuBLAS makes
// products of matrices where it is measured faster, sim is a driver
// made of host functions for tests. All that calls the driver needs the build tag gpu and a C compiler; without the tag this package
// holds only the kernels.
package cuda
