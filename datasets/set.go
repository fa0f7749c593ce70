package datasets

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// Set is data in the canonical view: trajectories in Fields, or pairs in Inputs and Outputs, whose time axis is then of
// length one.
type Set struct {
	Path string
	Meta Meta
	// Keys says which arrays of the file the view shows, and how.
	Keys            Keys
	Fields          Fields
	Inputs, Outputs Fields
	// What a file holds beside the fields, nil where it does not: Constants [trajectory, 1, x.., channel] do not change in time, Scalars
	// [trajectory, time, channel] have one value for all of space, ConstantScalars [trajectory, 1, channel] are both.
	Constants, Scalars, ConstantScalars Fields
	// Initial [trajectory, 1, x.., channel] is the state before the first frame, where a file holds it apart.
	Initial Fields

	closer io.Closer
}

// NewSet makes a set of trajectories in memory from fields [trajectory, time, x.., channel].
func NewSet(meta Meta, fields Array) (*Set, error) {
	s := &Set{Path: "memory", Meta: meta}
	return s.fill(map[*Fields]Array{&s.Fields: fields})
}

// NewPairs makes a set of pairs in memory from inputs and outputs [trajectory, x.., channel].
func NewPairs(meta Meta, inputs, outputs Array) (*Set, error) {
	s := &Set{Path: "memory", Meta: meta}
	for _, a := range []*Array{&inputs, &outputs} {
		if len(a.Shape) > 0 {
			a.Shape = slices.Insert(slices.Clone(a.Shape), 1, 1)
		}
	}
	return s.fill(map[*Fields]Array{&s.Inputs: inputs, &s.Outputs: outputs})
}

func (s *Set) fill(arrays map[*Fields]Array) (*Set, error) {
	for to, a := range arrays {
		if err := a.check(); err != nil {
			return nil, fmt.Errorf("datasets: %w", err)
		}
		if len(a.Shape) < 4 {
			return nil, fmt.Errorf("datasets: shape %v lacks axes of trajectory, time, space or channel", a.Shape)
		}
		fields, err := newStored(memory{a.Raw, int64(len(a.Raw)) / int64(max(a.Shape[0], 1))}, a.Dtype, a.Shape, s.Path, "")
		if err != nil {
			return nil, fmt.Errorf("datasets: %w", err)
		}
		*to = fields
	}
	if err := s.complete(); err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	return s, nil
}

// Pairs reports whether the set maps inputs to outputs instead of following trajectories.
func (s *Set) Pairs() bool { return s.Inputs != nil }

// Target returns what a model predicts: Fields, or Outputs of pairs.
func (s *Set) Target() Fields {
	if s.Pairs() {
		return s.Outputs
	}
	return s.Fields
}

// Trajectories returns the number of trajectories or pairs.
func (s *Set) Trajectories() int { return s.Target().Shape()[0] }

// Close closes the file behind the set, if there is one; slices and subsamples of the set end with it.
func (s *Set) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}

// complete checks the view and names what has no name.
func (s *Set) complete() error {
	if s.Pairs() == (s.Fields != nil) || s.Pairs() != (s.Outputs != nil) {
		return errors.New("a set holds either fields or inputs and outputs")
	}
	for _, f := range []Fields{s.Inputs, s.Target()} {
		if f == nil {
			continue
		}
		shape := f.Shape()
		if n, err := elements(shape); err != nil || n == 0 {
			return fmt.Errorf("fields of shape %v hold no values", shape)
		}
	}
	target := s.Target().Shape()
	channels := target[len(target)-1]
	if s.Meta.Channels == nil {
		s.Meta.Channels = channelNames("u", channels)
	}
	if !s.Pairs() {
		return s.Meta.fit(target)
	}
	inputs := s.Inputs.Shape()
	last := len(inputs) - 1
	if len(inputs) != len(target) || inputs[0] != target[0] || inputs[1] != 1 || target[1] != 1 {
		return fmt.Errorf("inputs of shape %v and outputs of shape %v are no pairs", withoutTime(inputs), withoutTime(target))
	}
	if !slices.Equal(inputs[2:last], target[2:last]) {
		return fmt.Errorf("inputs of shape %v and outputs of shape %v differ in resolution", withoutTime(inputs), withoutTime(target))
	}
	if s.Meta.InputChannels == nil {
		s.Meta.InputChannels = channelNames("a", inputs[last])
	}
	if len(s.Meta.InputChannels) != inputs[last] {
		return fmt.Errorf("%d input channel names for %d channels", len(s.Meta.InputChannels), inputs[last])
	}
	meta := s.Meta
	meta.Times = nil
	if err := meta.fit(target); err != nil {
		return err
	}
	s.Meta.Axes = meta.Axes
	return nil
}

// withoutTime drops the time axis, which pairs do not have.
func withoutTime(shape []int) []int { return slices.Delete(slices.Clone(shape), 1, 2) }

// Slice returns the set of trajectories [low, high), which shares the file with s.
func (s *Set) Slice(low, high int) (*Set, error) {
	if n := s.Trajectories(); low < 0 || low >= high || high > n {
		return nil, fmt.Errorf("datasets: %s: trajectories [%d, %d) are not among the %d there", s.Path, low, high, n)
	}
	part := *s
	part.closer = nil
	part.Meta = s.Meta.slice(low, high)
	part.each(func(f Fields) Fields { return sliced{f, low, high} })
	return &part, nil
}

// each replaces every block of the set.
func (s *Set) each(replace func(Fields) Fields) {
	for _, f := range []*Fields{&s.Fields, &s.Inputs, &s.Outputs, &s.Constants, &s.Scalars, &s.ConstantScalars, &s.Initial} {
		if *f != nil {
			*f = replace(*f)
		}
	}
}

// sliced is a range of trajectories of Fields.
type sliced struct {
	Fields
	low, high int
}

func (s sliced) Shape() []int {
	shape := s.Fields.Shape()
	shape[0] = s.high - s.low
	return shape
}

func (s sliced) trajectory(i int) (int, error) {
	if i < 0 || i >= s.high-s.low {
		return 0, fmt.Errorf("datasets: trajectory %d is outside [0, %d)", i, s.high-s.low)
	}
	return s.low + i, nil
}

func (s sliced) ReadFrames(dst []float32, trajectory, first, count int) error {
	i, err := s.trajectory(trajectory)
	if err != nil {
		return err
	}
	return s.Fields.ReadFrames(dst, i, first, count)
}

func (s sliced) ReadFrames64(dst []float64, trajectory, first, count int) error {
	i, err := s.trajectory(trajectory)
	if err != nil {
		return err
	}
	return s.Fields.ReadFrames64(dst, i, first, count)
}
