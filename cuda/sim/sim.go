//go:build gpu

package sim

// #cgo CFLAGS: -I${SRCDIR}/../include
// #cgo CXXFLAGS: -std=c++17 -O2 -Wall -Wno-unknown-pragmas -I${SRCDIR}/../include
// #include <stdlib.h>
// #include "sim.h"
import "C"

import (
	_ "embed"
	"unsafe"

	_ "github.com/kolmogo/kolmogo/cuda" // holds the kernels' sources: when one changes, Go compiles this package again
	_ "github.com/kolmogo/kolmogo/cuda/libcuda"
)

//go:embed cudasim.h
var cudasim string

// Config says what the driver and its device are like; zero values are those of an H100 with driver 525 and 16 GiB.
type Config struct {
	Version         int  // CUDA version of the driver: 1000·major + 10·minor
	Capability      int  // 10·major + minor
	Devices         int  // −1: none
	Multiprocessors int  // decides how work is cut
	Order           int  // of the threads of a block: 0 ascending, 1 descending, 2 warps interleaved
	Late            bool // a fault in a graph shows at the call after its launch
	Lazy            bool // work is done as late as waiting allows, not when it is issued
	Deaf            bool // streams do not wait for events: a fault that the driver has to find
	Memory          int  // bytes
}

// Install puts the simulated driver behind every CUDA call of this process, as new.
func Install(c Config) {
	fill := func(v *int, otherwise int) {
		if *v == 0 {
			*v = otherwise
		}
	}
	fill(&c.Version, 12000)
	fill(&c.Capability, 90)
	fill(&c.Devices, 1)
	fill(&c.Multiprocessors, 8)
	fill(&c.Memory, 16<<30)
	truth := func(b bool) C.int {
		if b {
			return 1
		}
		return 0
	}
	if n := C.sim_install(C.sim_config{version: C.int(c.Version), capability: C.int(c.Capability), devices: C.int(max(c.Devices, 0)),
		multiprocessors: C.int(c.Multiprocessors), order: C.int(c.Order), late: truth(c.Late), lazy: truth(c.Lazy), deaf: truth(c.Deaf), memory: C.size_t(c.Memory)}); n != 0 {
		panic("sim: entry points without a stub")
	}
}

// Used is the device memory in use, in bytes.
func Used() int { return int(C.sim_used()) }

// Count is what the driver was asked for.
type Count struct {
	Launches   int // of kernels, one by one
	Graphs     int
	Copies     int // to the device
	Waits      int // for a stream
	EventWaits int
}

// Counts tells what was asked for since Install.
func Counts() Count {
	c := C.sim_count()
	return Count{int(c.launches), int(c.graphs), int(c.copies), int(c.waits), int(c.eventWaits)}
}

// Fault lets every run of a kernel fail from now on, as when it had touched memory that is not its own.
func Fault(kernel string) {
	name := C.CString(kernel)
	defer C.free(unsafe.Pointer(name))
	C.sim_fault(name)
}
