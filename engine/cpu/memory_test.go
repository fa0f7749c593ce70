package cpu_test

import (
	"runtime"
	"strings"
	"testing"
)

// More memory than the machine has, or less than none, is an error and no crash.
func TestAllocRefuses(t *testing.T) {
	b := backend(t, 1)
	if _, err := b.Alloc(-1); err == nil {
		t.Error("-1 bytes were given")
	}
	if runtime.GOOS != "linux" {
		t.Skip("the machine's memory is known on Linux only")
	}
	if _, err := b.Alloc(1 << 50); err == nil || !strings.Contains(err.Error(), "the machine has") {
		t.Errorf("2⁵⁰ bytes: %v", err)
	}
}
