//go:build gpu

package drv

// #include "drv.h"
import "C"

import (
	"unsafe"

	"gorgonia.org/cu"
)

// MemInfo is the free and total device memory in bytes.
func (x Context) MemInfo() (free, total uint64, err error) {
	var f, t C.size_t
	err = check("cuMemGetInfo", C.drv_meminfo(x.c, &f, &t))
	return uint64(f), uint64(t), err
}

// Alloc gives n > 0 bytes of device memory.
func (x Context) Alloc(n int) (cu.DevicePtr, error) {
	var p C.CUdeviceptr
	err := check("cuMemAlloc", C.drv_alloc(x.c, &p, C.size_t(n)))
	return cu.DevicePtr(p), err
}

// Free gives memory back.
func (x Context) Free(p cu.DevicePtr) error {
	return check("cuMemFree", C.drv_free(x.c, C.CUdeviceptr(p)))
}

// Zero sets n 4-byte words to zero, in stream order.
func (x Context) Zero(d cu.DevicePtr, n int, s cu.Stream) error {
	return check("cuMemsetD32Async", C.drv_zero(x.c, C.CUdeviceptr(d), C.size_t(n), stream(s)))
}

// Write copies to the device in stream order; src may change when it returns.
func (x Context) Write(d cu.DevicePtr, src []byte, s cu.Stream) error {
	if len(src) == 0 {
		return nil
	}
	return check("cuMemcpyHtoDAsync", C.drv_to(x.c, C.CUdeviceptr(d), unsafe.Pointer(&src[0]), C.size_t(len(src)), stream(s)))
}

// Read waits for the stream and copies from the device.
func (x Context) Read(d cu.DevicePtr, dst []byte, s cu.Stream) error {
	if len(dst) == 0 {
		return nil
	}
	return check("cuMemcpyDtoHAsync", C.drv_from(x.c, unsafe.Pointer(&dst[0]), C.CUdeviceptr(d), C.size_t(len(dst)), stream(s)))
}
