//go:build cgo && linux

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/dl"
)

// pinned is the compiler of the committed PTX, if it is installed.
func pinned(t *testing.T) *dl.Compiler {
	t.Helper()
	c, err := dl.OpenCompiler(filepath.SplitList(os.Getenv("CUDA_LIB_DIR")), []string{"../../.cuda", os.Getenv("VIRTUAL_ENV")})
	if err != nil {
		t.Skipf("NVRTC is not installed: %s", install)
	}
	if c.Version() != version {
		t.Skipf("NVRTC of CUDA version %d is installed, not %d: %s", c.Version(), version, install)
	}
	return c
}

// TestCompilingAgainGivesTheCommittedBytes compiles every family.
func TestCompilingAgainGivesTheCommittedBytes(t *testing.T) {
	c := pinned(t)
	for _, family := range cuda.Families {
		for _, dtype := range []string{"f32", "f64"} {
			want, err := os.ReadFile(filepath.Join("../ptx", family+"_"+dtype+".ptx"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := compile(c, family, dtype)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s %s: other bytes than the committed ones (%v): run make generate", family, dtype, err)
			}
		}
	}
}

// TestCompilerSaysWhatIsWrong: the error holds the place and the reason.
func TestCompilerSaysWhatIsWrong(t *testing.T) {
	_, err := pinned(t).Compile("__global__ void f() {\n  nonsense;\n}\n", "bad.cu", nil)
	if err == nil || !strings.Contains(err.Error(), "bad.cu(2)") || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("error is %v", err)
	}
}
