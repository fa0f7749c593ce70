package datasets_test

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

const testRecords = 7

func testHeader() datasets.KMGHeader {
	return datasets.KMGHeader{
		Meta: datasets.Meta{Name: "test", Equation: "burgers", Channels: []string{"u"}, Recipe: "points: 6", Seed: 5,
			Axes:       []datasets.Axis{{Name: "x", Coords: []float64{0, 1, 2, 3, 4, 5}, Low: datasets.Periodic, High: datasets.Periodic}},
			Times:      []float64{0, 0.5, 1},
			Parameters: map[string]float64{"nu": 0.01}},
		Parts: []datasets.Part{
			{Name: datasets.KeyFields, Dtype: datasets.Float32, Shape: []int{3, 6, 1}},
			{Name: "parameters/force", Dtype: datasets.Float64, Shape: []int{}},
		},
		Count: testRecords,
	}
}

// testRecord is record i: exact in float32, so that it can be compared.
func testRecord(i int) []float64 {
	values := make([]float64, 3*6+1)
	for j := range values {
		values[j] = float64(100*i+j) / 8
	}
	return values
}

// writeKMG writes records in the given order.
func writeKMG(t *testing.T, path string, order []int) {
	t.Helper()
	w, err := datasets.CreateKMG(path, testHeader())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range order {
		if err := w.WriteRecord(i, testRecord(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func ascending(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestKMGRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.kmg")
	writeKMG(t, path, ascending(testRecords))
	s, err := datasets.OpenSet(path, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if shape := s.Fields.Shape(); !slices.Equal(shape, []int{testRecords, 3, 6, 1}) {
		t.Fatalf("shape %v", shape)
	}
	want := testHeader().Meta
	if s.Meta.Recipe != want.Recipe || s.Meta.Seed != want.Seed || !slices.Equal(s.Meta.Times, want.Times) ||
		!slices.Equal(s.Meta.Axes[0].Coords, want.Axes[0].Coords) || s.Meta.Axes[0].High != datasets.Periodic ||
		!maps.Equal(s.Meta.Parameters, want.Parameters) {
		t.Errorf("meta %+v, want %+v", s.Meta, want)
	}
	frames := make([]float32, 2*6)
	for i := range testRecords {
		if err := s.Fields.ReadFrames(frames, i, 1, 2); err != nil {
			t.Fatal(err)
		}
		record := testRecord(i)
		for j, got := range frames {
			if float64(got) != record[6+j] {
				t.Errorf("record %d: value %d is %v, want %v", i, 6+j, got, record[6+j])
			}
		}
		if got := s.Meta.TrajectoryParameters["force"][i]; got != record[18] {
			t.Errorf("parameter of record %d is %v, want %v", i, got, record[18])
		}
	}
	if err := s.Fields.ReadFrames(frames, 0, 2, 2); err == nil {
		t.Error("frames behind the last one were read")
	}
}

// TestKMGOrder: the bytes do not depend on the order, nor on the number of goroutines that write.
func TestKMGOrder(t *testing.T) {
	folder := t.TempDir()
	writeKMG(t, filepath.Join(folder, "forward"), ascending(testRecords))
	order := rand.New(rand.NewPCG(3, 0)).Perm(testRecords)
	writeKMG(t, filepath.Join(folder, "shuffled"), order)
	w, err := datasets.CreateKMG(filepath.Join(folder, "parallel"), testHeader())
	if err != nil {
		t.Fatal(err)
	}
	var workers sync.WaitGroup
	for i := range testRecords {
		workers.Go(func() {
			if err := w.WriteRecord(i, testRecord(i)); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := readFile(t, filepath.Join(folder, "forward"))
	for _, name := range []string{"shuffled", "parallel"} {
		if !bytes.Equal(readFile(t, filepath.Join(folder, name)), want) {
			t.Errorf("%s differs from the file that was written in order", name)
		}
	}
}

// TestKMGResume cuts a file at every length and continues it: the result is the uninterrupted file.
func TestKMGResume(t *testing.T) {
	folder := t.TempDir()
	whole, cut := filepath.Join(folder, "whole"), filepath.Join(folder, "cut")
	writeKMG(t, whole, ascending(testRecords))
	want := readFile(t, whole)
	stride := (3*6*4 + 8 + 4 + 7) / 8 * 8
	begin := len(want) - testRecords*stride
	for length := 0; length < len(want); length += 37 {
		if err := os.WriteFile(cut, want[:length], 0o666); err != nil {
			t.Fatal(err)
		}
		w, err := datasets.CreateKMG(cut, testHeader())
		if err != nil {
			t.Fatalf("cut at %d: %v", length, err)
		}
		valid, err := w.ValidRecords(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// A record is whole without the 4 zeros at its end.
		if n := max(0, length-begin+4) / stride; valid != n {
			t.Errorf("cut at %d: %d valid records, want %d", length, valid, n)
		}
		for i := valid; i < testRecords; i++ {
			if err := w.WriteRecord(i, testRecord(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(readFile(t, cut), want) {
			t.Fatalf("cut at %d: the continued file differs", length)
		}
	}
}

// TestKMGGrow: a file of a few records that is continued to more is the file of more.
func TestKMGGrow(t *testing.T) {
	folder := t.TempDir()
	grown, whole := filepath.Join(folder, "grown"), filepath.Join(folder, "whole")
	writeKMG(t, whole, ascending(testRecords))
	h := testHeader()
	h.Count = 3
	w, err := datasets.CreateKMG(grown, h)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := w.WriteRecord(i, testRecord(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteRecord(3, testRecord(3)); err == nil {
		t.Error("a record behind the last one was written")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	writeKMG(t, grown, []int{3, 4, 5, 6})
	if !bytes.Equal(readFile(t, grown), readFile(t, whole)) {
		t.Error("the grown file differs")
	}
	if _, err := datasets.CreateKMG(grown, h); err == nil {
		t.Error("a longer file was taken for a shorter one")
	}
}

// TestKMGRefuses: another recipe, seed or layout, a file of another kind, a damaged or missing record.
func TestKMGRefuses(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.kmg")
	writeKMG(t, path, ascending(testRecords))
	for key, change := range map[string]func(h *datasets.KMGHeader){
		"meta.seed":          func(h *datasets.KMGHeader) { h.Meta.Seed++ },
		"meta.recipe":        func(h *datasets.KMGHeader) { h.Meta.Recipe += "\nnu: 0.1" },
		"meta.parameters.nu": func(h *datasets.KMGHeader) { h.Meta.Parameters["nu"] = 0.02 },
		"start":              func(h *datasets.KMGHeader) { h.Start = 1 },
		"parts":              func(h *datasets.KMGHeader) { h.Parts[0].Dtype = datasets.Float64 },
	} {
		h := testHeader()
		change(&h)
		if _, err := datasets.CreateKMG(path, h); err == nil || !strings.Contains(err.Error(), key+" differs") {
			t.Errorf("another %s: %v", key, err)
		}
	}
	other := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(other, []byte("important"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := datasets.CreateKMG(other, testHeader()); err == nil || string(readFile(t, other)) != "important" {
		t.Errorf("a text file was overwritten: %v", err)
	}
	if err := mustCreate(t, path).WriteRecord(0, make([]float64, 3)); err == nil {
		t.Error("a short record was written")
	}

	whole := readFile(t, path)
	for name, damage := range map[string]func([]byte) []byte{
		"header":  func(b []byte) []byte { b[40] ^= 1; return b },
		"record":  func(b []byte) []byte { b[len(b)-50] ^= 1; return b },
		"missing": func(b []byte) []byte { clear(b[len(b)-88:]); return b },
		"cut":     func(b []byte) []byte { return b[:len(b)-1] },
		"longer":  func(b []byte) []byte { return append(b, 0) },
		"swapped": func(b []byte) []byte {
			end, half := len(b)-88, slices.Clone(b[len(b)-88:])
			copy(b[end:], b[end-88:end])
			copy(b[end-88:], half)
			return b
		},
	} {
		bad := filepath.Join(folder, name)
		if err := os.WriteFile(bad, damage(slices.Clone(whole)), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := datasets.OpenSet(bad, datasets.Keys{}); !errors.Is(err, datasets.ErrFormat) || !strings.Contains(err.Error(), bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func mustCreate(t *testing.T, path string) *datasets.KMGWriter {
	t.Helper()
	w, err := datasets.CreateKMG(path, testHeader())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// TestKMGPairs writes inputs and outputs.
func TestKMGPairs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pairs.kmg")
	w, err := datasets.CreateKMG(path, datasets.KMGHeader{
		Parts: []datasets.Part{
			{Name: datasets.KeyInputs, Dtype: datasets.Float32, Shape: []int{2, 2, 1}},
			{Name: datasets.KeyOutputs, Dtype: datasets.Float64, Shape: []int{2, 2, 2}},
		},
		Count: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteRecord(0, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := datasets.OpenSet(path, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !s.Pairs() || !slices.Equal(readAll(t, s.Inputs), []float64{1, 2, 3, 4}) || !slices.Equal(readAll(t, s.Outputs), []float64{5, 6, 7, 8, 9, 10, 11, 12}) {
		t.Errorf("pairs %v: %v, %v", s.Pairs(), readAll(t, s.Inputs), readAll(t, s.Outputs))
	}
	if s.Outputs.Dtype() != datasets.Float64 || !slices.Equal(s.Meta.Channels, []string{"u0", "u1"}) {
		t.Errorf("outputs %s, channels %q", s.Outputs.Dtype(), s.Meta.Channels)
	}
}
