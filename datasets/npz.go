package datasets

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// An npz file is a zip archive of npy files, one per array, named NAME.npy.

// deflateRatio bounds what deflate can make of one byte: a record that claims more is a lie.
const deflateRatio = 1032

// maxZipEntries bounds the directory of an archive.
const maxZipEntries = 1 << 20

type npz struct {
	names []string
	files map[string]*zip.File
}

// isZip reports whether a file begins as a zip archive that holds anything does.
func isZip(head []byte) bool { return string(head[:min(4, len(head))]) == "PK\x03\x04" }

// sniffNPZ takes the archives that hold npy files and no torch pickle.
func sniffNPZ(head []byte, r io.ReaderAt, size int64) bool {
	if !isZip(head) || sniffPT(head, r, size) {
		return false
	}
	archive, err := zip.NewReader(r, size)
	return err == nil && slices.ContainsFunc(archive.File, func(f *zip.File) bool { return strings.HasSuffix(f.Name, ".npy") })
}

func openNPZ(r io.ReaderAt, size int64) (Container, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, formatError("npz", "%v", err)
	}
	if len(archive.File) > maxZipEntries {
		return nil, formatError("npz", "%d entries", len(archive.File))
	}
	c := &npz{files: map[string]*zip.File{}}
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, formatError("npz", "entry %q is not an npy file", f.Name)
		}
		if c.files[name] != nil {
			return nil, formatError("npz", "entry %q occurs twice", f.Name)
		}
		if err := plausible(f, size); err != nil {
			return nil, formatError("npz", "%v", err)
		}
		c.names = append(c.names, name)
		c.files[name] = f
	}
	return c, nil
}

// plausible reports an entry of an archive of the given size that claims more bytes than its compressed bytes can make.
func plausible(f *zip.File, size int64) error {
	limit := f.CompressedSize64
	if f.Method == zip.Deflate {
		limit *= deflateRatio
	}
	if f.CompressedSize64 > uint64(size) || f.UncompressedSize64 > limit {
		return fmt.Errorf("entry %q claims %d bytes from %d in a file of %d", f.Name, f.UncompressedSize64, f.CompressedSize64, size)
	}
	return nil
}

func (c *npz) Names() []string             { return slices.Clone(c.names) }
func (c *npz) Metadata() map[string]string { return nil }
func (c *npz) Close() error                { return nil }

// open reads the header of an entry and returns a reader of its elements.
func (c *npz) open(name string) (npyHeader, io.ReadCloser, error) {
	f := c.files[name]
	if f == nil {
		return npyHeader{}, nil, missing(name, c)
	}
	r, err := f.Open()
	if err != nil {
		return npyHeader{}, nil, formatError("npz", "entry %q: %v", f.Name, err)
	}
	h, err := readNPYHeader(r)
	if err == nil && uint64(h.size) > f.UncompressedSize64 {
		err = formatError("npy", "shape %v of %s needs %d bytes, the entry holds %d", h.info.Shape, h.info.Dtype, h.size, f.UncompressedSize64)
	}
	if err != nil {
		r.Close()
		return npyHeader{}, nil, fmt.Errorf("entry %q: %w", f.Name, err)
	}
	return h, r, nil
}

func (c *npz) Info(name string) (Info, error) {
	h, r, err := c.open(name)
	if err != nil {
		return Info{}, err
	}
	return h.info, r.Close()
}

func (c *npz) Array(name string) (Array, error) {
	h, r, err := c.open(name)
	if err != nil {
		return Array{}, err
	}
	defer r.Close()
	raw, err := readToEnd(r, h.size)
	if err != nil {
		return Array{}, formatError("npz", "entry %q: %v", c.files[name].Name, err)
	}
	return h.decode(raw), nil
}

// readToEnd reads n bytes and the end behind them, where an archive's reader compares the checksum. The caller has
// bounded n by the size of the file.
func readToEnd(r io.Reader, n int64) ([]byte, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, err
	}
	switch _, err := io.ReadFull(r, make([]byte, 1)); {
	case err == nil:
		return nil, fmt.Errorf("it holds more than %d bytes", n)
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return raw, nil
}

// WriteNPZ writes arrays, in the order of their names, as an npz archive without compression. The same arrays give the
// same bytes.
func WriteNPZ(w io.Writer, arrays map[string]Array) error {
	all, err := streamedAll(arrays)
	if err != nil {
		return fmt.Errorf("datasets: write npz: %w", err)
	}
	return writeNPZ(w, all)
}

func writeNPZ(w io.Writer, arrays map[string]streamed) error {
	archive := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		header := zip.FileHeader{Name: name + ".npy", Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		entry, err := archive.CreateHeader(&header)
		if err == nil {
			buffered := bufio.NewWriter(entry)
			err = errors.Join(writeNPY(buffered, arrays[name]), buffered.Flush())
		}
		if err != nil {
			return fmt.Errorf("datasets: write npz: %q: %w", name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("datasets: write npz: %w", err)
	}
	return nil
}

// WriteNPY writes one array as an npy file of version 1.
func WriteNPY(w io.Writer, a Array) error {
	s, err := a.streamed()
	if err == nil {
		err = writeNPY(w, s)
	}
	if err != nil {
		return fmt.Errorf("datasets: write npy: %w", err)
	}
	return nil
}

func writeNPY(w io.Writer, a streamed) error {
	descr := ""
	for code, d := range npyDtypes {
		if d == a.Dtype {
			descr = "<" + code
		}
	}
	if descr == "" {
		return fmt.Errorf("dtype %s has no place in this format", a.Dtype)
	}
	if a.Dtype.Size() == 1 {
		descr = "|" + descr[1:]
	}
	shape := "("
	for _, n := range a.Shape {
		shape += fmt.Sprintf("%d, ", n)
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s), }", descr, shape)
	const prefix = len(npyMagic) + 2 + 2
	header += strings.Repeat(" ", 63-(prefix+len(header))%64) + "\n" // elements begin at a multiple of 64
	start := binary.LittleEndian.AppendUint16([]byte(npyMagic+"\x01\x00"), uint16(len(header)))
	if _, err := w.Write(append(start, header...)); err != nil {
		return err
	}
	return a.write(w)
}
