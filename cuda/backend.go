//go:build gpu

package cuda

import (
	"errors"
	"fmt"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/dl"
	"github.com/kolmogo/kolmogo/cuda/drv"
	"github.com/kolmogo/kolmogo/cuda/libcuda"
	"github.com/kolmogo/kolmogo/engine"
)

// ErrUnavailable is in the chain of errors that say that there is no driver or device, or none that is new enough.
var ErrUnavailable = libcuda.ErrUnavailable

// errMemory is in the chain of errors of programs and blocks that do not fit.
var errMemory = errors.New("cuda: out of device memory")

// Config says which device to use and how.
type Config struct {
	Device int
	// Sync runs programs launch by launch and waits after each, so that a fault names its kernel.
	Sync bool
	// Products rounds the factors of float32 products.
	Products Rounding
	// Library makes the products at which it is faster than our kernels, or with Always all that it can. If it is nil, or does not start
	// without Always, our kernels make all.
	Library *dl.BLAS
	Always  bool
	// Compile makes PTX of CUDA C++, for kernels of fused chains; nil: chains are interpreted.
	Compile func(source, name string) ([]byte, error)
}

// Backend is an NVIDIA device as an engine.Backend. Its memory and programs live until Close.
type Backend struct {
	config          Config
	x               drv.Context
	stream          cu.Stream
	copies          cu.Stream // of inputs of later runs
	name            string
	multiprocessors int
	functions       map[string]int32 // numbers of the element-wise functions
	modules         map[string]cu.Module
	kernels         map[string]cu.Function
	blas            *blas // nil: there is no library
	memory          []*memory
	free            []func()
}

// Open takes hold of a device. The error says what is missing and what to do.
func Open(c Config) (*Backend, error) {
	x, err := drv.Open(c.Device)
	if err != nil {
		return nil, fmt.Errorf("cuda: %w", err)
	}
	b := &Backend{config: c, x: x, functions: functionNumber(), modules: map[string]cu.Module{}, kernels: map[string]cu.Function{}}
	if b.stream, b.copies, err = streams(x); err == nil {
		if b.name, err = x.Name(); err == nil {
			b.multiprocessors, err = x.Attribute(cu.MultiprocessorCount)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cuda: %w", errors.Join(err, x.Close()))
	}
	if c.Library != nil {
		if err := b.openBLAS(c.Library, c.Always); err != nil && c.Always {
			b.Close()
			return nil, fmt.Errorf("cuda: %s does not start: %w: another version of it may", c.Library.Path, err)
		}
	}
	return b, nil
}

// streams makes the stream of the runs and that of the copies for later ones.
func streams(x drv.Context) (runs, copies cu.Stream, err error) {
	if runs, err = x.Stream(); err == nil {
		copies, err = x.Stream()
	}
	return runs, copies, err
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
	b.x.CloseStream(b.copies)
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
	size := (max(bytes, engine.Alignment) + engine.Alignment - 1) / engine.Alignment * engine.Alignment
	at, err := b.x.Alloc(size)
	if err != nil {
		if free, total, e := b.x.MemInfo(); e == nil && int64(free) < int64(size) {
			return nil, fmt.Errorf("%w: %w", b.tooLarge(int64(size), free, total), err)
		}
		return nil, fmt.Errorf("cuda: allocating %d bytes: %w", size, err)
	}
	m := &memory{b, at, size}
	b.memory = append(b.memory, m)
	if err := b.x.Zero(at, size/4, b.stream); err != nil {
		return nil, fmt.Errorf("cuda: %w", err)
	}
	return m, nil
}

// Fits implements engine.Limiter.
func (b *Backend) Fits(bytes int64) error {
	free, total, err := b.x.MemInfo()
	if err != nil {
		return fmt.Errorf("cuda: %w", err)
	}
	if int64(free) < bytes {
		return b.tooLarge(bytes, free, total)
	}
	return nil
}

// Wait implements engine.Waiter.
func (b *Backend) Wait() error {
	if err := b.x.Sync(b.stream); err != nil {
		return fmt.Errorf("cuda: %w (KOLMOGO_CUDA_SYNC=1 finds the kernel at fault)", err)
	}
	return nil
}

func (b *Backend) tooLarge(bytes int64, free, total uint64) error {
	const mb = 1e6
	return fmt.Errorf("%w: %.1f MB are needed, %.1f of %.1f MB are free on device %d: use smaller batches (data.batch) or close other programs",
		errMemory, float64(bytes)/mb, float64(free)/mb, float64(total)/mb, b.config.Device)
}

// Write implements engine.Memory.
func (m *memory) Write(offset int, src []byte) error {
	return failed("writing", m.b.x.Write(m.at+cu.DevicePtr(offset), src, m.b.stream))
}

// Read implements engine.Memory: it waits for what has been started, and so may report a fault of it.
func (m *memory) Read(offset int, dst []byte) error {
	return failed("reading", m.b.x.Read(m.at+cu.DevicePtr(offset), dst, m.b.stream))
}

func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cuda: %s device memory: %w (KOLMOGO_CUDA_SYNC=1 finds the kernel at fault)", what, err)
}

// pointer is where an operand begins.
func pointer(o engine.Operand) cu.DevicePtr {
	return o.Memory.(*memory).at + cu.DevicePtr(o.Offset)
}
