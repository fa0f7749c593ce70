//go:build gpu

package sim

// #cgo linux LDFLAGS: -ldl
// #include <dlfcn.h>
// #include <stdlib.h>
// #include "sim.h"
// static void settle(void *bind, int version, double ms, int status) {
//   ((void (*)(void *, void *, void *, int, double, int))bind)((void *)sim_inside, (void *)sim_capturing, (void *)sim_issue, version, ms, status);
// }
// static int calls(void *count) { return ((int (*)(void))count)(); }
import "C"

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"unsafe"
)

//go:embed cublas.inc
var cublasSource string

// CUBLASConfig says what a simulated cuBLAS is like.
type CUBLASConfig struct {
	Version      int     // of CUDA; 0: 12
	Milliseconds float64 // that a product takes, where a kernel takes one
	Fail         int     // the status that every product returns; 0: none
}

// CUBLAS makes a cuBLAS of host functions in a folder, by g++, for the simulated driver. The returned function counts the products that
// it has made since.
func CUBLAS(folder string, c CUBLASConfig) (calls func() int, err error) {
	if c.Version == 0 {
		c.Version = 12
	}
	file := filepath.Join(folder, fmt.Sprintf("libcublas.so.%d", c.Version))
	if _, err := os.Stat(file); err != nil {
		source := filepath.Join(folder, "cublas.cpp")
		if err := os.WriteFile(source, []byte(cublasSource), 0o644); err != nil {
			return nil, err
		}
		if out, err := exec.Command("g++", "-std=c++17", "-O1", "-fPIC", "-shared", "-fno-gnu-unique", source, "-o", file).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("sim: g++: %w\n%s", err, out)
		}
	}
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	h := C.dlopen(name, C.RTLD_NOW|C.RTLD_LOCAL)
	if h == nil {
		return nil, fmt.Errorf("sim: %s", C.GoString(C.dlerror()))
	}
	symbol := func(s string) unsafe.Pointer {
		c := C.CString(s)
		defer C.free(unsafe.Pointer(c))
		return C.dlsym(h, c)
	}
	C.settle(symbol("simulated_cublas"), C.int(c.Version), C.double(c.Milliseconds), C.int(c.Fail))
	count := symbol("simulated_cublas_calls")
	return func() int { return int(C.calls(count)) }, nil
}
