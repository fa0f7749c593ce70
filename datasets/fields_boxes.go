package datasets

import (
	"errors"
	"fmt"
	"slices"
	"sync"
)

// boxPart is one array that gives some channels of fields.
type boxPart struct {
	Info
	names   []string  // of the array, or of one array for each trajectory
	roles   []boxRole // of its axes
	channel int       // the first channel that it gives
}

// boxRole says which axis of the canonical shape an axis of an array is. Along the channels, its elements are step apart. Canonical axes
// that no axis has are broadcast, and so are those whose axis has length one.
type boxRole struct{ axis, step int }

// channelRole is the axis of channels, wherever it stands in the canonical shape.
const channelRole = -1

// namedRoles are the roles of axes by the names that parseAxes knows.
func namedRoles(axes []byte) []boxRole {
	var roles []boxRole
	space := 2
	place := map[byte]int{'n': 0, 't': 1, 'c': channelRole}
	for _, name := range []byte("xyz") {
		if slices.Contains(axes, name) {
			place[name] = space
			space++
		}
	}
	for _, name := range axes {
		roles = append(roles, boxRole{place[name], 1})
	}
	return roles
}

// boxFields is Fields made of parts of several arrays.
type boxFields struct {
	from      boxer
	dtype     Dtype
	shape     []int
	parts     []boxPart
	path, key string // for errors
	scratch   sync.Pool
}

// boxScratch is the memory of one reading.
type boxScratch struct {
	raw []byte
	f32 []float32
	f64 []float64
}

// boxes makes fields of a canonical shape from parts.
func (v *viewer) boxes(shape []int, key string, parts ...boxPart) (Fields, error) {
	b, ok := v.c.(boxer)
	if !ok {
		if v.whole == nil {
			v.whole = &wholeBoxer{Container: v.c}
		}
		b = v.whole
	}
	f := &boxFields{from: b, shape: shape, parts: parts, path: v.set.Path, key: key, scratch: sync.Pool{New: func() any { return new(boxScratch) }}}
	for _, p := range parts {
		if _, n := p.Dtype.component(); n != 1 {
			return nil, fmt.Errorf("%q: %s cannot be used as fields; store real and imaginary parts as channels", p.names[0], p.Dtype)
		}
		switch {
		case f.dtype == "":
			f.dtype = p.Dtype
		case f.dtype != p.Dtype:
			f.dtype = Float64
		}
		if err := f.check(p); err != nil {
			return nil, fmt.Errorf("%q: %w", p.names[0], err)
		}
	}
	return f, nil
}

// check compares the shape of a part with the canonical one.
func (f *boxFields) check(p boxPart) error {
	if len(p.roles) != len(p.Shape) {
		return fmt.Errorf("shape %v has not the %d axes expected", p.Shape, len(p.roles))
	}
	last := p.channel
	for i, r := range p.roles {
		n := p.Shape[i]
		switch {
		case r.axis == channelRole:
			last += (n - 1) * r.step
		case r.axis > 0 && n == 1:
		case n != f.shape[r.axis]:
			return fmt.Errorf("axis %d of shape %v does not have %d points", i, p.Shape, f.shape[r.axis])
		}
		if n == 0 {
			return errors.New("it holds no values")
		}
	}
	if last >= f.shape[len(f.shape)-1] {
		return fmt.Errorf("shape %v has too many channels", p.Shape)
	}
	if len(p.names) > 1 && len(p.names) != f.shape[0] {
		return fmt.Errorf("%d arrays for %d trajectories", len(p.names), f.shape[0])
	}
	return nil
}

func (f *boxFields) Shape() []int { return slices.Clone(f.shape) }
func (f *boxFields) Dtype() Dtype { return f.dtype }

func (f *boxFields) ReadFrames(dst []float32, trajectory, first, count int) error {
	return readBoxes(f, dst, trajectory, first, count)
}

func (f *boxFields) ReadFrames64(dst []float64, trajectory, first, count int) error {
	return readBoxes(f, dst, trajectory, first, count)
}

