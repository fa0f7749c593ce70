//go:build gpu

package cuda_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/engine/enginetest"
	"github.com/kolmogo/kolmogo/op/optest"
)

// onDevice lets the tests run on the machine's own driver and device.
var onDevice = os.Getenv("KOLMOGO_GPU") != ""

// simulated installs the simulated driver, as new, for a test that is about it.
func simulated(t testing.TB, driver sim.Config) {
	t.Helper()
	if onDevice {
		t.Skip("a test of the simulated driver")
	}
	sim.Install(driver)
}

// open returns the backend on the simulated driver, as new, or on the device.
func open(t testing.TB, driver sim.Config, config cuda.Config) *cuda.Backend {
	t.Helper()
	if !onDevice {
		sim.Install(driver)
	}
	b, err := cuda.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// TestVocabulary runs the vocabulary's suite on the simulated device, the threads of a block in each order.
func TestVocabulary(t *testing.T) {
	for order, name := range []string{"ascending", "descending", "interleaved"} {
		if order > 0 && (testing.Short() || onDevice) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			optest.Run(t, enginetest.Device{Backend: open(t, sim.Config{Order: order}, cuda.Config{})})
		})
	}
}

// TestClose: everything that was allocated comes back.
func TestClose(t *testing.T) {
	simulated(t, sim.Config{})
	before := sim.Used()
	b, err := cuda.Open(cuda.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Alloc(1000); err != nil {
		t.Fatal(err)
	}
	if sim.Used() == before {
		t.Error("nothing was allocated")
	}
	b.Close()
	if got := sim.Used(); got != before {
		t.Errorf("%d bytes are in use after Close, %d before Open", got, before)
	}
}

// TestOpenSaysWhatIsMissing: an old driver, no device, an old device, a device that is not there.
func TestOpenSaysWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		driver sim.Config
		device int
		want   string
	}{
		{sim.Config{Version: 11080}, 0, "brings CUDA 11.8; version 525 or newer"},
		{sim.Config{Devices: -1}, 0, "no device 0: the driver shows 0"},
		{sim.Config{}, 3, "no device 3: the driver shows 1"},
		{sim.Config{Capability: 75}, 0, "compute capability 7.5; 8.0 (Ampere) or newer"},
	} {
		simulated(t, c.driver)
		_, err := cuda.Open(cuda.Config{Device: c.device})
		if !errors.Is(err, cuda.ErrUnavailable) || !contains(err, c.want) {
			t.Errorf("%+v: error is %v, want one with %q", c.driver, err, c.want)
		}
	}
}

func contains(err error, text string) bool {
	return err != nil && strings.Contains(err.Error(), text)
}
