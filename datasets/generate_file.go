package datasets

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/kolmogo/kolmogo/internal/wholefile"
)

// GenerateFile generates into a file whose suffix picks the format: .kmg, .npz, .safetensors, or .h5 and .hdf5 for PDEBench's layout,
// .well.h5 and .well.hdf5 for The Well's.
//
// A .kmg file is written record by record: after a kill at any instant the same call completes it, to the bytes of an uninterrupted
// run; a greater N extends it. The other formats are held in memory and written at the end, by renaming a whole file into place.
// Where the generation is cancelled or fails, a file of the complete trajectories at its beginning is left.
func GenerateFile(ctx context.Context, r Recipe, o Options, path string) error {
	p, err := r.Problem()
	if err != nil {
		return err
	}
	o = o.defaults(r)
	switch suffix := filepath.Ext(path); suffix {
	case ".kmg":
		return p.generateKMG(ctx, o, path)
	case ".npz", ".safetensors":
		return p.generateWhole(ctx, o, path, suffix)
	case ".h5", ".hdf5":
		return p.generateHDF5(ctx, o, path)
	default:
		return fmt.Errorf("datasets: generate: %s: no trajectories are written with the suffix %q; use .kmg, .npz, .safetensors, .h5 or .hdf5", path, suffix)
	}
}

func (p *Problem) generateKMG(ctx context.Context, o Options, path string) error {
	w, err := CreateKMG(path, KMGHeader{Meta: p.Meta, Start: o.Start, Parts: p.Parts, Count: o.N})
	if err != nil {
		return err
	}
	if o.Done, err = w.ValidRecords(ctx); err != nil {
		return errors.Join(err, w.Close())
	}
	if err := w.cut(o.Done); err != nil { // what lies behind is torn or comes again
		return errors.Join(err, w.Close())
	}
	complete, err := p.generate(ctx, o, w)
	if err != nil && complete > 0 {
		err = errors.Join(err, w.keep(complete))
	}
	return errors.Join(err, w.Close())
}

// cut ends the file after n records, whose number in the header stays.
func (w *KMGWriter) cut(n int) error {
	if err := w.file.Truncate(w.kmg.at(n)); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}

// keep makes the file one of its first n records.
func (w *KMGWriter) keep(n int) error {
	if err := w.cut(n); err != nil {
		return err
	}
	if _, err := w.file.WriteAt(binary.LittleEndian.AppendUint64(nil, uint64(n)), kmgCountAt); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}

// kmgCountAt is where a trajectory file holds its number of records.
const kmgCountAt = 24

// generateWhole collects everything and writes it at once.
func (p *Problem) generateWhole(ctx context.Context, o Options, path, suffix string) error {
	stack, err := p.newStack(o.N)
	if err != nil {
		return fmt.Errorf("datasets: generate: %s: %w", path, err)
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("datasets: generate: %s: %w: remove it or choose another name", path, fs.ErrExist)
	}
	complete, err := p.generate(ctx, o, stack)
	if err != nil {
		return fmt.Errorf("%w; a %s file is written whole or not at all: a .kmg file can be continued", err, suffix)
	}
	arrays, err := stack.arrays(complete, p.Meta)
	if err != nil {
		return err
	}
	return replaceWhole(path, func(w io.Writer) error {
		if suffix == ".npz" {
			return WriteNPZ(w, arrays)
		}
		meta, err := json.Marshal(p.Meta)
		if err != nil {
			return err
		}
		return WriteSafetensors(w, arrays, map[string]string{"meta": string(meta), "start": fmt.Sprint(o.Start)})
	})
}

// stack is records in memory, one array for each part.
type stack struct {
	parts []Part
	raw   [][]byte
}

// maxStack bounds what is collected in memory.
const maxStack = 8 << 30

func (p *Problem) newStack(n int) (*stack, error) {
	s := &stack{parts: p.Parts}
	total := int64(0)
	sizes := make([]int64, len(p.Parts))
	for i, part := range p.Parts {
		size, err := byteSize(part.Dtype, slices.Concat([]int{n}, part.Shape))
		if err != nil {
			return nil, err
		}
		if size > maxStack-total {
			return nil, fmt.Errorf("more than %d GiB would be held in memory; write a .kmg file", maxStack>>30)
		}
		sizes[i], total = size, total+size
	}
	for _, size := range sizes {
		s.raw = append(s.raw, make([]byte, size))
	}
	return s, nil
}

// WriteRecord implements [Sink].
func (s *stack) WriteRecord(i int, values []float64) error {
	for j, part := range s.parts {
		n, size := Array{Shape: part.Shape}.Len(), part.Dtype.Size()
		raw := s.raw[j][i*n*size : (i+1)*n*size]
		for k, v := range values[:n] {
			if part.Dtype == Float32 {
				binary.LittleEndian.PutUint32(raw[4*k:], math.Float32bits(float32(v)))
			} else {
				binary.LittleEndian.PutUint64(raw[8*k:], math.Float64bits(v))
			}
		}
		values = values[n:]
	}
	return nil
}

// arrays are the first n records by the names of their parts, with the coordinates of the axes by theirs, the times as t and the
// parameters as scalars. Inputs and outputs of one channel go without its axis, as such files do.
func (s *stack) arrays(n int, m Meta) (map[string]Array, error) {
	arrays := map[string]Array{}
	for j, part := range s.parts {
		shape := slices.Concat([]int{n}, part.Shape)
		raw := s.raw[j][:Array{Shape: shape}.Len()*part.Dtype.Size()]
		if last := len(shape) - 1; (part.Name == KeyInputs || part.Name == KeyOutputs) && shape[last] == 1 {
			shape = shape[:last]
		}
		arrays[part.Name] = Array{part.Dtype, shape, raw}
	}
	lines := map[string][]float64{}
	for _, axis := range m.Axes {
		lines[axis.Name] = axis.Coords
	}
	if m.Times != nil {
		lines["t"] = m.Times
	}
	for name, values := range lines {
		a, err := NewArray(values, len(values))
		if err != nil {
			return nil, err
		}
		arrays[name] = a
	}
	for name, value := range m.Parameters {
		a, err := NewArray([]float64{value})
		if err != nil {
			return nil, err
		}
		arrays[name] = a
	}
	return arrays, nil
}

// replaceWhole replaces the file at path by what write writes, all or nothing.
func replaceWhole(path string, write func(io.Writer) error) error {
	if err := wholefile.Replace(path, write); err != nil {
		return fmt.Errorf("datasets: %s: %w", path, err)
	}
	return nil
}