func readBoxes[T float32 | float64](f *boxFields, dst []T, trajectory, first, count int) error {
	if err := checkFrames(len(dst), f.shape, trajectory, first, count); err != nil {
		return fmt.Errorf("datasets: %s: %w", f.path, err)
	}
	scratch := f.scratch.Get().(*boxScratch)
	defer f.scratch.Put(scratch)
	for _, p := range f.parts {
		if err := readPart(f, p, scratch, dst, trajectory, first, count); err != nil {
			return fmt.Errorf("datasets: %s: trajectory %d: %w", f.path, trajectory, err)
		}
	}
	return finite(dst, f.shape, f.path, f.key, trajectory, first)
}

// readPart reads what one array gives to some frames.
func readPart[T float32 | float64](f *boxFields, p boxPart, scratch *boxScratch, dst []T, trajectory, first, count int) error {
	start, n := make([]int, len(p.Shape)), slices.Clone(p.Shape)
	for i, r := range p.roles {
		switch {
		case r.axis == 0:
			start[i], n[i] = trajectory, 1
		case r.axis == 1 && n[i] > 1:
			start[i], n[i] = first, count
		}
	}
	name := p.names[0]
	if len(p.names) > 1 {
		name = p.names[trajectory]
	}
	values := Array{Shape: n}.Len()
	loops, direct := f.loops(p, n, count)
	direct = direct && values == len(dst)
	if raw, ok := bytesOf(dst, p.Dtype); ok && direct {
		return f.from.Box(raw, name, start, n)
	}
	size := values * p.Dtype.Size()
	scratch.raw = slices.Grow(scratch.raw[:0], size)[:size]
	if err := f.from.Box(scratch.raw, name, start, n); err != nil {
		return err
	}
	if direct {
		return decode(dst, p.Dtype, scratch.raw)
	}
	to := roomFor[T](scratch, values)
	if err := decode(to, p.Dtype, scratch.raw); err != nil {
		return err
	}
	spread(dst[p.channel:], to, loops)
	return nil
}

// roomFor returns room for n values.
func roomFor[T float32 | float64](s *boxScratch, n int) []T {
	var room *[]T
	switch p := any(&room).(type) {
	case **[]float32:
		*p = &s.f32
	case **[]float64:
		*p = &s.f64
	}
	*room = slices.Grow((*room)[:0], n)[:n]
	return *room
}

// boxLoop is one axis along which values are copied: n of them, from and to elements apart.
type boxLoop struct{ n, from, to int }

// loops are the axes of a copy from a box of shape n to count frames, the widest first; direct tells that both lie alike.
func (f *boxFields) loops(p boxPart, n []int, count int) (loops []boxLoop, direct bool) {
	block := slices.Clone(f.shape[1:])
	block[0] = count
	from, to := strides(n), strides(block)
	covered := make([]bool, len(f.shape))
	covered[0], covered[len(f.shape)-1] = true, true
	for i, r := range p.roles {
		switch {
		case n[i] == 1:
		case r.axis == channelRole:
			loops = append(loops, boxLoop{n[i], from[i], r.step})
		default:
			loops = append(loops, boxLoop{n[i], from[i], to[r.axis-1]})
			covered[r.axis] = true
		}
	}
	direct = true
	for axis, done := range covered {
		if !done && block[axis-1] > 1 {
			loops = append(loops, boxLoop{block[axis-1], 0, to[axis-1]})
		}
	}
	for _, l := range loops {
		direct = direct && l.from == l.to
	}
	slices.SortFunc(loops, func(a, b boxLoop) int { return b.to - a.to })
	return loops, direct
}

// spread copies values along loops.
func spread[T float32 | float64](dst, src []T, loops []boxLoop) {
	if len(loops) == 0 {
		dst[0] = src[0]
		return
	}
	l := loops[0]
	if len(loops) > 1 {
		for i := range l.n {
			spread(dst[i*l.to:], src[i*l.from:], loops[1:])
		}
		return
	}
	for i := range l.n {
		dst[i*l.to] = src[i*l.from]
	}
}
