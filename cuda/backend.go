//go:build gpu

package cuda

import (
	"errors"
	"fmt"
	"sync"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/drv"
	"github.com/kolmogo/kolmogo/cuda/libcuda"
	"github.com/kolmogo/kolmogo/engine"
)

// ErrUnavailable is in the chain of errors that say that there is no driver or device, or none that is new enough.
var ErrUnavailable = libcuda.ErrUnavailable

// Config says which device to use and how.
type Config struct {
	Device int
	// Sync runs programs launch by launch and waits after each, so that a fault names its kernel.
	Sync bool
	// Compile makes PTX of CUDA C++, for kernels of fused chains; nil: chains are interpreted.
	Compile func(source, name string) ([]byte, error)
}

// Backend is an NVIDIA device as an engine.Backend. Its memory and programs live until Close.
type Backend struct {
	config          Config
	x               drv.Context
	stream          cu.Stream
	name            string
	multiprocessors int
	functions       map[string]int32 // numbers of the element-wise functions

	mu      sync.Mutex
	modules map[string]cu.Module
	kernels map[string]cu.Function
	memory  []*memory
	free    []func()
	err     error // the first failure of a copy, which has no other way to say so
}

// Open takes hold of a device. The error says what is missing and what to do.
func Open(c Config) (*Backend, error) {
	x, err := drv.Open(c.Device)
	if err != nil {
		return nil, fmt.Errorf("cuda: %w", err)
	}
	b := &Backend{config: c, x: x, functions: functionNumber(), modules: map[string]cu.Module{}, kernels: map[string]cu.Function{}}
	if b.stream, err = x.Stream(); err == nil {
		if b.name, err = x.Name(); err == nil {
			b.multiprocessors, err = x.Attribute(cu.MultiprocessorCount)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cuda: %w", errors.Join(err, x.Close()))
	}
	return b, nil
}

// Name implements engine.Backend.
func (b *Backend) Name() string { return fmt.Sprintf("cuda:%d %s", b.config.Device, b.name) }

// Close gives everything back. Programs and memory of the backend may not be used afterwards.
func (b *Backend) Close() {
	b.x.Sync(b.stream) // a fault has been reported by whoever waited for results
	for _, f := range b.free {
		f()
	}
	for _, m := range b.memory {
		b.x.Free(m.at)
	}
	for _, m := range b.modules {
		b.x.Unload(m)
	}
	b.x.CloseStream(b.stream)
	b.x.Close()
}

// memory is a block of the device's.
type memory struct {
	b     *Backend
	at    cu.DevicePtr
	bytes int
}

// Alloc implements engine.Backend.
func (b *Backend) Alloc(bytes int) (engine.Memory, error) { return b.alloc(bytes) }

func (b *Backend) alloc(bytes int) (*memory, error) {
	if err := b.failure(); err != nil {
		return nil, err
	}
	size := (max(bytes, engine.Alignment) + engine.Alignment - 1) / engine.Alignment * engine.Alignment
	at, err := b.x.Alloc(size)
	if err != nil {
		if free, total, e := b.x.MemInfo(); e == nil && int64(free) < int64(size) {
			return nil, fmt.Errorf("cuda: %.1f MB are needed, %.1f of %.1f MB are free on device %d: use smaller batches (data.batch) or close other programs: %w",
				mb(size), mb(int(free)), mb(int(total)), b.config.Device, err)
		}
		return nil, fmt.Errorf("cuda: allocating %.1f MB: %w", mb(size), err)
	}
	m := &memory{b, at, size}
	b.memory = append(b.memory, m)
	if err := b.x.Zero(at, size/4, b.stream); err != nil {
		return nil, fmt.Errorf("cuda: %w", err)
	}
	return m, nil
}

func mb(bytes int) float64 { return float64(bytes) / 1e6 }

// Write implements engine.Memory. A failure is reported by the next run.
func (m *memory) Write(offset int, src []byte) {
	m.b.note("writing", m.b.x.Write(m.at+cu.DevicePtr(offset), src, m.b.stream))
}

// Read implements engine.Memory: it waits for what has been started. After a failure, which the next run reports, dst is all ones,
// which is NaN.
func (m *memory) Read(offset int, dst []byte) {
	err := m.b.x.Read(m.at+cu.DevicePtr(offset), dst, m.b.stream)
	m.b.note("reading", err)
	if err != nil {
		for i := range dst {
			dst[i] = 0xff
		}
	}
}

// note keeps the first failure.
func (b *Backend) note(what string, err error) {
	if err == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = fmt.Errorf("cuda: %s device memory: %w (KOLMOGO_CUDA_SYNC=1 finds the kernel at fault)", what, err)
	}
}

// failure is what note has kept.
func (b *Backend) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// pointer is where an operand begins.
func pointer(o engine.Operand) cu.DevicePtr {
	return o.Memory.(*memory).at + cu.DevicePtr(o.Offset)
}
