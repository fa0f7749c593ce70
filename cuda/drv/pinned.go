//go:build gpu

package drv

// #include "drv.h"
import "C"

import (
	"unsafe"

	"gorgonia.org/cu"
)

// Pinned is host memory that a device reads and writes by itself, while the host goes on.
type Pinned []byte

// Pin gives n > 0 bytes of pinned memory.
func (x Context) Pin(n int) (Pinned, error) {
	var p unsafe.Pointer
	if err := check("cuMemHostAlloc", C.drv_host(x.c, &p, C.size_t(n))); err != nil {
		return nil, err
	}
	return unsafe.Slice((*byte)(p), n), nil
}

// Unpin gives pinned memory back.
func (x Context) Unpin(p Pinned) error {
	return check("cuMemFreeHost", C.drv_unhost(x.c, unsafe.Pointer(unsafe.SliceData(p))))
}

// WriteLater copies to the device in stream order; src may change when the stream has come so far.
func (x Context) WriteLater(d cu.DevicePtr, src Pinned, s cu.Stream) error {
	if len(src) == 0 {
		return nil
	}
	return check("cuMemcpyHtoDAsync", C.drv_to(x.c, C.CUdeviceptr(d), unsafe.Pointer(unsafe.SliceData(src)), C.size_t(len(src)), stream(s)))
}

// ReadLater copies from the device in stream order; dst holds it when the stream has come so far.
func (x Context) ReadLater(d cu.DevicePtr, dst Pinned, s cu.Stream) error {
	if len(dst) == 0 {
		return nil
	}
	return check("cuMemcpyDtoHAsync", C.drv_later_from(x.c, unsafe.Pointer(unsafe.SliceData(dst)), C.CUdeviceptr(d), C.size_t(len(dst)), stream(s)))
}
