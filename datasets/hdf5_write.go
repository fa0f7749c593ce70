package datasets

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
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

// h5builder gathers the objects of a file and the small arrays that are known at once.
type h5builder struct {
	*h5out
	lines []h5line
}

type h5line struct {
	to     *h5out
	values []float64
}

// mask adds a small array of booleans.
func (b *h5builder) mask(in *h5out, values []float64) {
	b.lines = append(b.lines, h5line{in.dataset("mask", Bool, len(values)), values})
}

// line adds a small array of float32.
func (b *h5builder) line(in *h5out, name string, values []float64) *h5out {
	d := in.dataset(name, Float32, len(values))
	b.lines = append(b.lines, h5line{d, values})
	return d
}

// arrange decides which datasets there are and what each takes from a record.
func (w *HDF5Writer) arrange(layout HDF5Layout, m Meta) (*h5builder, error) {
	if w.count < 1 {
		return nil, fmt.Errorf("%d records", w.count)
	}
	target := -1
	for i, p := range w.parts {
		if p.Dtype != Float32 && p.Dtype != Float64 {
			return nil, fmt.Errorf("part %q: values of %s are not written", p.Name, p.Dtype)
		}
		if p.Name == KeyFields || p.Name == KeyOutputs {
			target = i
		}
	}
	if target < 0 {
		return nil, errors.New("neither fields nor outputs are to be written")
	}
	shape := w.parts[target].Shape
	if w.parts[target].Name == KeyOutputs {
		shape = slices.Concat([]int{1}, shape)
	}
	if len(shape) < 3 {
		return nil, fmt.Errorf("part %q of shape %v is no field", w.parts[target].Name, w.parts[target].Shape)
	}
	whole := slices.Concat([]int{w.count}, shape)
	if m.Channels == nil {
		m.Channels = channelNames("u", shape[len(shape)-1])
	}
	times := m.Times
	if w.parts[target].Name == KeyOutputs {
		m.Times = nil
	}
	err := m.fit(whole)
	m.Times = times
	if err != nil {
		return nil, err
	}
	b := &h5builder{h5out: &h5out{}}
	if layout == TheWell {
		return b, w.arrangeWell(b, m, target, shape)
	}
	if layout != PDEBench {
		return nil, fmt.Errorf("layout %q is neither %q nor %q", layout, PDEBench, TheWell)
	}
	return b, w.arrangePDEBench(b, m, target, shape)
}

// take lets a dataset take channels of a part.
func (w *HDF5Writer) take(part, low, count int, to *h5out) {
	w.targets = append(w.targets, h5slot{part: part, low: low, count: count, to: to})
}

func (w *HDF5Writer) arrangePDEBench(b *h5builder, m Meta, target int, shape []int) error {
	last := len(shape) - 1
	channels := shape[last]
	d := w.parts[target].Dtype
	whole := slices.Concat([]int{w.count}, shape[:last])
	for _, name := range sortedKeys(m.Parameters) {
		b.set(name, m.Parameters[name])
	}
	for i, p := range w.parts {
		if name, ok := strings.CutPrefix(p.Name, partParameter); ok {
			w.take(i, 0, 1, b.child("parameters").dataset(name, p.Dtype, w.count))
		}
	}
	grid := func(in *h5out, suffix string) {
		for i, axis := range m.Axes {
			if axis.Coords != nil {
				b.line(in, axisName(i)+suffix, axis.Coords)
			}
		}
		if m.Times != nil {
			b.line(in, "t"+suffix, m.Times)
		}
	}
	switch inputs := slices.IndexFunc(w.parts, func(p Part) bool { return p.Name == KeyInputs }); {
	case inputs >= 0:
		p := w.parts[inputs]
		if channels != 1 || p.Shape[len(p.Shape)-1] != 1 {
			return errors.New("PDEBench's pairs have one channel each; write .kmg, .npz or .safetensors")
		}
		w.take(inputs, 0, 1, b.dataset("nu", p.Dtype, slices.Concat([]int{w.count}, shape[1:last])...))
		w.take(target, 0, 1, b.dataset("tensor", d, whole...))
	case channels == 1:
		w.take(target, 0, 1, b.dataset("tensor", d, whole...))
	case channels <= len(pdebenchFlow) && channels == len(shape) && slices.Equal(m.Channels, pdebenchFlow[:channels]):
		for c, name := range m.Channels {
			w.take(target, c, 1, b.dataset(name, d, whole...))
		}
	default:
		digits := max(4, len(fmt.Sprint(w.count-1)))
		each := make([]*h5out, w.count)
		for i := range each {
			g := b.group(fmt.Sprintf("%0*d", digits, i))
			each[i] = g.dataset("data", d, shape...)
			grid(g.group("grid"), "")
		}
		w.targets = append(w.targets, h5slot{part: target, count: channels, each: each})
		return nil
	}
	grid(b.h5out, "-coordinate")
	return nil
}

// child returns the group of a name, which is made if it is not there.
func (o *h5out) child(name string) *h5out {
	for _, c := range o.children {
		if c.name == name {
			return c
		}
	}
	return o.group(name)
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
