package models

import "fmt"

// Ports are what a model is connected to: the channels of its input and output fields, the axes of space, and the scalars that it
// is told.
type Ports struct {
	In, Out int
	Axes    int   // 1, 2 or 3
	Scalars int   // of each sample; see Conditioned
	Grid    []int // points per axis of the fields that it is trained on, for models that need to know; nil: not known
}

// check reports ports that no model can have.
func (p Ports) check() error {
	if p.In < 1 || p.Out < 1 {
		return fmt.Errorf("models: %d input and %d output channels: both must be positive", p.In, p.Out)
	}
	if p.Scalars < 0 {
		return fmt.Errorf("models: %d scalars", p.Scalars)
	}
	if p.Grid != nil && len(p.Grid) != p.Axes {
		return fmt.Errorf("models: a grid of %v with %d space axes", p.Grid, p.Axes)
	}
	return nil
}
