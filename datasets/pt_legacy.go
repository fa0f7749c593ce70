package datasets

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"slices"
)

// torch.save before version 1.6 wrote, one after the other,
//
//	a pickle of the number 0x1950a86a20f9469cfc6c
//	a pickle of the protocol version, 1001
//	a pickle of {"little_endian": bool, ..}
//	the pickle of the object
//	a pickle of the list of the storages' keys
//	for each key: the number of elements (8 bytes) and the elements, in the byte order named above

const (
	legacyMagic   = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
	legacyVersion = 1001
)

func sniffLegacyPT(head []byte, _ io.ReaderAt, _ int64) bool {
	return bytes.HasPrefix(head, []byte(legacyMagic))
}

func openLegacyPT(r io.ReaderAt, size int64) (Container, error) {
	section := io.NewSectionReader(r, int64(len(legacyMagic)), size-int64(len(legacyMagic)))
	buffered := bufio.NewReader(section)
	file := newTorchFile()
	machine := file.machine()
	var pickles [4]any
	for i := range pickles {
		v, err := machine.load(buffered)
		if err != nil {
			return nil, formatError("pt (legacy)", "%v", err)
		}
		pickles[i] = v
	}
	version, system, object, listed := pickles[0], pickles[1], pickles[2], pickles[3]
	if version != any(int64(legacyVersion)) {
		return nil, formatError("pt (legacy)", "protocol version %v is unknown", version)
	}
	if d, ok := system.(*pyDict); ok {
		i := slices.Index(d.keys, any("little_endian"))
		file.swap = i >= 0 && d.values[i] == any(false)
	}
	if err := file.flatten("", object, 0); err != nil {
		return nil, formatError("pt (legacy)", "%v", err)
	}
	keys, ok := listed.(*pyList)
	if !ok {
		return nil, formatError("pt (legacy)", "the list of storages is missing")
	}
	read, err := section.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	return file, file.locate(r, size, int64(len(legacyMagic))+read-int64(buffered.Buffered()), keys.items)
}

// locate finds the storages, which begin at byte at of the file, and checks that the file holds them all.
func (f *torchFile) locate(r io.ReaderAt, size, at int64, keys []any) error {
	begin := map[string]int64{}
	for _, k := range keys {
		key, ok := k.(string)
		s := f.storages[key]
		if _, twice := begin[key]; !ok || s == nil || twice {
			return formatError("pt (legacy)", "storage %v is unknown or occurs twice", k)
		}
		if size-at < 8 {
			return formatError("pt (legacy)", "the file was cut before storage %q", key)
		}
		var word [8]byte
		if _, err := r.ReadAt(word[:], at); err != nil {
			return err
		}
		count := int64(binary.LittleEndian.Uint64(word[:]))
		if f.swap {
			count = int64(binary.BigEndian.Uint64(word[:]))
		}
		if element := int64(max(s.dtype.Size(), 1)); count != s.bytes/element {
			return formatError("pt (legacy)", "storage %q has %d elements, the pickle says %d", key, count, s.bytes/element)
		}
		at += 8
		if size-at < s.bytes {
			return formatError("pt (legacy)", "the file was cut inside storage %q", key)
		}
		begin[key] = at
		at += s.bytes
	}
	for key := range f.storages {
		if _, ok := begin[key]; !ok {
			return formatError("pt (legacy)", "storage %q is missing", key)
		}
	}
	f.load = func(s *torchStorage) ([]byte, error) {
		return readToEnd(io.NewSectionReader(r, begin[s.key], s.bytes), s.bytes)
	}
	return nil
}
