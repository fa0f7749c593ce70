package datasets

import (
	"archive/zip"
	"bufio"
	"io"
	"slices"
	"strings"
)

// torch.save since version 1.6 writes a zip archive without compression:
//
//	NAME/data.pkl    the pickle
//	NAME/data/KEY    one record per storage
//	NAME/byteorder   "little" or "big" (since 2.1)
//
// torch.jit.save writes the same with code; that is a program and is refused.

// torchPickle finds the pickle of an archive.
func torchPickle(archive *zip.Reader) *zip.File {
	i := slices.IndexFunc(archive.File, func(f *zip.File) bool {
		prefix, ok := strings.CutSuffix(f.Name, "data.pkl")
		return ok && (prefix == "" || strings.Index(prefix, "/") == len(prefix)-1)
	})
	if i < 0 {
		return nil
	}
	return archive.File[i]
}

func sniffPT(head []byte, r io.ReaderAt, size int64) bool {
	if !isZip(head) {
		return false
	}
	archive, err := zip.NewReader(r, size)
	return err == nil && torchPickle(archive) != nil
}

func openPT(r io.ReaderAt, size int64) (Container, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, formatError("pt", "%v", err)
	}
	if len(archive.File) > maxZipEntries {
		return nil, formatError("pt", "%d entries", len(archive.File))
	}
	program := torchPickle(archive)
	prefix := strings.TrimSuffix(program.Name, "data.pkl")
	records := map[string]*zip.File{}
	for _, f := range archive.File {
		name, ok := strings.CutPrefix(f.Name, prefix)
		if !ok || records[name] != nil {
			return nil, formatError("pt", "entry %q is out of place or occurs twice", f.Name)
		}
		if name == "constants.pkl" {
			return nil, formatError("pt", "it is a TorchScript archive, which holds code; save the state_dict instead")
		}
		if f.Method != zip.Store {
			return nil, formatError("pt", "entry %q is compressed, which torch.save never does", f.Name)
		}
		if err := plausible(f, size); err != nil {
			return nil, formatError("pt", "%v", err)
		}
		records[name] = f
	}

	file := newTorchFile()
	if order := records["byteorder"]; order != nil {
		text, err := readRecord(order, order.UncompressedSize64)
		if err != nil {
			return nil, err
		}
		file.swap = string(text) == "big"
	}
	pickled, err := program.Open()
	if err != nil {
		return nil, formatError("pt", "entry %q: %v", program.Name, err)
	}
	defer pickled.Close()
	object, err := file.machine().load(bufio.NewReader(pickled))
	if err == nil {
		err = file.flatten("", object, 0)
	}
	if err != nil {
		return nil, formatError("pt", "%v", err)
	}
	for key, s := range file.storages {
		record := records["data/"+key]
		if record == nil {
			return nil, formatError("pt", "the record of storage %q is missing", key)
		}
		if record.UncompressedSize64 != uint64(s.bytes) {
			return nil, formatError("pt", "the record of storage %q has %d bytes, the pickle says %d", key, record.UncompressedSize64, s.bytes)
		}
	}
	file.load = func(s *torchStorage) ([]byte, error) { return readRecord(records["data/"+s.key], uint64(s.bytes)) }
	return file, nil
}

// readRecord reads an entry of n bytes and compares its checksum.
func readRecord(f *zip.File, n uint64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, formatError("pt", "entry %q: %v", f.Name, err)
	}
	defer r.Close()
	raw, err := readToEnd(r, int64(n))
	if err != nil {
		return nil, formatError("pt", "entry %q: %v", f.Name, err)
	}
	return raw, nil
}
