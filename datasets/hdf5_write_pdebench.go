package datasets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

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
