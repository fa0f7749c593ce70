package train

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/kolmogo/kolmogo/internal/wholefile"
)

// A checkpoint file is a list of named parts:
//
//	magic "KOLMOCK1"
//	for each part: uint32 length of the name, uint64 length of the data, name, data, uint32 CRC-32C of all of these
//	a part with the empty name and no data
//
// All numbers are little-endian. Parts are "state" (JSON), "model" (JSON), "config" (JSON) and "var/NAME" for each variable, its exact bytes.
const checkpointMagic = "KOLMOCK1"

// part of a checkpoint.
type part struct {
	name string
	data []byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writeParts replaces the file at path by the parts, all or nothing.
func writeParts(path string, parts []part) error {
	var b bytes.Buffer
	b.WriteString(checkpointMagic)
	for _, p := range append(parts[:len(parts):len(parts)], part{}) {
		start := b.Len()
		b.Write(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(nil, uint32(len(p.name))), uint64(len(p.data))))
		b.WriteString(p.name)
		b.Write(p.data)
		b.Write(binary.LittleEndian.AppendUint32(nil, crc32.Checksum(b.Bytes()[start:], castagnoli)))
	}
	if err := wholefile.ReplaceBytes(path, b.Bytes()); err != nil {
		return fmt.Errorf("train: checkpoint %s: %w: the previous one is kept", path, err)
	}
	return nil
}

// readParts reads and verifies a checkpoint.
func readParts(path string) (map[string][]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("train: checkpoint: %w", err)
	}
	parts, err := parseParts(b)
	if err != nil {
		return nil, fmt.Errorf("%w %s: %w: take another checkpoint of the run, or start it again", ErrDamaged, path, err)
	}
	return parts, nil
}

func parseParts(b []byte) (map[string][]byte, error) {
	if !bytes.HasPrefix(b, []byte(checkpointMagic)) {
		return nil, errors.New("it is not a checkpoint of Kolmogo")
	}
	b = b[len(checkpointMagic):]
	parts := map[string][]byte{}
	previous := "its start"
	for {
		if len(b) < 16 {
			return nil, fmt.Errorf("it ends after %s: %w", previous, io.ErrUnexpectedEOF)
		}
		name, data := uint64(binary.LittleEndian.Uint32(b)), binary.LittleEndian.Uint64(b[4:])
		if name > 1<<12 || data > uint64(len(b)) || 12+name+data+4 > uint64(len(b)) {
			return nil, fmt.Errorf("the part after %s is cut or its lengths are damaged", previous)
		}
		end := 12 + name + data
		label := fmt.Sprintf("part %q", b[12:12+name])
		if crc32.Checksum(b[:end], castagnoli) != binary.LittleEndian.Uint32(b[end:]) {
			return nil, fmt.Errorf("%s fails its checksum", label)
		}
		if name == 0 {
			if len(b) != int(end)+4 {
				return nil, fmt.Errorf("%d bytes follow its end", len(b)-int(end)-4)
			}
			return parts, nil
		}
		parts[string(b[12:12+name])] = b[12+name : end]
		b, previous = b[end+4:], label
	}
}
