//go:build gpu

package drv

// #include <stdlib.h>
// #include "drv.h"
import "C"

import (
	"fmt"
	"strings"
	"unsafe"

	"gorgonia.org/cu"
)

// Load loads PTX, a cubin or a fatbin. The error holds what the driver's compiler says.
func (x Context) Load(image []byte) (m cu.Module, err error) {
	const room = 8192
	img := C.CBytes(append(image[:len(image):len(image)], 0)) // PTX must end in NUL
	log := (*C.char)(C.calloc(1, room))
	defer C.free(img)
	defer C.free(unsafe.Pointer(log))
	var h C.CUmodule
	if err = check("cuModuleLoadDataEx", C.drv_load(x.c, &h, img, log, room)); err != nil {
		if text := strings.TrimSpace(C.GoString(log)); text != "" {
			err = fmt.Errorf("%w: %s", err, text)
		}
	}
	return *(*cu.Module)(unsafe.Pointer(&h)), err
}

// Function finds a kernel of a module.
func (x Context) Function(m cu.Module, name string) (cu.Function, error) {
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	var f C.CUfunction
	err := check("cuModuleGetFunction "+name, C.drv_function(x.c, &f, module(m), c))
	return *(*cu.Function)(unsafe.Pointer(&f)), err
}

// Unload forgets a module; nothing of it may be running.
func (x Context) Unload(m cu.Module) error {
	return check("cuModuleUnload", C.drv_unload(x.c, module(m)))
}
