// Package libcuda lets one binary run with and without an NVIDIA driver.
//
// gorgonia.org/cu calls the driver's functions by name, which would make the loader ask for libcuda.so.1 before main. This package
// defines each of those names (names.inc) as a hidden stub that jumps through a table (stubs.S). The table is filled from
// libcuda.so.1 by the first call of Available (shim.c); until then every entry answers "not initialised", and for good where the driver
// is too old to have the function, "not supported". Nothing of the driver is in the binary's list of needed libraries.
//
// stub/libcuda.a is an empty archive: gorgonia.org/cu asks the linker for -lcuda, and this is what it finds.
//
// The package is empty without the build tag gpu.
package libcuda
