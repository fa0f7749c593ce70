package datasets

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"os"
	"reflect"
	"slices"
)

// KMGWriter writes a trajectory file record by record, in any order and from several goroutines.
type KMGWriter struct {
	kmg  *kmg
	file *os.File
}

// CreateKMG opens a trajectory file for writing. A file that exists is continued if its header agrees with h, but for
// Count, which may have grown; the error for one that does not agree names the key that differs.
func CreateKMG(path string, h KMGHeader) (*KMGWriter, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	k, err := startKMG(file, h)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("datasets: %s: %w", path, err)
	}
	return &KMGWriter{kmg: k, file: file}, nil
}

// startKMG writes the header, or compares it with the one that is there.
func startKMG(file *os.File, h KMGHeader) (*kmg, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	padding := (kmgAlign - (kmgPrefix+len(text))%kmgAlign) % kmgAlign
	text = append(text, bytes.Repeat([]byte(" "), padding)...)
	if len(text) > kmgMax {
		return nil, fmt.Errorf("a header of %d bytes is too long", len(text))
	}
	head := binary.LittleEndian.AppendUint32([]byte(kmgMagic), kmgVersion)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(text)))
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(text, castagnoli))
	head = append(head, 0, 0, 0, 0)
	head = binary.LittleEndian.AppendUint64(head, uint64(h.Count))
	head = append(head, text...)
	k, err := newKMG(file, h, int64(len(head)))
	if err != nil {
		return nil, err
	}
	stat, err := file.Stat()
	if err != nil {
		return nil, err
	}
	torn := false // killed while the header was written
	if size := stat.Size(); size < int64(len(head)) {
		there := make([]byte, size)
		if err := readFull(file, there, 0); err != nil {
			return nil, err
		}
		torn = bytes.HasPrefix(head, there)
	}
	if !torn {
		old, err := readKMGHeader(file, stat.Size())
		if err != nil {
			return nil, fmt.Errorf("it exists and cannot be continued: %w", err)
		}
		if key := differingKey(old.header, h); key != "" {
			return nil, fmt.Errorf("it exists and holds another recipe: %s differs; choose another file or delete this one", key)
		}
		if old.header.Count > h.Count {
			return nil, fmt.Errorf("it exists and holds %d records, not %d; choose another file or delete this one", old.header.Count, h.Count)
		}
	}
	_, err = file.WriteAt(head, 0)
	return k, err
}

// differingKey returns the JSON path of the first key in which two headers differ.
func differingKey(a, b KMGHeader) string {
	tree := func(h KMGHeader) (v any) {
		text, _ := json.Marshal(h)
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		_ = d.Decode(&v) // what Marshal wrote
		return v
	}
	return differing("", tree(a), tree(b))
}

func differing(path string, a, b any) string {
	x, ok1 := a.(map[string]any)
	y, ok2 := b.(map[string]any)
	if !ok1 || !ok2 {
		if reflect.DeepEqual(a, b) {
			return ""
		}
		return path
	}
	keys := map[string]bool{}
	for k := range x {
		keys[k] = true
	}
	for k := range y {
		keys[k] = true
	}
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		inner := k
		if path != "" {
			inner = path + "." + k
		}
		if found := differing(inner, x[k], y[k]); found != "" {
			return found
		}
	}
	return ""
}

// ValidRecords counts the sound records at the beginning of the file: where an interrupted generation continues.
func (w *KMGWriter) ValidRecords(ctx context.Context) (int, error) { return w.kmg.validRecords(ctx) }

// WriteRecord writes record i: the values of all parts, one after the other, each rounded to the dtype of its part.
func (w *KMGWriter) WriteRecord(i int, values []float64) error {
	k := w.kmg
	if i < 0 || i >= k.header.Count {
		return fmt.Errorf("datasets: %s: record %d is outside [0, %d)", w.file.Name(), i, k.header.Count)
	}
	raw := make([]byte, 0, k.stride)
	given := len(values)
	for _, p := range k.header.Parts {
		n := Array{Shape: p.Shape}.Len()
		if len(values) < n {
			return fmt.Errorf("datasets: %s: record %d: %d values are too few", w.file.Name(), i, given)
		}
		for _, v := range values[:n] {
			if p.Dtype == Float32 {
				raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
			} else {
				raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
			}
		}
		values = values[n:]
	}
	if len(values) > 0 {
		return fmt.Errorf("datasets: %s: record %d: %d values are too many", w.file.Name(), i, given)
	}
	raw = binary.LittleEndian.AppendUint32(raw, crc32.Update(recordSum(i), castagnoli, raw))
	raw = append(raw, make([]byte, k.stride-int64(len(raw)))...)
	if _, err := w.file.WriteAt(raw, k.at(i)); err != nil {
		return fmt.Errorf("datasets: record %d: %w", i, err)
	}
	return nil
}

// Close brings the file to the disk. Its error means that the file may not be whole.
func (w *KMGWriter) Close() error {
	if err := errors.Join(w.file.Sync(), w.file.Close()); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}
