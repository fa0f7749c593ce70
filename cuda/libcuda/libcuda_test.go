//go:build gpu

package libcuda_test

import (
	"debug/elf"
	"errors"
	"os"
	"strings"
	"testing"

	"gorgonia.org/cu"

	"github.com/kolmogo/kolmogo/cuda/libcuda"
)

// TestDriverIsNotLinked: this very binary contains gorgonia.org/cu and started; the loader must not have been asked for the driver,
// and none of its names may be visible to NVIDIA's own libraries.
func TestDriverIsNotLinked(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(path)
	if err != nil {
		t.Skipf("not an ELF binary: %v", err)
	}
	defer f.Close()
	libraries, err := f.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range libraries {
		if strings.Contains(l, "cuda") || strings.Contains(l, "nvidia") {
			t.Errorf("the binary needs %s", l)
		}
	}
	symbols, err := f.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if strings.HasPrefix(s.Name, "cu") && len(s.Name) > 2 && s.Name[2] >= 'A' && s.Name[2] <= 'Z' {
			t.Errorf("%s is visible", s.Name)
		}
	}
}

// TestAbsenceIsAnError: without a driver every call answers with an error and a reason is known.
func TestAbsenceIsAnError(t *testing.T) {
	err := libcuda.Available()
	if err == nil {
		t.Skip("this machine has a driver")
	}
	if !errors.Is(err, libcuda.ErrUnavailable) || !strings.Contains(err.Error(), "driver") {
		t.Errorf("the reason is %q", err)
	}
	if n, err := cu.NumDevices(); err == nil {
		t.Errorf("%d devices without a driver", n)
	}
}
