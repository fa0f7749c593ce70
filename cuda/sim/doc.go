// Package sim is a CUDA driver made of host functions, for tests: it runs the very kernel files of package cuda on the processor, so
// that the whole backend (lowering, arguments, memory, capture, errors) is proven on machines without a GPU.
//
// What it cannot show, that the compiled PTX does what the source says and that no two blocks race, is left to the assembler and to a
// machine with a GPU.
//
// The package is empty without the build tag gpu.
package sim
