//go:build gpu

package cuda_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/cuda"
	"github.com/kolmogo/kolmogo/cuda/dl"
	"github.com/kolmogo/kolmogo/cuda/sim"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// library is cuBLAS: the machine's own, or a simulated one, made once for the test. calls counts the products that a simulated one made.
func library(t *testing.T, folder string, c sim.CUBLASConfig) (l *dl.BLAS, calls func() int) {
	t.Helper()
	if onDevice {
		l, err := dl.OpenBLAS(nil, nil)
		if err != nil {
			t.Skip(err)
		}
		return l, nil
	}
	calls, err := sim.CUBLAS(folder, c)
	if err != nil {
		t.Fatal(err)
	}
	if l, err = dl.OpenBLAS([]string{folder}, nil); err != nil {
		t.Fatal(err)
	}
	return l, calls
}

// TestLibraryInCapturedStep: products by the library are part of the one graph of a step, and training follows our own kernels'.
func TestLibraryInCapturedStep(t *testing.T) {
	l, calls := library(t, t.TempDir(), sim.CUBLASConfig{})
	for dt, tol := range tolerance {
		want := newTrainer(t, open(t, sim.Config{}, cuda.Config{}), dt).train(t, 10)
		p := newTrainer(t, open(t, sim.Config{}, cuda.Config{Library: l, Always: true}), dt)
		if calls == nil {
			near(t, dt.String(), p.train(t, 10), want, tol)
			continue
		}
		before := calls()
		graphs := sim.Counts().Graphs
		near(t, dt.String(), p.train(t, 10), want, tol)
		if now := sim.Counts().Graphs; now-graphs != 10 || calls() == before {
			t.Errorf("%v: 10 steps took %d graphs and %d products by the library", dt, now-graphs, calls()-before)
		}
	}
}

// TestLibraryRoundsAsAsked: products by the library, exact or in tf32 and bf16, are as near to the definition as ours.
func TestLibraryRoundsAsAsked(t *testing.T) {
	l, calls := library(t, t.TempDir(), sim.CUBLASConfig{})
	for _, r := range []cuda.Rounding{cuda.Exact, cuda.TF32, cuda.BF16} {
		b := open(t, sim.Config{}, cuda.Config{Library: l, Always: true, Products: r})
		if calls == nil {
			roundedProducts(t, b, r, roundings[r])
			continue
		}
		before := calls()
		roundedProducts(t, b, r, roundings[r])
		if calls() == before {
			t.Errorf("%q: the library made no product", r)
		}
	}
}

// TestChoiceIsMeasuredAndKept: the faster of library and kernel makes a product, and goes on to do so with a file of the choices even if
// times have changed, so that the bits stay.
func TestChoiceIsMeasuredAndKept(t *testing.T) {
	simulated(t, sim.Config{})
	folder := t.TempDir()
	file := filepath.Join(folder, "choices.json")
	run := func(ms float64, file string) (losses []float64, products int, choices []string) {
		l, calls := library(t, folder, sim.CUBLASConfig{Milliseconds: ms})
		b := open(t, sim.Config{}, cuda.Config{Library: l})
		if file != "" {
			if err := b.KeepChoices(file); err != nil {
				t.Fatal(err)
			}
		}
		p := newTrainer(t, b, op.Float32)
		before := calls()
		return p.train(t, 3), calls() - before, p.Choices()
	}
	fast, products, choices := run(.1, file)
	if products == 0 || !slices.ContainsFunc(choices, func(s string) bool { return strings.Contains(s, ": cuBLAS 12.0.0, 100 µs (our kernel 1e+03)") }) {
		t.Errorf("a fast library made %d products: %q", products, choices)
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	again, products, _ := run(10, file)
	if products == 0 || !slices.Equal(again, fast) {
		t.Errorf("with the choices kept: %d products by the library, losses %v, want %v", products, again, fast)
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, kept) {
		t.Errorf("the kept choices have changed: %s, %v", now, err)
	}
	if _, products, choices = run(10, ""); products != 0 || !slices.ContainsFunc(choices, func(s string) bool { return strings.Contains(s, ": our kernel") }) {
		t.Errorf("a slow library made %d products: %q", products, choices)
	}
	if err := os.WriteFile(file, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	l, _ := library(t, folder, sim.CUBLASConfig{})
	if err := open(t, sim.Config{}, cuda.Config{Library: l}).KeepChoices(file); !contains(err, "remove it") {
		t.Errorf("a file that is cut: %v", err)
	}
}

// TestLibraryFailure: what the library says of a product that it does not make ends the compilation, with the product.
func TestLibraryFailure(t *testing.T) {
	simulated(t, sim.Config{})
	l, _ := library(t, t.TempDir(), sim.CUBLASConfig{Fail: 13})
	b := open(t, sim.Config{}, cuda.Config{Library: l, Always: true})
	g := op.NewGraph()
	x := g.Input("x", op.Float32, op.Of(5, 5))
	_, err := engine.Compile(g, []op.Value{op.MatMul(x, x, false, false)}, nil, engine.NewStore(b))
	if !contains(err, "status 13: the kernel failed") || !contains(err, "float32 product 5 × 5 × 5") {
		t.Errorf("error is %v", err)
	}
}

// TestLibraryVersions: cuBLAS of CUDA 11, 12 and 13 is found by its soname, and says its version.
func TestLibraryVersions(t *testing.T) {
	simulated(t, sim.Config{})
	for _, version := range []int{11, 13} {
		l, _ := library(t, t.TempDir(), sim.CUBLASConfig{Version: version})
		if got := l.Version(); got != fmt.Sprint(version, ".0.0") || !strings.HasSuffix(l.Path, fmt.Sprint("libcublas.so.", version)) {
			t.Errorf("version %s of %s", got, l.Path)
		}
	}
}
