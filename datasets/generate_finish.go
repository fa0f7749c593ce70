package datasets

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// partSuffix ends the name of a file that is not whole yet.
const partSuffix = ".part"

func fileThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// finisher makes a file of another format, at a path beside the one that it will have, of the records of a trajectory file.
type finisher func(ctx context.Context, p *Problem, records *kmg, partial, path string) error

// finishers is the table of the formats that are made of a trajectory file.
func finishers() map[string]finisher {
	return map[string]finisher{".npz": finishNPZ, ".safetensors": finishSafetensors, ".h5": finishHDF5, ".hdf5": finishHDF5}
}

// finish makes the file at path of its records, all or nothing, and removes them.
func (p *Problem) finish(ctx context.Context, path, records string, finish finisher) error {
	file, err := os.Open(records)
	if err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	c, err := openKMG(file, stat.Size())
	if err != nil {
		return fmt.Errorf("datasets: %s: %w", records, err)
	}
	partial := path + partSuffix
	if err := finish(ctx, p, c.(*kmg), partial, path); err != nil {
		return errors.Join(fmt.Errorf("datasets: %s: %w", path, err), os.Remove(partial))
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	if err := os.Remove(records); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}

func finishHDF5(ctx context.Context, p *Problem, records *kmg, partial, path string) error {
	layout := PDEBench
	if strings.HasSuffix(strings.TrimSuffix(path, filepath.Ext(path)), ".well") {
		layout = TheWell
	}
	w, err := CreateHDF5(partial, layout, p.Meta, p.Parts, records.header.Count)
	if err != nil {
		return err
	}
	for i := range records.header.Count {
		values, err := records.values(i)
		if err == nil {
			err = context.Cause(ctx)
		}
		if err == nil {
			err = w.WriteRecord(i, values)
		}
		if err != nil {
			return errors.Join(err, w.Close())
		}
	}
	return w.Close()
}

func finishNPZ(ctx context.Context, p *Problem, records *kmg, partial, _ string) error {
	return writeFinished(ctx, p, records, partial, writeNPZ)
}

func finishSafetensors(ctx context.Context, p *Problem, records *kmg, partial, _ string) error {
	meta, err := json.Marshal(p.Meta)
	if err != nil {
		return err
	}
	about := map[string]string{metadataMeta: string(meta), "start": fmt.Sprint(records.header.Start)}
	return writeFinished(ctx, p, records, partial, func(w io.Writer, arrays map[string]streamed) error {
		return writeSafetensors(w, arrays, about)
	})
}

// writeFinished writes the arrays of the records with a writer of arrays.
func writeFinished(ctx context.Context, p *Problem, records *kmg, partial string, write func(io.Writer, map[string]streamed) error) error {
	arrays, err := records.arrays(ctx, p.Meta)
	if err != nil {
		return err
	}
	f, err := os.Create(partial)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(write(b, arrays), b.Flush(), f.Sync(), f.Close())
}

// arrays are the parts of all records by their names, with the coordinates of the axes by theirs, the times as t and the parameters as
// scalars. Inputs and outputs of one channel go without its axis, as such files do.
func (k *kmg) arrays(ctx context.Context, m Meta) (map[string]streamed, error) {
	arrays := map[string]streamed{}
	for j, part := range k.header.Parts {
		shape := slices.Concat([]int{k.header.Count}, part.Shape)
		if last := len(shape) - 1; (part.Name == KeyInputs || part.Name == KeyOutputs) && shape[last] == 1 {
			shape = shape[:last]
		}
		arrays[part.Name] = streamed{part.Dtype, shape, func(w io.Writer) error { return k.copyPart(ctx, w, j) }}
	}
	lines := map[string][]float64{}
	for _, axis := range m.Axes {
		lines[axis.Name] = axis.Coords
	}
	if m.Times != nil {
		lines["t"] = m.Times
	}
	add := func(name string, values []float64, shape ...int) error {
		a, err := NewArray(values, shape...)
		if err == nil {
			arrays[name], err = a.streamed()
		}
		return err
	}
	for name, values := range lines {
		if err := add(name, values, len(values)); err != nil {
			return nil, err
		}
	}
	for name, value := range m.Parameters {
		if err := add(name, []float64{value}); err != nil {
			return nil, err
		}
	}
	return arrays, nil
}

// copyPart writes a part of all records.
func (k *kmg) copyPart(ctx context.Context, w io.Writer, part int) error {
	raw := make([]byte, k.offsets[part+1]-k.offsets[part])
	for i := range k.header.Count {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := (kmgPart{k, part}).read(raw, i, 0); err != nil {
			return err
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
	}
	return nil
}

// values are the values of all parts of a record.
func (k *kmg) values(record int) ([]float64, error) {
	var values []float64
	for i, part := range k.header.Parts {
		raw := make([]byte, k.offsets[i+1]-k.offsets[i])
		if err := (kmgPart{k, i}).read(raw, record, 0); err != nil {
			return nil, err
		}
		begin := len(values)
		values = append(values, make([]float64, len(raw)/part.Dtype.Size())...)
		if err := decode(values[begin:], part.Dtype, raw); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// streamed is an array whose elements, row-major and little-endian, are written when they are asked for.
type streamed struct {
	Dtype Dtype
	Shape []int
	write func(io.Writer) error
}

// size is the number of its bytes.
func (s streamed) size() (int64, error) { return byteSize(s.Dtype, s.Shape) }

// streamed shows an array in memory so.
func (a Array) streamed() (streamed, error) {
	return streamed{a.Dtype, a.Shape, func(w io.Writer) error {
		_, err := w.Write(a.Raw)
		return err
	}}, a.check()
}

// streamedAll is streamed of many; an error names the array.
func streamedAll(arrays map[string]Array) (map[string]streamed, error) {
	all := map[string]streamed{}
	for name, a := range arrays {
		var err error
		if all[name], err = a.streamed(); err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
	}
	return all, nil
}
