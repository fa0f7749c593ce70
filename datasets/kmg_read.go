package datasets

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
)

// recordSum begins the checksum of record i.
func recordSum(i int) uint32 {
	return crc32.Checksum(binary.LittleEndian.AppendUint64(nil, uint64(i)), castagnoli)
}

// checkRecord compares the checksum of record i, reading it once.
func (k *kmg) checkRecord(i int) error {
	r := io.NewSectionReader(k.r, k.at(i), k.stride)
	sum := recordSum(i)
	buffer := make([]byte, min(scratchBytes, k.stride))
	for rest := k.dataSize(); rest > 0; {
		chunk := buffer[:min(rest, int64(len(buffer)))]
		if _, err := io.ReadFull(r, chunk); err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
		sum = crc32.Update(sum, castagnoli, chunk)
		rest -= int64(len(chunk))
	}
	var tail [4]byte
	if _, err := io.ReadFull(r, tail[:]); err != nil {
		return fmt.Errorf("record %d: %w", i, err)
	}
	if binary.LittleEndian.Uint32(tail[:]) != sum {
		return formatError("kmg", "record %d was never written or is damaged; run the same generation again to complete the file", i)
	}
	return nil
}

// validRecords counts the sound records at the beginning.
func (k *kmg) validRecords(ctx context.Context) (int, error) {
	for i := range k.header.Count {
		if ctx.Err() != nil {
			return 0, fmt.Errorf("datasets: %w", context.Cause(ctx))
		}
		switch err := k.checkRecord(i); {
		case errors.Is(err, ErrFormat), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return i, nil
		case err != nil:
			return 0, fmt.Errorf("datasets: %w", err)
		}
	}
	return k.header.Count, nil
}

func (k *kmg) Names() []string {
	names := make([]string, len(k.header.Parts))
	for i, p := range k.header.Parts {
		names[i] = p.Name
	}
	return names
}

func (k *kmg) Metadata() map[string]string {
	text, _ := json.Marshal(k.header.Meta)
	return map[string]string{metadataMeta: string(text), "start": fmt.Sprint(k.header.Start)}
}

func (k *kmg) Close() error { return nil }

func (k *kmg) part(name string) (int, error) {
	i := slices.Index(k.Names(), name)
	if i < 0 {
		return 0, missing(name, k)
	}
	return i, nil
}

func (k *kmg) Info(name string) (Info, error) {
	i, err := k.part(name)
	if err != nil {
		return Info{}, err
	}
	p := k.header.Parts[i]
	return Info{p.Dtype, slices.Concat([]int{k.header.Count}, p.Shape)}, nil
}

// Array stacks the part of all records.
func (k *kmg) Array(name string) (Array, error) {
	info, err := k.Info(name)
	if err != nil {
		return Array{}, err
	}
	i, _ := k.part(name)
	size := k.offsets[i+1] - k.offsets[i]
	a := Array{info.Dtype, info.Shape, make([]byte, size*int64(k.header.Count))}
	for record := range k.header.Count {
		if err := (kmgPart{k, i}).read(a.Raw[int64(record)*size:int64(record+1)*size], record, 0); err != nil {
			return Array{}, err
		}
	}
	return a, nil
}

// kmgPart is the source of one part of the records; a record's checksum is compared when it is first read.
type kmgPart struct {
	*kmg
	part int
}

func (p kmgPart) read(dst []byte, record int, offset int64) error {
	if !p.sound[record].Load() {
		if err := p.checkRecord(record); err != nil {
			return err
		}
		p.sound[record].Store(true)
	}
	return readFull(p.r, dst, p.at(record)+p.offsets[p.part]+offset)
}

// set is the canonical view of a trajectory file: its own Meta, and the parameters of each record.
func (k *kmg) set(path string) (*Set, error) {
	s := &Set{Path: path, Meta: k.header.Meta}
	s.Meta.TrajectoryParameters = maps.Clone(s.Meta.TrajectoryParameters)
	for i, p := range k.header.Parts {
		if name, ok := strings.CutPrefix(p.Name, partParameter); ok && len(p.Shape) == 0 {
			a, err := k.Array(p.Name)
			if err != nil {
				return nil, err
			}
			values, err := a.Float64s()
			if err != nil {
				return nil, err
			}
			put(&s.Meta.TrajectoryParameters, name, values)
			continue
		}
		shape := slices.Concat([]int{k.header.Count}, p.Shape)
		var to *Fields
		switch p.Name {
		case KeyFields:
			to = &s.Fields
		case KeyInputs:
			to, shape = &s.Inputs, slices.Insert(shape, 1, 1)
		case KeyOutputs:
			to, shape = &s.Outputs, slices.Insert(shape, 1, 1)
		default:
			return nil, formatError("kmg", "part %q is unknown", p.Name)
		}
		if len(shape) < 4 {
			return nil, formatError("kmg", "part %q of shape %v is no field", p.Name, p.Shape)
		}
		fields, err := newStored(kmgPart{k, i}, p.Dtype, shape, path, p.Name)
		if err != nil {
			return nil, err
		}
		*to = fields
	}
	return s, nil
}
