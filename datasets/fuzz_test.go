package datasets_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// fuzzOpen feeds a reader with variations of seeds, which wrap makes whole where a checksum or an archive around them would
// keep the variations from the parser. Whatever the bytes, opening and reading end with arrays whose bytes fit their shapes
// or with an error; memory is bounded by the size of the file.
func fuzzOpen(f *testing.F, wrap func(t testing.TB, b []byte) []byte, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "file")
	f.Fuzz(func(t *testing.T, content []byte) {
		content = wrap(t, content)
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		exercise(t, path)
		runtime.ReadMemStats(&after)
		// 64 MiB is what a tensor that repeats its storage may grow to, deflate can make 1032 bytes of one.
		if got, limit := after.TotalAlloc-before.TotalAlloc, uint64(100<<20+16*1032*len(content)); got > limit {
			t.Errorf("%d bytes were allocated for a file of %d", got, len(content))
		}
	})
}

func asIs(_ testing.TB, b []byte) []byte { return b }

func exercise(t *testing.T, path string) {
	c, err := datasets.Open(path)
	if err != nil {
		return
	}
	defer c.Close()
	names := c.Names()
	for _, name := range names[:min(len(names), 4)] {
		info, err := c.Info(name)
		if err != nil {
			continue
		}
		a, err := c.Array(name)
		if err != nil {
			continue
		}
		if a.Dtype != info.Dtype || !slices.Equal(a.Shape, info.Shape) || len(a.Raw) != a.Len()*a.Dtype.Size() {
			t.Errorf("%q: Info %v, Array %s %v of %d bytes", name, info, a.Dtype, a.Shape, len(a.Raw))
		}
	}
	if s, err := datasets.OpenSet(path, datasets.Keys{}); err == nil {
		s.Close()
	}
}

func FuzzOpenPT(f *testing.F) {
	pickle := "\x80\x02}" + text("u") + tensor(three, zero, three, one) + "s."
	storages := map[string][]byte{"0": make([]byte, 12)}
	fuzzOpen(f, func(t testing.TB, b []byte) []byte {
		if bytes.HasPrefix(b, []byte("PK")) || bytes.HasPrefix(b, legacyFile()[:15]) {
			return b
		}
		return torchZip(t, string(b), storages)
	}, torchZip(f, pickle, storages), []byte(pickle), legacyFile())
}

// legacyFile is a small torch file in the format before version 1.6.
func legacyFile() []byte {
	return []byte("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." + "\x80\x02M\xe9\x03." +
		"\x80\x02}" + text("little_endian") + "\x88s." + "\x80\x02" + tensor(three, zero, three, one) + "." +
		"\x80\x02]" + text("0") + "a." + "\x03\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40")
}

func FuzzOpenNPY(f *testing.F) {
	var b bytes.Buffer
	if err := datasets.WriteNPY(&b, counting(f, 2, 3)); err != nil {
		f.Fatal(err)
	}
	fuzzOpen(f, asIs, b.Bytes())
}

func FuzzOpenNPZ(f *testing.F) {
	var b bytes.Buffer
	if err := datasets.WriteNPZ(&b, map[string]datasets.Array{"x": counting(f, 2, 3), "y": counting(f, 2, 3)}); err != nil {
		f.Fatal(err)
	}
	var entry bytes.Buffer
	if err := datasets.WriteNPY(&entry, counting(f, 2, 3)); err != nil {
		f.Fatal(err)
	}
	fuzzOpen(f, func(t testing.TB, b []byte) []byte {
		if bytes.HasPrefix(b, []byte("PK")) {
			return b
		}
		var archive bytes.Buffer
		w := zip.NewWriter(&archive)
		for _, name := range []string{"x.npy", "y.npy"} {
			e, err := w.Create(name)
			if err == nil {
				_, err = e.Write(b)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return archive.Bytes()
	}, b.Bytes(), entry.Bytes())
}

// sample reads sample files as seeds.
func sample(f *testing.F, names ...string) [][]byte {
	root := os.Getenv("KOLMOGO_FORMATS")
	if root == "" {
		root = filepath.Join("..", "testdata", "formats")
	}
	var seeds [][]byte
	for _, name := range names {
		seed, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, seed)
	}
	return seeds
}

// FuzzOpenHDF5 begins with small files of the old structures, whose fields have no checksum, and of the new ones.
func FuzzOpenHDF5(f *testing.F) {
	fuzzOpen(f, asIs, sample(f, "hdf5/compact.h5", "hdf5/compound.h5", "hdf5/bitfield_enum.h5", "hdf5/fill_values.h5", "hdf5/empty.h5",
		"hdf5/unlimited_v110.h5", "hdf5/soft_link.h5", "pdebench/1D_diff-sorp_NA_NA.h5", "well/sphere_2D.hdf5")...)
}

func FuzzOpenMAT(f *testing.F) {
	fuzzOpen(f, asIs, sample(f, "mat/types_v5.mat", "mat/cell_struct_v5.mat", "mat/ns_v5.mat", "mat/types_v73.mat",
		"mat/cell_struct_v73_hdf5storage.mat")...)
}

func FuzzOpenSafetensors(f *testing.F) {
	var b bytes.Buffer
	arrays := map[string]datasets.Array{"x": counting(f, 2, 3), "y": counting(f, 2, 3)}
	if err := datasets.WriteSafetensors(&b, arrays, map[string]string{"a": "b"}); err != nil {
		f.Fatal(err)
	}
	fuzzOpen(f, asIs, b.Bytes())
}

func FuzzOpenKMG(f *testing.F) {
	path := filepath.Join(f.TempDir(), "seed.kmg")
	w, err := datasets.CreateKMG(path, testHeader())
	if err != nil {
		f.Fatal(err)
	}
	for i := range testRecords {
		if err := w.WriteRecord(i, testRecord(i)); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	seed, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	fuzzOpen(f, func(_ testing.TB, b []byte) []byte { // the checksum of the header: bytes 16 to 20, of those from 32 on
		b = bytes.Clone(b)
		if len(b) > 32 {
			n := min(uint64(binary.LittleEndian.Uint32(b[12:])), uint64(len(b)-32))
			binary.LittleEndian.PutUint32(b[16:], crc32.Checksum(b[32:32+n], crc32.MakeTable(crc32.Castagnoli)))
		}
		return b
	}, seed)
}

// TestLegacySeed: the seed of the fuzzer is a sound file, so that what it varies reaches behind the header.
func TestLegacySeed(t *testing.T) {
	path := write(t, "a.pt", func(b *bytes.Buffer) error { _, err := b.Write(legacyFile()); return err })
	c, err := datasets.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	a, err := c.Array("")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := a.Float64s(); err != nil || !slices.Equal(v, []float64{1, 2, 3}) {
		t.Errorf("%v, %v", v, err)
	}
}
