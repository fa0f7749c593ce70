//go:build gpu

package sim_test

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/drv"
	"github.com/kolmogo/kolmogo/cuda/sim"
)

// text stands for the PTX of the planted kernels.
const text = `.version 8.0
.entry beyond_end_f32( .param .u64 y, .param .u32 n)
.entry beyond_shared_f32( .param .u64 y)
.entry unset_shared_f32( .param .u64 y)
.entry no_barrier_f32( .param .u64 x, .param .u64 y)
.entry no_barrier_forward_f32( .param .u64 x, .param .u64 y)
.entry diverged_f32( .param .u64 y)
.entry half_warp_f32( .param .u64 y)
`

// device is the simulated one with a stream.
type device struct {
	drv.Context
	s cu.Stream
}

func open(t *testing.T, c sim.Config) device {
	t.Helper()
	sim.Install(c)
	x, err := drv.Open(0)
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.Stream()
	if err != nil {
		t.Fatal(err)
	}
	return device{x, s}
}

// run launches a kernel with one block of 64 threads, between x, which counts up, and y, of 64 numbers each; more are its further
// arguments.
func (d device) run(t *testing.T, kernel string, reads bool, more ...any) (y []float32, err error) {
	t.Helper()
	m, err := d.Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.Function(m, kernel+"_f32")
	if err != nil {
		t.Fatal(err)
	}
	var args []any
	content := make([]byte, 256)
	for i := range 64 {
		binary.NativeEndian.PutUint32(content[4*i:], math.Float32bits(float32(i)))
	}
	var out cu.DevicePtr
	for k := range 2 {
		p, err := d.Alloc(len(content))
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(p, content, d.s); err != nil {
			t.Fatal(err)
		}
		if out = p; reads || k == 1 {
			args = append(args, p)
		}
	}
	b := drv.NewBatch(1)
	defer b.Free()
	if err := b.Add(f, 1, 64, 0, append(args, more...)...); err != nil {
		t.Fatal(err)
	}
	if err := b.Run(d.Context, d.s); err != nil {
		return nil, err
	}
	if err := d.Read(out, content, d.s); err != nil {
		t.Fatal(err)
	}
	for i := range 64 {
		y = append(y, math.Float32frombits(binary.NativeEndian.Uint32(content[4*i:])))
	}
	return y, nil
}

// TestPlantedFaultsAreFound: those that end a kernel with an error.
func TestPlantedFaultsAreFound(t *testing.T) {
	for kernel, want := range map[string]string{"diverged": "while other threads wait", "half_warp": "lanes that have exited"} {
		_, err := open(t, sim.Config{}).run(t, kernel, false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want one with %q", kernel, err, want)
		}
	}
}

// TestUnsetSharedMemoryIsNaN: what nobody has written shows in the result.
func TestUnsetSharedMemoryIsNaN(t *testing.T) {
	y, err := open(t, sim.Config{}).run(t, "unset_shared", false)
	if err != nil || y[62] != 1 || !math.IsNaN(float64(y[63])) {
		t.Errorf("results %v, error %v", y, err)
	}
}

// TestMissingBarriersShowInSomeOrder: a kernel without a barrier that it needs is right in at most one order of threads.
func TestMissingBarriersShowInSomeOrder(t *testing.T) {
	for kernel, from := range map[string]func(i int) int{
		"no_barrier":         func(i int) int { return 63 - i },
		"no_barrier_forward": func(i int) int { return max(i-1, 0) },
	} {
		wrong := 0
		for order := range 3 {
			y, err := open(t, sim.Config{Order: order}).run(t, kernel, true)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range y {
				if v != float32(from(i)) {
					wrong++
					break
				}
			}
		}
		if wrong == 0 {
			t.Errorf("%s is right in every order", kernel)
		}
	}
}

// TestRefusals: what a real driver refuses is refused here too.
func TestRefusals(t *testing.T) {
	d := open(t, sim.Config{})
	if _, err := d.Load([]byte(".version 8.1\n")); err == nil || !strings.Contains(err.Error(), "unsupported .version") {
		t.Errorf("PTX of a newer toolkit than the driver's: %v", err)
	}
	if _, err := d.Load([]byte("nonsense")); err == nil {
		t.Error("a text without a version was loaded")
	}
	m, err := d.Load([]byte(".version 8.0\n.entry diverged_f32( .param .u32 y)\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Function(m, "diverged_f32"); err == nil || !strings.Contains(err.Error(), "other parameters") {
		t.Errorf("a kernel whose PTX has other parameters: %v", err)
	}
	if _, err := d.Function(m, "half_warp_f32"); err == nil {
		t.Error("a kernel that is not in the PTX was found")
	}
	if _, err := d.Capture(d.s, func() error { return d.Sync(d.s) }); err == nil {
		t.Error("a capture could wait")
	}
	if _, err := d.Capture(d.s, func() error { _, err := d.Alloc(64); return err }); err == nil {
		t.Error("a capture could allocate")
	}
	inner := errors.New("inner")
	if _, err := d.Capture(d.s, func() error { return inner }); !errors.Is(err, inner) {
		t.Errorf("the cause of a failed capture is %v", err)
	}
	p, err := d.Alloc(64)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(p, make([]byte, 65), d.s); err == nil {
		t.Error("65 bytes went into 64")
	}
	if err := errors.Join(d.Free(p), d.Sync(d.s)); err != nil {
		t.Error(err)
	}
	if d.Free(p) == nil {
		t.Error("memory was given back twice")
	}
}
