package cuda_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
)

// TestPTXIsCurrent: the committed PTX was made of these sources, by the pinned compiler, and there is nothing else.
func TestPTXIsCurrent(t *testing.T) {
	files, err := filepath.Glob("ptx/*")
	if err != nil || len(files) != 2*len(cuda.Families) {
		t.Errorf("%d files in ptx for %d families: %v", len(files), len(cuda.Families), err)
	}
	sources, err := filepath.Glob("*.cu")
	if err != nil || len(sources) != len(cuda.Families) {
		t.Errorf("%d kernel files for %d families: %v", len(sources), len(cuda.Families), err)
	}
	for _, family := range cuda.Families {
		for _, dtype := range []string{"f32", "f64"} {
			file := filepath.Join("ptx", family+"_"+dtype+".ptx")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"// sources " + cuda.Fingerprint(family) + "\n", "\n.version 8.0\n", "\n.target sm_80\n"} {
				if !strings.Contains(string(text), want) {
					t.Errorf("%s lacks %q: run make generate", file, want)
				}
			}
		}
	}
}
