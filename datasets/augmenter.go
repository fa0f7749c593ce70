package datasets

import "slices"

// augmenter transforms the samples of a plan.
type augmenter struct {
	input, target, constants []Channel
	lengths                  *Conditions // dx of each axis; nil where the set does not tell
	grid                     Grid
	timed                    bool
	spacing                  []float32
}

// newAugmenter checks the laws of a loader; nil if there are none.
func newAugmenter(l *Loader) (*augmenter, error) {
	if len(l.Augment) == 0 {
		return nil, nil
	}
	for _, law := range l.Augment {
		if err := law.Check(l); err != nil {
			return nil, err
		}
	}
	s := l.Set
	names := s.Meta.Channels
	if s.Pairs() {
		names = s.Meta.InputChannels
	}
	a := &augmenter{}
	for _, list := range []struct {
		to    *[]Channel
		names []string
	}{{&a.input, names}, {&a.target, s.Meta.Channels}, {&a.constants, l.Constants}} {
		var err error
		if *list.to, err = s.Meta.Turning(list.names); err != nil {
			return nil, err
		}
	}
	shape := s.Target().Shape()
	a.grid = Grid{Axes: s.Meta.Axes, Points: shape[2 : len(shape)-1]}
	var spacings []string
	for i, axis := range a.grid.Axes {
		spacings = append(spacings, "d"+axis.Name)
		a.grid.Lengths = append(a.grid.Lengths, float64(a.grid.Points[i]))
	}
	if c, err := s.Conditions(spacings, 1); err == nil {
		a.lengths, a.spacing = c, make([]float32, len(spacings))
	}
	_, err := s.Conditions([]string{"t"}, 1)
	a.timed = err == nil
	return a, nil
}

// augment transforms all frames of a sample, and what stands beside them, alike.
func (p *plan) augment(b *Batch, row, epoch, sample int) error {
	a := p.turns
	if a == nil {
		return nil
	}
	trajectory, start := sample/p.starts, sample%p.starts
	grid := a.grid
	if a.lengths != nil {
		if err := a.lengths.Read(a.spacing, trajectory, 0); err != nil {
			return err
		}
		grid.Lengths = slices.Clone(grid.Lengths)
		for i, dx := range a.spacing {
			grid.Lengths[i] = float64(dx) * float64(grid.Points[i])
		}
	}
	random := sampleRandom(p.Seed, epoch, sample)
	for _, law := range p.Augment {
		g := law.Draw(random, grid)
		rest := p.frames
		for i := range p.Window.History + p.Window.Unroll {
			shape, channels := p.target, a.target
			if i < p.Window.History {
				shape, channels = p.input, a.input
			}
			now := g
			if m, ok := g.(moving); ok {
				now = m.at(p.since(trajectory, start, i))
			}
			n := product(shape)
			now.Apply(p.spare[:n], rest[:n], shape, channels)
			copy(rest[:n], p.spare)
			rest = rest[n:]
		}
		if p.constants != nil {
			g.Apply(p.spare[:len(p.constant)], p.constant, p.constantShape, a.constants)
			copy(p.constant, p.spare)
		}
		if t, ok := g.(telling); ok {
			for _, numbers := range p.conditionsOf(b, row) {
				t.tell(p.Condition, numbers)
			}
		}
	}
	return nil
}

// since is the time of frame i of a sample after the last one of its input.
func (p *plan) since(trajectory, start, i int) float64 {
	if !p.turns.timed {
		return 0
	}
	m, w := &p.Set.Meta, p.Window
	return m.timeOf(trajectory, start+i*w.Stride) - m.timeOf(trajectory, start+(w.History-1)*w.Stride)
}
