package eval

import (
	"fmt"
	"slices"
)

// Float is the element type of the arrays that are read.
type Float interface{ ~float32 | ~float64 }

// Field is a batch of trajectories, row-major, [trajectory, time, x.., channel]. The data belong to the caller: functions
// of this package read them during the call and keep no reference.
type Field[T Float] struct {
	Data  []T
	Shape []int
}

// Trajectories is B, the first extent.
func (f Field[T]) Trajectories() int { return f.Shape[0] }

// Frames is T, the second extent.
func (f Field[T]) Frames() int { return f.Shape[1] }

// Grid is the extents of the space axes, possibly none.
func (f Field[T]) Grid() []int { return f.Shape[2 : len(f.Shape)-1] }

// Channels is C, the last extent.
func (f Field[T]) Channels() int { return f.Shape[len(f.Shape)-1] }

// Frame is the view of frame time of one trajectory, [1, 1, x.., channel].
func (f Field[T]) Frame(trajectory, time int) Field[T] {
	n := product(f.Shape[2:])
	at := (trajectory*f.Frames() + time) * n
	return Field[T]{f.Data[at : at+n], append([]int{1, 1}, f.Shape[2:]...)}
}

// check reports a shape that is not [trajectory, time, x.., channel] or does not fit the data.
func (f Field[T]) check(name string) error {
	if len(f.Shape) < 3 {
		return fmt.Errorf("eval: %s has shape %v; want [trajectory, time, x.., channel]", name, f.Shape)
	}
	for _, n := range f.Shape {
		if n < 1 {
			return fmt.Errorf("eval: %s has shape %v with an extent below one", name, f.Shape)
		}
	}
	if n := product(f.Shape); n != len(f.Data) {
		return fmt.Errorf("eval: %s has shape %v, %d values, but holds %d", name, f.Shape, n, len(f.Data))
	}
	return nil
}

// matches reports a field that is no field or has another shape than the one that it is compared with.
func (f Field[T]) matches(other Field[T]) error {
	if err := f.check("field"); err != nil {
		return err
	}
	if err := other.check("field"); err != nil {
		return err
	}
	if !slices.Equal(f.Shape, other.Shape) {
		return fmt.Errorf("eval: fields of shapes %v and %v are compared; they must be equal", f.Shape, other.Shape)
	}
	return nil
}

// channelFirst copies one trajectory into dst as [time, channel, x..], so that a channel of a frame is contiguous.
func (f Field[T]) channelFirst(dst []float64, trajectory int) {
	channels := f.Channels()
	points := product(f.Grid())
	frame := channels * points
	src := f.Data[trajectory*len(dst) : (trajectory+1)*len(dst)]
	for at := 0; at < len(dst); at += frame {
		for x := range points {
			for c := range channels {
				dst[at+c*points+x] = float64(src[at+x*channels+c])
			}
		}
	}
}

func product(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}
