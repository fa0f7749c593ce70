//go:build gpu && asan

package sim_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/cuda/sim"
)

// TestSanitizerStopsOverruns: kernels that touch memory beyond a buffer or a shared array end the process with a report.
func TestSanitizerStopsOverruns(t *testing.T) {
	kernel := os.Getenv("KOLMOGO_PLANTED")
	switch kernel {
	case "beyond_end":
		open(t, sim.Config{}).run(t, kernel, false, int32(64))
		return
	case "beyond_shared":
		open(t, sim.Config{}).run(t, kernel, false)
		return
	}
	for _, kernel := range []string{"beyond_end", "beyond_shared"} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestSanitizerStopsOverruns$")
		cmd.Env = append(os.Environ(), "KOLMOGO_PLANTED="+kernel)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "AddressSanitizer") {
			t.Errorf("%s went through: %v\n%s", kernel, err, out)
		}
	}
}
