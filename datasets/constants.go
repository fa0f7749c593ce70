package datasets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// constants is some channels of a set's Constants, as fields [trajectory, 1, x.., channel].
type constants struct {
	Fields
	channels []int
}

// ConstantFields are the named channels of Constants as fields [trajectory, 1, x.., channel].
func (s *Set) ConstantFields(names []string) (Fields, error) {
	if s.Constants == nil {
		return nil, errors.New("datasets: the file holds no constant fields")
	}
	c := constants{Fields: s.Constants}
	for _, name := range names {
		i := slices.Index(s.Meta.Constants, name)
		if i < 0 {
			return nil, fmt.Errorf("datasets: there is no constant field %q; there are %s", name, strings.Join(s.Meta.Constants, ", "))
		}
		c.channels = append(c.channels, i)
	}
	return c, nil
}

// Shape implements [Fields].
func (c constants) Shape() []int {
	shape := c.Fields.Shape()
	shape[len(shape)-1] = len(c.channels)
	return shape
}

// ReadFrames implements [Fields].
func (c constants) ReadFrames(dst []float32, trajectory, first, count int) error {
	return readChannels(c, c.Fields.ReadFrames, dst, trajectory, first, count)
}

// ReadFrames64 implements [Fields].
func (c constants) ReadFrames64(dst []float64, trajectory, first, count int) error {
	return readChannels(c, c.Fields.ReadFrames64, dst, trajectory, first, count)
}

func readChannels[T float32 | float64](c constants, read func([]T, int, int, int) error, dst []T, trajectory, first, count int) error {
	shape := c.Fields.Shape()
	whole := make([]T, count*frameSize(shape))
	if err := read(whole, trajectory, first, count); err != nil {
		return err
	}
	all, some := shape[len(shape)-1], len(c.channels)
	for i := range len(dst) / some {
		for k, channel := range c.channels {
			dst[i*some+k] = whole[i*all+channel]
		}
	}
	return nil
}
