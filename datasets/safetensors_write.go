package datasets

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// WriteSafetensors writes arrays, in the order of their names, and metadata as a safetensors file. The same arrays give
// the same bytes: the header's keys are sorted and it is padded with spaces to a multiple of 8.
func WriteSafetensors(w io.Writer, arrays map[string]Array, metadata map[string]string) error {
	all, err := streamedAll(arrays)
	if err != nil {
		return fmt.Errorf("datasets: write safetensors: %w", err)
	}
	return writeSafetensors(w, all, metadata)
}

func writeSafetensors(w io.Writer, arrays map[string]streamed, metadata map[string]string) error {
	names := slices.Sorted(maps.Keys(arrays))
	header, err := safetensorsHeader(names, arrays, metadata)
	if err != nil {
		return fmt.Errorf("datasets: write safetensors: %w", err)
	}
	_, err = w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...))
	for _, name := range names {
		if err == nil {
			err = arrays[name].write(w)
		}
	}
	if err != nil {
		return fmt.Errorf("datasets: write safetensors: %w", err)
	}
	return nil
}

func safetensorsHeader(names []string, arrays map[string]streamed, metadata map[string]string) ([]byte, error) {
	codes := map[Dtype]string{}
	for code, d := range safetensorsDtypes {
		codes[d] = code
	}
	var header bytes.Buffer
	put := func(name string, value any) error {
		key, err := json.Marshal(name)
		if err != nil {
			return err
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		separator := ","
		if header.Len() == 0 {
			separator = "{"
		}
		fmt.Fprintf(&header, "%s%s:%s", separator, key, text)
		return nil
	}
	if len(metadata) > 0 {
		if err := put(safetensorsMetadata, metadata); err != nil {
			return nil, err
		}
	}
	at := int64(0)
	for _, name := range names {
		a := arrays[name]
		code, ok := codes[a.Dtype]
		if !ok || name == safetensorsMetadata {
			return nil, fmt.Errorf("%q of dtype %q cannot be stored in this format", name, a.Dtype)
		}
		size, err := a.size()
		if err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
		entry := safetensorsEntry{code, append([]int{}, a.Shape...), [2]int64{at, at + size}}
		if err := put(name, entry); err != nil {
			return nil, err
		}
		at = entry.Offsets[1]
	}
	if header.Len() == 0 {
		header.WriteByte('{')
	}
	header.WriteByte('}')
	for header.Len()%8 != 0 {
		header.WriteByte(' ')
	}
	return header.Bytes(), nil
}
