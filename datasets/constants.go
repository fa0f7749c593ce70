package datasets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// constants reads some channels of a set's Constants.
type constants struct {
	from     Fields
	channels []int
	shape    []int // [x.., channel] of what is read
	whole    []float32
}

// constants finds the named channels; nil for no names.
func (s *Set) constants(names []string) (*constants, error) {
	if len(names) == 0 {
		return nil, nil
	}
	if s.Constants == nil {
		return nil, errors.New("the file holds no constant fields")
	}
	shape := s.Constants.Shape()
	c := &constants{from: s.Constants, shape: slices.Clone(shape[2:]), whole: make([]float32, frameSize(shape))}
	for _, name := range names {
		i := slices.Index(s.Meta.Constants, name)
		if i < 0 {
			return nil, fmt.Errorf("there is no constant field %q; there are %s", name, strings.Join(s.Meta.Constants, ", "))
		}
		c.channels = append(c.channels, i)
	}
	c.shape[len(c.shape)-1] = len(names)
	return c, nil
}

// read writes the constants of a trajectory as [x.., channel].
func (c *constants) read(dst []float32, trajectory int) error {
	if err := c.from.ReadFrames(c.whole, trajectory, 0, 1); err != nil {
		return err
	}
	all := c.from.Shape()
	stride := all[len(all)-1]
	for i := range len(dst) / len(c.channels) {
		for k, channel := range c.channels {
			dst[i*len(c.channels)+k] = c.whole[i*stride+channel]
		}
	}
	return nil
}
