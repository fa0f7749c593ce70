package cuda_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// assembler finds NVIDIA's ptxas: on the path, or in the folder that mkptx's instructions make (package nvidia-cuda-nvcc).
func assembler(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("ptxas"); err == nil {
		return path
	}
	for _, wheel := range []string{"cu13", "cuda_nvcc"} {
		files, err := filepath.Glob("../.cuda/lib/python3*/site-packages/nvidia/" + wheel + "/bin/ptxas")
		if err == nil && len(files) > 0 {
			return files[0]
		}
	}
	t.Skip("ptxas is not installed: .cuda/bin/pip install nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88")
	return ""
}

// TestPTXAssembles: for every generation of devices, without spilling registers to memory.
func TestPTXAssembles(t *testing.T) {
	ptxas := assembler(t)
	files, err := filepath.Glob("ptx/*.ptx")
	if err != nil || len(files) == 0 {
		t.Fatalf("no PTX: %v", err)
	}
	for _, arch := range []string{"sm_80", "sm_86", "sm_90", "sm_120"} {
		for _, file := range files {
			out, err := exec.Command(ptxas, "-v", "-arch="+arch, "-o", filepath.Join(t.TempDir(), "out"), file).CombinedOutput()
			if strings.Contains(string(out), "is not defined for option 'gpu-name'") {
				t.Logf("this ptxas does not know %s", arch)
				break
			}
			if err != nil {
				var exit *exec.ExitError
				if errors.As(err, &exit) {
					t.Errorf("%s for %s: %s", file, arch, out)
					continue
				}
				t.Fatal(err)
			}
			for line := range strings.Lines(string(out)) {
				if strings.Contains(line, "spill stores") && !strings.Contains(line, " 0 bytes spill stores, 0 bytes spill loads") {
					t.Errorf("%s for %s: %s", file, arch, strings.TrimSpace(line))
				}
			}
		}
	}
}
