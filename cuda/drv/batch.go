//go:build gpu

package drv

// #include <stdlib.h>
// #include "drv.h"
import "C"

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"

	"gorgonia.org/cu"
)

// Batch is a list of kernel launches in C memory, issued by one call; calls of libraries may stand between them.
type Batch struct {
	list    []C.drv_launch // C memory
	n       int
	explain func(status int) error // of the calls
}

// LaunchError is a failure at one launch of a batch.
type LaunchError struct {
	Index int
	Err   error
}

func (e *LaunchError) Error() string { return fmt.Sprintf("launch %d: %v", e.Index, e.Err) }
func (e *LaunchError) Unwrap() error { return e.Err }

// NewBatch makes room for a number of launches.
func NewBatch(room int) *Batch {
	p := C.calloc(C.size_t(max(room, 1)), C.sizeof_drv_launch)
	return &Batch{list: unsafe.Slice((*C.drv_launch)(p), room)}
}

// Len is the number of launches.
func (b *Batch) Len() int { return b.n }

// Add appends a launch of a number of blocks of a number of threads. An argument is a cu.DevicePtr, an int32, int64, uint32, uint64,
// float32 or float64, or the bytes of a struct.
func (b *Batch) Add(f cu.Function, blocks, threads, shared int, args ...any) error {
	if b.n == len(b.list) {
		return fmt.Errorf("drv: the batch of %d launches is full", b.n)
	}
	if blocks < 1 || blocks > math.MaxInt32 {
		return fmt.Errorf("drv: %d blocks", blocks)
	}
	var values []byte
	at := make([]int, len(args))
	for i, a := range args {
		for len(values)%16 != 0 {
			values = append(values, 0)
		}
		at[i] = len(values)
		switch x := a.(type) {
		case cu.DevicePtr:
			values = binary.NativeEndian.AppendUint64(values, uint64(x))
		case int64:
			values = binary.NativeEndian.AppendUint64(values, uint64(x))
		case uint64:
			values = binary.NativeEndian.AppendUint64(values, x)
		case int32:
			values = binary.NativeEndian.AppendUint32(values, uint32(x))
		case uint32:
			values = binary.NativeEndian.AppendUint32(values, x)
		case float32:
			values = binary.NativeEndian.AppendUint32(values, math.Float32bits(x))
		case float64:
			values = binary.NativeEndian.AppendUint64(values, math.Float64bits(x))
		case []byte:
			values = append(values, x...)
		default:
			return fmt.Errorf("drv: a kernel's argument cannot be a %T", a)
		}
	}
	const pointer = C.size_t(unsafe.Sizeof(uintptr(0)))
	table := (C.size_t(len(args))*pointer + 15) / 16 * 16
	memory := C.calloc(1, table+C.size_t(len(values))+16)
	copy(unsafe.Slice((*byte)(unsafe.Add(memory, table)), len(values)), values)
	pointers := unsafe.Slice((*unsafe.Pointer)(memory), len(args))
	for i := range pointers {
		pointers[i] = unsafe.Add(memory, int(table)+at[i])
	}
	b.list[b.n] = C.drv_launch{f: function(f), grid: C.uint(blocks), block: C.uint(threads), shared: C.uint(shared), args: (*unsafe.Pointer)(memory)}
	b.n++
	return nil
}

// AddCall appends a C function of one argument, int f(void *data), that issues a library's work on the stream of the batch and returns
// 0, or a status for explain. The batch frees data, which is C memory.
func (b *Batch) AddCall(f, data unsafe.Pointer, explain func(status int) error) error {
	if b.n == len(b.list) {
		C.free(data)
		return fmt.Errorf("drv: the batch of %d launches is full", b.n)
	}
	b.list[b.n] = C.drv_launch{call: (*[0]byte)(f), args: (*unsafe.Pointer)(data)}
	b.explain = explain
	b.n++
	return nil
}

// Run issues all launches, in order, with one call into C. A failure is a *LaunchError.
func (b *Batch) Run(x Context, s cu.Stream) error { return b.run(x, s, 0, b.n) }

// RunOne issues launch i.
func (b *Batch) RunOne(x Context, s cu.Stream, i int) error { return b.run(x, s, i, i+1) }

func (b *Batch) run(x Context, s cu.Stream, from, to int) error {
	if from == to {
		return nil
	}
	var at, status C.int
	err := check("cuLaunchKernel", C.drv_run(x.c, stream(s), &b.list[0], C.int(from), C.int(to), &at, &status))
	if status != 0 {
		err = b.explain(int(status))
	}
	if err != nil {
		return &LaunchError{int(at), err}
	}
	return nil
}

// Free gives the C memory back.
func (b *Batch) Free() {
	for _, l := range b.list[:b.n] {
		C.free(unsafe.Pointer(l.args))
	}
	C.free(unsafe.Pointer(unsafe.SliceData(b.list)))
	b.list, b.n = nil, 0
}
