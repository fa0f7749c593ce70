package datasets

import (
	"fmt"
	"slices"
)

// Subsample keeps every factor-th point of every axis of space, beginning with the first: u_i = U_{factor·i}. An axis of
// n points needs factor | n (periodic, or open at its end) or factor | n−1 (both ends are points of the grid).
func (s *Set) Subsample(factor int) (*Set, error) {
	shape := s.Target().Shape()
	space := shape[2 : len(shape)-1]
	factors := make([]int, len(space))
	for i, n := range space {
		if factor < 1 || n%factor != 0 && (n-1)%factor != 0 {
			return nil, fmt.Errorf("datasets: %s: factor %d divides neither %d points of axis %s nor one less", s.Path, factor, n, s.Meta.Axes[i].Name)
		}
		factors[i] = factor
	}
	return s.subsample(factors), nil
}

// Resolution sub-samples every axis of space to the given number of points, which must divide as [Set.Subsample] asks:
// points | n, or else points−1 | n−1.
func (s *Set) Resolution(points int) (*Set, error) {
	shape := s.Target().Shape()
	space := shape[2 : len(shape)-1]
	factors := make([]int, len(space))
	for i, n := range space {
		switch {
		case points >= 1 && n%points == 0:
			factors[i] = n / points
		case points >= 2 && (n-1)%(points-1) == 0:
			factors[i] = (n - 1) / (points - 1)
		default:
			return nil, fmt.Errorf("datasets: %s: axis %s of %d points cannot be sub-sampled to %d", s.Path, s.Meta.Axes[i].Name, n, points)
		}
	}
	return s.subsample(factors), nil
}

func (s *Set) subsample(factors []int) *Set {
	part := *s
	part.closer = nil
	part.Meta.Axes = slices.Clone(s.Meta.Axes)
	for i, axis := range part.Meta.Axes {
		var coords []float64
		for j := 0; j < len(axis.Coords); j += factors[i] {
			coords = append(coords, axis.Coords[j])
		}
		part.Meta.Axes[i].Coords = coords
	}
	part.each(func(f Fields) Fields {
		if len(f.Shape()) < 4 { // scalars
			return f
		}
		return newSubsampled(f, factors)
	})
	return &part
}

// subsampled is Fields on every factor-th point.
type subsampled struct {
	Fields
	shape []int
	full  int   // values of a whole frame
	from  []int // for every value of a frame, its place in the whole frame
}

func newSubsampled(f Fields, factors []int) *subsampled {
	whole := f.Shape()
	s := &subsampled{Fields: f, shape: slices.Clone(whole), full: frameSize(whole)}
	steps := append(slices.Clone(factors), 1)
	for i, step := range steps {
		s.shape[2+i] = (whole[2+i] + step - 1) / step
	}
	stride := strides(whole[2:])
	s.from = make([]int, frameSize(s.shape))
	for i := range s.from {
		for axis, index := range unravel(i, s.shape[2:]) {
			s.from[i] += index * steps[axis] * stride[axis]
		}
	}
	return s
}

func (s *subsampled) Shape() []int { return slices.Clone(s.shape) }

func (s *subsampled) ReadFrames(dst []float32, trajectory, first, count int) error {
	return readSubsampled(s, s.Fields.ReadFrames, dst, trajectory, first, count)
}

func (s *subsampled) ReadFrames64(dst []float64, trajectory, first, count int) error {
	return readSubsampled(s, s.Fields.ReadFrames64, dst, trajectory, first, count)
}

func readSubsampled[T float32 | float64](s *subsampled, read func([]T, int, int, int) error, dst []T, trajectory, first, count int) error {
	if len(dst) != count*len(s.from) {
		return fmt.Errorf("datasets: %d frames of %d values do not fit a slice of %d", count, len(s.from), len(dst))
	}
	whole := make([]T, s.full)
	for frame := range count {
		if err := read(whole, trajectory, first+frame, 1); err != nil {
			return err
		}
		for i, from := range s.from {
			dst[frame*len(s.from)+i] = whole[from]
		}
	}
	return nil
}
