package datasets

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// format is one file format: sniff tells from the first bytes (or, where these do not decide, from the rest) whether a
// file is in it, open reads the directory of such a file.
type format struct {
	name  string
	sniff func(head []byte, r io.ReaderAt, size int64) bool
	open  func(r io.ReaderAt, size int64) (Container, error)
}

// formats is the table of the formats, asked in this order.
func formats() []format {
	return []format{
		{"kmg", sniffKMG, openKMG},
		{"mat 7.3", sniffMAT73, openMAT73},
		{"hdf5", sniffH5, openHDF5},
		{"mat", sniffMAT, openMAT},
		{"npy", sniffNPY, openNPY},
		{"npz", sniffNPZ, openNPZ},
		{"pt", sniffPT, openPT},
		{"pt (legacy)", sniffLegacyPT, openLegacyPT},
		{"safetensors", sniffSafetensors, openSafetensors},
		{"mat 4", sniffMAT4, openMAT4},
	}
}

// recognise finds the format of a file by its content.
func recognise(r io.ReaderAt, size int64) (format, error) {
	if size == 0 {
		return format{}, formatError("file", "it is empty")
	}
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return format{}, err
	}
	names := ""
	for _, f := range formats() {
		if f.sniff(head, r, size) {
			return f, nil
		}
		names += " " + f.name
	}
	return format{}, formatError("file", "%s; the formats that can be read are%s", describe(head), names)
}

// describe says in words what a file of no known format looks like.
func describe(head []byte) string {
	signatures := []struct{ magic, what string }{
		{"\x89HDF\r\n\x1a\n", "it is an HDF5 file that was cut"},
		{"MATLAB 7.3 MAT-file", "it is a MATLAB version 7.3 file that was cut"},
		{"PK\x03\x04", "it is a zip archive that holds neither arrays nor a torch pickle, or it was cut"},
		{"\x80", "it is a pickle that torch.save did not write; save tensors with torch.save or arrays with numpy.savez"},
		{"\x1f\x8b", "it is compressed with gzip; decompress it first"},
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return s.what
		}
	}
	if isText(head) {
		return "it is text"
	}
	return "its content is unknown or damaged at the beginning"
}

// isText reports whether head begins a UTF-8 text without control characters.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 && len(head) >= utf8.UTFMax {
			return false
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		head = head[n:]
	}
	return true
}
