package datasets

import (
	"fmt"
	"sync"
)

// boxer is a container that reads parts of its arrays without the rest: Box fills dst with elements [start, start+count) of every axis,
// row-major, as Array.Raw would hold them.
type boxer interface {
	Box(dst []byte, name string, start, count []int) error
}

// checkBox compares a box with a shape.
func checkBox(shape, start, count []int) error {
	if len(start) != len(shape) || len(count) != len(shape) {
		return fmt.Errorf("a box of %d axes in shape %v", len(start), shape)
	}
	for i, n := range shape {
		if start[i] < 0 || count[i] < 0 || start[i] > n || count[i] > n-start[i] {
			return fmt.Errorf("elements %v to %v are outside shape %v", start, count, shape)
		}
	}
	return nil
}

// boxRuns goes through the box [start, start+count) of a row-major array of elements of size bytes by runs that lie together: n bytes
// at from in the array and at to in the box.
func boxRuns(dims, start, count []int, size int, visit func(from, to int64, n int) error) error {
	run, axis := size, len(dims)
	for axis > 0 { // axes that are whole join the run
		axis--
		run *= count[axis]
		if count[axis] != dims[axis] {
			break
		}
	}
	stride := strides(dims)
	from := int64(0)
	for i, s := range start {
		from += int64(s) * int64(stride[i]) * int64(size)
	}
	index := make([]int, axis)
	for to := int64(0); run > 0; to += int64(run) {
		if err := visit(from, to, run); err != nil {
			return err
		}
		at := axis - 1
		for ; at >= 0; at-- {
			step := int64(stride[at]) * int64(size)
			index[at]++
			from += step
			if index[at] < count[at] {
				break
			}
			from -= step * int64(index[at])
			index[at] = 0
		}
		if at < 0 {
			break
		}
	}
	return nil
}

// wholeBoxer reads boxes from a container that gives whole arrays only, which it keeps.
type wholeBoxer struct {
	Container
	mu     sync.Mutex
	arrays map[string]Array
}

func (w *wholeBoxer) array(name string) (Array, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, ok := w.arrays[name]; ok {
		return a, nil
	}
	a, err := w.Array(name)
	if err != nil {
		return a, err
	}
	put(&w.arrays, name, a)
	return a, nil
}

func (w *wholeBoxer) Box(dst []byte, name string, start, count []int) error {
	a, err := w.array(name)
	if err != nil {
		return err
	}
	if err := checkBox(a.Shape, start, count); err != nil {
		return err
	}
	return boxRuns(a.Shape, start, count, a.Dtype.Size(), func(from, to int64, n int) error {
		copy(dst[to:], a.Raw[from:from+int64(n)])
		return nil
	})
}
