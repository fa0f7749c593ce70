package datasets

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"
)

// compress compresses with the standard library.
func compress(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestInflate: what was compressed comes back, from all kinds of blocks; each flipped bit or missing end is an error or is seen by the
// checksum.
func TestInflate(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var inflate inflater
	for _, size := range []int{0, 1, 7, 300, 70_000, 300_000} {
		for kind := range 4 {
			data := make([]byte, size)
			for i := range data {
				switch kind {
				case 0: // nothing to compress
					data[i] = byte(random.Uint32())
				case 1: // skewed: long codes
					data[i] = byte(random.ExpFloat64() * 12)
				case 2: // repeats near and far
					if i > 0 && random.IntN(50) != 0 {
						data[i] = data[i-1-random.IntN(min(i, 3))]
					} else {
						data[i] = byte(random.Uint32())
					}
				}
			}
			for _, level := range []int{zlib.NoCompression, zlib.BestSpeed, zlib.BestCompression, zlib.HuffmanOnly} {
				raw := compress(t, data, level)
				got, err := inflate.zlib(raw, size, false)
				if err != nil || !bytes.Equal(got, data) {
					t.Fatalf("size %d, kind %d, level %d: %v", size, kind, level, err)
				}
				if size > 0 {
					if got, err := inflate.zlib(raw, size-1, false); err == nil {
						t.Fatalf("size %d, kind %d, level %d: %d bytes came of fewer", size, kind, level, len(got))
					}
				}
				if got, err := inflate.zlib(raw[:len(raw)-1], size, false); err == nil {
					t.Fatalf("size %d: %d bytes came of a cut stream", size, len(got))
				}
				for range 20 {
					bad := bytes.Clone(raw)
					bad[random.IntN(len(bad))] ^= 1 << random.IntN(8)
					if got, err := inflate.zlib(bad, size, false); err == nil && !bytes.Equal(got, data) {
						t.Fatalf("size %d, kind %d, level %d: damage was not seen", size, kind, level)
					}
				}
			}
		}
	}
}

// FuzzInflate: the standard library and this decompressor give the same bytes, or both refuse.
func FuzzInflate(f *testing.F) {
	f.Add(compress(f, []byte("abcabcabcabcabcdefabc"), zlib.BestCompression))
	f.Add(compress(f, bytes.Repeat([]byte("0123456789"), 100), zlib.BestSpeed))
	f.Add(compress(f, []byte("stored"), zlib.NoCompression))
	f.Fuzz(func(t *testing.T, raw []byte) {
		const most = 1 << 16
		var inflate inflater
		got, err := inflate.zlib(raw, most, false)
		if err != nil {
			return // it may be stricter: about incomplete codes, dictionaries
		}
		r, err := zlib.NewReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, want %d: %v", len(got), len(want), err)
		}
	})
}
