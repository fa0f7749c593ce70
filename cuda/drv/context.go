//go:build gpu

package drv

// #cgo CFLAGS: -I${SRCDIR}/../include
// #include "drv.h"
import "C"

import (
	"fmt"
	"unsafe"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/libcuda"
)

// The oldest driver (525 brings CUDA 12.0) and compute capability that the kernels are made for.
const (
	leastVersion    = 12000
	leastCapability = 80
)

// Error is a failure that the driver reports, with the driver's own text.
type Error struct {
	Call       string
	Code       int
	Name, Text string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s (%d): %s", e.Call, e.Name, e.Code, e.Text)
}

func check(call string, r C.CUresult) error {
	if r == C.CUDA_SUCCESS {
		return nil
	}
	if err := libcuda.Available(); err != nil {
		return err
	}
	var name, text *C.char
	C.cuGetErrorName(r, &name)
	C.cuGetErrorString(r, &text)
	return &Error{call, int(r), C.GoString(name), C.GoString(text)}
}

// Context is a device's primary context: the one that NVIDIA's libraries in the process use too.
type Context struct {
	dev C.CUdevice
	c   C.CUcontext
}

// Count is the number of devices.
func Count() (int, error) {
	if err := libcuda.Available(); err != nil {
		return 0, err
	}
	var n C.int
	err := check("cuDeviceGetCount", C.cuDeviceGetCount(&n))
	return int(n), err
}

// Version is the CUDA version of the driver, 1000·major + 10·minor.
func Version() (int, error) {
	if err := libcuda.Available(); err != nil {
		return 0, err
	}
	var v C.int
	err := check("cuDriverGetVersion", C.cuDriverGetVersion(&v))
	return int(v), err
}

// Open retains the primary context of a device. No driver, an old one, a missing or an old device is an error in the chain of which is
// libcuda.ErrUnavailable.
func Open(device int) (Context, error) {
	var x Context
	version, err := Version()
	if err != nil {
		return x, err
	}
	if version < leastVersion {
		return x, fmt.Errorf("%w: the NVIDIA driver brings CUDA %s; version 525 or newer (CUDA 12.0) is needed: update the driver", libcuda.ErrUnavailable, Dotted(version))
	}
	n, err := Count()
	if err != nil {
		return x, err
	}
	if device < 0 || device >= n {
		return x, fmt.Errorf("%w: there is no device %d: the driver shows %d", libcuda.ErrUnavailable, device, n)
	}
	if err := check("cuDeviceGet", C.cuDeviceGet(&x.dev, C.int(device))); err != nil {
		return x, err
	}
	capability, err := x.Capability()
	if err != nil {
		return x, err
	}
	if capability < leastCapability {
		name, err := x.Name()
		if err != nil {
			return x, err
		}
		return x, fmt.Errorf("%w: device %d, %s, has compute capability %d.%d; 8.0 (Ampere) or newer is needed", libcuda.ErrUnavailable, device, name,
			capability/10, capability%10)
	}
	return x, check("cuDevicePrimaryCtxRetain", C.cuDevicePrimaryCtxRetain(&x.c, x.dev))
}

// Dotted writes a version as "12.0".
func Dotted(version int) string { return fmt.Sprintf("%d.%d", version/1000, version%1000/10) }

// Close releases the primary context.
func (x Context) Close() error {
	return check("cuDevicePrimaryCtxRelease", C.cuDevicePrimaryCtxRelease(x.dev))
}

// Name is what NVIDIA calls the device.
func (x Context) Name() (string, error) {
	var name [128]C.char
	err := check("cuDeviceGetName", C.cuDeviceGetName(&name[0], C.int(len(name)), x.dev))
	return C.GoString(&name[0]), err
}

// Attribute is one fact about the device.
func (x Context) Attribute(a cu.DeviceAttribute) (int, error) {
	var v C.int
	err := check("cuDeviceGetAttribute", C.cuDeviceGetAttribute(&v, C.CUdevice_attribute(a), x.dev))
	return int(v), err
}

// Capability is the compute capability, 10·major + minor.
func (x Context) Capability() (int, error) {
	major, err := x.Attribute(cu.ComputeCapabilityMajor)
	if err != nil {
		return 0, err
	}
	minor, err := x.Attribute(cu.ComputeCapabilityMinor)
	return 10*major + minor, err
}

// handles give C's view of cu's, each a struct of one pointer.
func stream(s cu.Stream) C.CUstream       { return *(*C.CUstream)(unsafe.Pointer(&s)) }
func function(f cu.Function) C.CUfunction { return *(*C.CUfunction)(unsafe.Pointer(&f)) }
func module(m cu.Module) C.CUmodule       { return *(*C.CUmodule)(unsafe.Pointer(&m)) }

// Handle is the driver's own stream, for libraries.
func Handle(s cu.Stream) uint64 { return uint64(uintptr(unsafe.Pointer(stream(s)))) }

// Stream makes a stream that does not wait for the default one.
func (x Context) Stream() (s cu.Stream, err error) {
	var c C.CUstream
	err = check("cuStreamCreate", C.drv_stream(x.c, &c))
	return *(*cu.Stream)(unsafe.Pointer(&c)), err
}

// CloseStream ends a stream when its work is done.
func (x Context) CloseStream(s cu.Stream) error {
	return check("cuStreamDestroy", C.drv_unstream(x.c, stream(s)))
}

// Sync waits for the stream.
func (x Context) Sync(s cu.Stream) error {
	return check("cuStreamSynchronize", C.drv_sync(x.c, stream(s)))
}
