package datasets

import (
	"errors"
	"fmt"
	"os"
)

// HDF5Layout is a way in which arrays are arranged in an HDF5 file that is written.
type HDF5Layout string

const (
	// PDEBench writes one channel as "tensor", the variables of compressible flow by their names, pairs of one channel as "nu" and
	// "tensor", and all else as a group for each trajectory.
	PDEBench HDF5Layout = "pdebench"
	// TheWell writes scalar fields and vectors, whose channels are named after the axes.
	TheWell HDF5Layout = "well"
)

// HDF5Writer writes trajectories to an HDF5 file in any order and from several goroutines. It is a [Sink].
type HDF5Writer struct {
	file    *os.File
	parts   []Part
	count   int
	targets []h5slot
}

// h5slot is what one dataset takes from a record: channels [low, low+count) of a part.
type h5slot struct {
	part, low, count int
	to               *h5out
	each             []*h5out // one dataset for each record, instead of to
}

// CreateHDF5 creates a file of count records with the given parts, as in a [KMGHeader]. What was not written reads as zeros.
func CreateHDF5(path string, layout HDF5Layout, meta Meta, parts []Part, count int) (*HDF5Writer, error) {
	w := &HDF5Writer{parts: parts, count: count}
	root, err := w.arrange(layout, meta)
	if err == nil {
		err = w.create(path, root)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", path, err)
	}
	return w, nil
}

func (w *HDF5Writer) create(path string, root *h5builder) error {
	head, size, err := encodeH5(root.h5out)
	if err != nil {
		return err
	}
	if w.file, err = os.Create(path); err != nil {
		return err
	}
	_, err = w.file.WriteAt(head, 0)
	if err == nil {
		err = w.file.Truncate(size)
	}
	for _, line := range root.lines {
		if err == nil {
			err = w.write(line.to.data, line.to.dtype, line.values)
		}
	}
	if err != nil {
		return errors.Join(err, w.file.Close())
	}
	return nil
}

// WriteRecord implements [Sink]: the values of all parts of record i, one after the other.
func (w *HDF5Writer) WriteRecord(i int, values []float64) error {
	if i < 0 || i >= w.count {
		return fmt.Errorf("datasets: %s: record %d is outside [0, %d)", w.file.Name(), i, w.count)
	}
	begin := make([]int, len(w.parts)+1)
	for j, p := range w.parts {
		begin[j+1] = begin[j] + Array{Shape: p.Shape}.Len()
	}
	if begin[len(w.parts)] != len(values) {
		return fmt.Errorf("datasets: %s: record %d: %d values, not %d", w.file.Name(), i, len(values), begin[len(w.parts)])
	}
	for _, t := range w.targets {
		p := w.parts[t.part]
		part := values[begin[t.part]:begin[t.part+1]]
		channels := 1
		if n := len(p.Shape); n > 0 {
			channels = p.Shape[n-1]
		}
		if t.count != channels {
			some := make([]float64, 0, len(part)/channels*t.count)
			for at := t.low; at < len(part); at += channels {
				some = append(some, part[at:at+t.count]...)
			}
			part = some
		}
		at := int64(0)
		if t.each != nil {
			at = t.each[i].data
		} else {
			at = t.to.data + int64(i)*int64(len(part))*int64(p.Dtype.Size())
		}
		if err := w.write(at, p.Dtype, part); err != nil {
			return fmt.Errorf("datasets: record %d: %w", i, err)
		}
	}
	return nil
}

// write writes values at an offset.
func (w *HDF5Writer) write(at int64, d Dtype, values []float64) error {
	raw, err := encode(values, d)
	if err == nil {
		_, err = w.file.WriteAt(raw, at)
	}
	return err
}

// Close brings the file to the disk. Its error means that the file may not be whole.
func (w *HDF5Writer) Close() error {
	if err := errors.Join(w.file.Sync(), w.file.Close()); err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	return nil
}
