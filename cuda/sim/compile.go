//go:build gpu

package sim

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/kolmogo/kolmogo/cuda"
)

// Compiler returns a function that makes host libraries of kernel sources in a folder, by g++: what it returns stands for PTX.
func Compiler(folder string) (func(source, name string) ([]byte, error), error) {
	for name, text := range cuda.Headers() {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "sim"), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, "sim", "cudasim.h"), []byte(cudasim), 0o644); err != nil {
		return nil, err
	}
	return func(source, name string) ([]byte, error) {
		types := "typedef float real;\ntypedef double other;\n#define NAME(n) n##_f32\n"
		if strings.HasSuffix(name, "_f64") {
			types = "typedef double real;\ntypedef float other;\n#define NAME(n) n##_f64\n"
		}
		file, library := filepath.Join(folder, name+".cpp"), filepath.Join(folder, name+".so")
		if err := os.WriteFile(file, []byte(types+source), 0o644); err != nil {
			return nil, err
		}
		out, err := exec.Command("g++", "-std=c++17", "-O1", "-fPIC", "-shared", "-fno-gnu-unique", "-Wno-unknown-pragmas", file, "-o", library).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("sim: g++: %w\n%s%s", err, out, source)
		}
		return []byte(".version 8.0\n// host library " + library + "\n"), nil
	}, nil
}
