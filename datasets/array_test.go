package datasets_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// every is all dtypes.
var every = []datasets.Dtype{
	datasets.Bool, datasets.Int8, datasets.Int16, datasets.Int32, datasets.Int64, datasets.Uint8, datasets.Uint16,
	datasets.Uint32, datasets.Uint64, datasets.Float16, datasets.Bfloat16, datasets.Float32, datasets.Float64,
	datasets.Complex64, datasets.Complex128,
}

// randomArrays makes one array of every dtype, an empty one and a scalar.
func randomArrays(seed uint64) map[string]datasets.Array {
	random := rand.New(rand.NewPCG(seed, 0))
	arrays := map[string]datasets.Array{
		"empty":  {Dtype: datasets.Float32, Shape: []int{0, 4}, Raw: []byte{}},
		"scalar": {Dtype: datasets.Float64, Shape: []int{}, Raw: make([]byte, 8)},
	}
	for _, d := range every {
		shape := []int{1 + random.IntN(3), 1 + random.IntN(4), 1 + random.IntN(5)}
		a := datasets.Array{Dtype: d, Shape: shape}
		a.Raw = make([]byte, a.Len()*d.Size())
		for i := range a.Raw {
			a.Raw[i] = byte(random.Uint32())
			if d == datasets.Bool {
				a.Raw[i] &= 1
			}
		}
		arrays["d/"+string(d)] = a
	}
	return arrays
}

func equal(a, b datasets.Array) bool {
	return a.Dtype == b.Dtype && slices.Equal(a.Shape, b.Shape) && bytes.Equal(a.Raw, b.Raw)
}

// TestHalfExact compares the conversion of every binary16 number with (−1)^s 2^(e−15) (1 + m/1024).
func TestHalfExact(t *testing.T) {
	raw := make([]byte, 0, 2<<16)
	for h := range 1 << 16 {
		raw = append(raw, byte(h), byte(h>>8))
	}
	values, err := datasets.Array{Dtype: datasets.Float16, Shape: []int{1 << 16}, Raw: raw}.Float64s()
	if err != nil {
		t.Fatal(err)
	}
	for h, got := range values {
		e, m := h>>10&31, float64(h&1023)/1024
		want := math.Ldexp(1+m, e-15)
		switch {
		case e == 0:
			want = math.Ldexp(m, -14)
		case e == 31 && m == 0:
			want = math.Inf(1)
		case e == 31:
			want = math.NaN()
		}
		if h>>15 == 1 {
			want = -want
		}
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != (h>>15 == 1) {
			t.Fatalf("%#04x is %v, want %v", h, got, want)
		}
	}
}

func TestNewArrayRoundTrip(t *testing.T) {
	want := []float64{0, -1.5, math.Pi, math.MaxFloat64, math.Inf(-1), 1e-310}
	a, err := datasets.NewArray(want, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.Float64s(); err != nil || !slices.Equal(got, want) {
		t.Errorf("float64: %v, %v, want %v", got, err, want)
	}
	b, err := datasets.NewArray([]float32{1, -0.1, 3e38}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := b.Float32s(); err != nil || !slices.Equal(got, []float32{1, -0.1, 3e38}) {
		t.Errorf("float32: %v, %v", got, err)
	}
}

// TestShapeOverflow asks for errors, not for wrong sizes or allocations, where a shape is too large.
func TestShapeOverflow(t *testing.T) {
	for _, shape := range [][]int{{math.MaxInt, 2}, {1 << 32, 1 << 31}, {-1}, {1 << 61}, {0, math.MaxInt, math.MaxInt}} {
		a := datasets.Array{Dtype: datasets.Float64, Shape: shape}
		if slices.Contains(shape, 0) {
			a.Shape = shape[:2] // empty is fine
			if v, err := a.Float64s(); err != nil || len(v) != 0 {
				t.Errorf("shape %v: %v, %v", a.Shape, v, err)
			}
			continue
		}
		if _, err := a.Float64s(); err == nil {
			t.Errorf("shape %v was accepted", shape)
		}
	}
	if _, err := datasets.NewArray([]float32{1}, 2); err == nil {
		t.Error("one value was accepted for two elements")
	}
}

// write calls a writer twice, asks for equal bytes and returns the path of the file.
func write(t *testing.T, name string, to func(b *bytes.Buffer) error) string {
	t.Helper()
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := to(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("%s: two writes differ", name)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, first.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestContainersRoundTrip writes arrays of every dtype that a format has and reads them again.
func TestContainersRoundTrip(t *testing.T) {
	without := func(arrays map[string]datasets.Array, missing ...datasets.Dtype) map[string]datasets.Array {
		for name, a := range arrays {
			if slices.Contains(missing, a.Dtype) {
				delete(arrays, name)
			}
		}
		return arrays
	}
	tensors := without(randomArrays(1), datasets.Complex128)
	metadata := map[string]string{"about": "ν \"quoted\"\n", "": "empty key"}
	arrays := without(randomArrays(2), datasets.Bfloat16)
	for _, c := range []struct {
		file   string
		arrays map[string]datasets.Array
		write  func(b *bytes.Buffer) error
	}{
		{"a.safetensors", tensors, func(b *bytes.Buffer) error { return datasets.WriteSafetensors(b, tensors, metadata) }},
		{"b.npz", arrays, func(b *bytes.Buffer) error { return datasets.WriteNPZ(b, arrays) }},
		{"c.npy", map[string]datasets.Array{"": arrays["d/int16"]}, func(b *bytes.Buffer) error { return datasets.WriteNPY(b, arrays["d/int16"]) }},
	} {
		t.Run(c.file, func(t *testing.T) {
			file, err := datasets.Open(write(t, c.file, c.write))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if len(file.Names()) != len(c.arrays) {
				t.Errorf("%d arrays, want %d", len(file.Names()), len(c.arrays))
			}
			for name, want := range c.arrays {
				if got, err := file.Array(name); err != nil || !equal(got, want) {
					t.Errorf("%q: %v %v, %v", name, got.Dtype, got.Shape, err)
				}
			}
			if c.file == "a.safetensors" && (file.Metadata()["about"] != metadata["about"] || file.Metadata()[""] != metadata[""]) {
				t.Errorf("metadata %q", file.Metadata())
			}
			if _, err := file.Array("none"); err == nil {
				t.Error("an array that is not there was read")
			}
		})
	}
}

// TestWritersRefuse asks for errors where an array does not fit a format or its own shape.
func TestWritersRefuse(t *testing.T) {
	bad := map[string]datasets.Array{"u": {Dtype: datasets.Float32, Shape: []int{2}, Raw: make([]byte, 4)}}
	complex128 := map[string]datasets.Array{"u": {Dtype: datasets.Complex128, Shape: []int{1}, Raw: make([]byte, 16)}}
	bfloat16 := map[string]datasets.Array{"u": {Dtype: datasets.Bfloat16, Shape: []int{1}, Raw: make([]byte, 2)}}
	var b bytes.Buffer
	for name, err := range map[string]error{
		"short safetensors": datasets.WriteSafetensors(&b, bad, nil),
		"short npz":         datasets.WriteNPZ(&b, bad),
		"complex128":        datasets.WriteSafetensors(&b, complex128, nil),
		"bfloat16":          datasets.WriteNPZ(&b, bfloat16),
	} {
		if err == nil {
			t.Errorf("%s was written", name)
		}
	}
}
