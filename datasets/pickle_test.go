package datasets_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// torchZip is a torch file that holds the given pickle and storages.
func torchZip(t testing.TB, pickle string, storages map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add := func(name, content string) {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: "a/" + name, Method: zip.Store})
		if err == nil {
			_, err = io.WriteString(entry, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("data.pkl", pickle)
	for key, raw := range storages {
		add("data/"+key, string(raw))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// text is a short string in a pickle.
func text(s string) string { return fmt.Sprintf("\x8c%c%s", len(s), s) }

// tensor is a pickled float32 tensor over storage "0" of the given number of elements.
func tensor(elements string, offset, shape, stride string) string {
	return "ctorch._utils\n_rebuild_tensor_v2\n(" +
		"(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + elements + "tQ" +
		offset + "(" + shape + "t(" + stride + "t\x89)tR"
}

const (
	one   = "K\x01"
	zero  = "K\x00"
	three = "K\x03"
	minus = "J\xff\xff\xff\xff"
	huge  = "J\x00\x00\x00\x40" // 2³⁰
)

// TestPickleHostile: pickles that ask for loops, for more memory than the file has bytes, or for code are refused, and
// soon.
func TestPickleHostile(t *testing.T) {
	laughs := "]q\x00" // x₀ = []
	for i := range 60 {
		laughs += fmt.Sprintf("]q%c(h%ch%ce", i+1, i, i) // xᵢ₊₁ = [xᵢ, xᵢ]
	}
	call := func(function string) string { return "c" + function + "\n)R" }
	for name, body := range map[string]string{
		"list in itself":       "]q\x00h\x00a",
		"dict in itself":       "}q\x00" + text("a") + "h\x00s",
		"billion laughs":       laughs,
		"deep":                 strings.Repeat("]", 1000) + strings.Repeat("a", 999),
		"tuple key":            "})" + one + "s",
		"string of 2 GiB":      "X\xff\xff\xff\x7f",
		"bytes of 2^63":        "\x8e\x00\x00\x00\x00\x00\x00\x00\x80",
		"empty stack":          "a",
		"mark as value":        "(\x85",
		"unknown memo":         "h\x07",
		"no mark":              one + "t",
		"system":               call("posix\nsystem"),
		"new object":           "cposix\npopen\n)\x81",
		"state of a function":  "cposix\npopen\n}b",
		"call of a call":       call("collections\nOrderedDict") + ")R",
		"numpy":                call("numpy.core.multiarray\n_reconstruct"),
		"subclass of nothing":  call("torch._tensor\n_rebuild_from_type_v2"),
		"inner eval":           "ctorch._tensor\n_rebuild_from_type_v2\n(cbuiltins\neval\nctorch\nTensor\n)NtR",
		"persistent text":      text("storage") + "Q",
		"unknown storage":      "(" + text("storage") + "ctorch\nQInt8Storage\n" + text("0") + text("cpu") + one + "tQ",
		"behind the end":       tensor(three, one, three, one),
		"stride behind":        tensor(three, zero, "K\x02", three),
		"negative offset":      tensor(three, minus, one, one),
		"negative stride":      tensor(three, "K\x02", "K\x02", minus),
		"negative size":        tensor(three, zero, minus, one),
		"expanded to terabyte": tensor(three, zero, huge+huge, zero+zero),
		"expanded to 4 GiB":    tensor(three, zero, huge, zero),
		"storage of 4 GiB":     tensor(huge, zero, one, one),
		"no record":            strings.Replace(tensor(three, zero, three, one), text("0"), text("9"), 1),
		"one name twice": "}" + text("a/b") + tensor(three, zero, three, one) + "s" +
			text("a") + "}" + text("b") + tensor(three, zero, three, one) + "ss",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.pt")
			if err := os.WriteFile(path, torchZip(t, "\x80\x02"+body+".", map[string][]byte{"0": make([]byte, 12)}), 0o666); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			c, err := datasets.Open(path)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatalf("it holds %q", c.Names())
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 300<<20 {
				t.Errorf("%d bytes were allocated", n)
			}
		})
	}
}

// TestPickleTensor is the control of TestPickleHostile: the same pickles within their bounds are read.
func TestPickleTensor(t *testing.T) {
	storage := []byte{0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64} // 1, 2, 3
	for body, want := range map[string][]float64{
		tensor(three, zero, three, one):               {1, 2, 3},
		tensor(three, one, "K\x02", one):              {2, 3},
		tensor(three, one, "K\x02"+"K\x02", zero+one): {2, 3, 2, 3},
		tensor(three, "K\x02", "", ""):                {3},
		tensor(three, zero, "K\x02", "K\x02"):         {1, 3},
	} {
		path := filepath.Join(t.TempDir(), "a.pt")
		if err := os.WriteFile(path, torchZip(t, "\x80\x02"+body+".", map[string][]byte{"0": storage}), 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := datasets.Open(path)
		if err != nil {
			t.Errorf("%q: %v", body, err)
			continue
		}
		defer c.Close()
		a, err := c.Array("")
		if err != nil {
			t.Errorf("%q: %v", body, err)
			continue
		}
		got, err := a.Float64s()
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	}
}
