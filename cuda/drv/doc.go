// Package drv drives one NVIDIA device: memory, streams, modules, batches of launches, graphs by capture.
//
// It adds to gorgonia.org/cu, whose handles it uses, what an engine needs and cu lacks: errors with the driver's own text, the
// compiler's log of a module, many launches by one call into C, the capture of a stream into a graph and its launch.
//
// A context is current for an operating system thread, and goroutines move between threads. One call into C does not move, so every
// C function here first makes its context current.
//
// The package is empty without the build tag gpu.
package drv
