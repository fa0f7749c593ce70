package models

import (
	"fmt"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models/constraint"

	"github.com/kolmogo/kolmogo/models/refiner"
)

// Description is everything needed to rebuild a Surrogate: what a checkpoint and an exported file's sidecar hold.
type Description struct {
	Model      Config  `json:"model"`
	Channels   int     `json:"channels"`   // channels of one input frame
	Outputs    int     `json:"outputs"`    // channels of a prediction
	Axes       int     `json:"axes"`       // axes of space
	Frames     int     `json:"frames"`     // input frames, oldest first
	Difference bool    `json:"difference"` // whether the network predicts the change to the last frame
	Input      Scaling `json:"input"`      // normalisation of each input channel
	Output     Scaling `json:"output"`     // normalisation of each output channel

	Weight    float64  `json:"difference_weight,omitempty"` // with Difference: what the predicted change is multiplied by; 0 means 1
	Condition []string `json:"condition,omitempty"`         // names of the scalars that the network is told, in order
	Scalars   Scaling  `json:"scalars,omitzero"`            // normalisation of each scalar
	Grid      []int    `json:"grid,omitempty"`              // points per axis of the fields that it is trained on

	Refiner refiner.Config `json:"refiner,omitzero"` // how a prediction is sampled; the zero value: by one call
}

// Build returns the surrogate with initial values from rnd; without values for a nil rnd, as New.
func (d Description) Build(rnd *rand.Rand) (*Surrogate, error) {
	frames := max(d.Frames, 1)
	if err := d.Input.Check(d.Channels); err != nil {
		return nil, fmt.Errorf("input %w", err)
	}
	if err := d.Output.Check(d.Outputs); err != nil {
		return nil, fmt.Errorf("output %w", err)
	}
	if d.Difference && d.Outputs > d.Channels {
		return nil, fmt.Errorf("models: the change of %d channels cannot be predicted from %d", d.Outputs, d.Channels)
	}
	if err := d.Scalars.Check(len(d.Condition)); err != nil {
		return nil, fmt.Errorf("scalar %w", err)
	}
	ports := Ports{In: frames * d.Channels, Out: d.Outputs, Axes: d.Axes, Scalars: len(d.Condition), Grid: d.Grid}
	process, err := refiner.New(d.Refiner)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	if process != nil { // the network sees the noised field too, and is told the level
		ports.In += d.Outputs
		ports.Scalars++
	}
	layer, err := constraint.New(d.Model.Constraint, d.Axes, d.Outputs)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	if layer != nil {
		if (process != nil || d.Difference) && layer.Raw() {
			return nil, fmt.Errorf("models: constraint %s makes the prediction itself: it goes neither with data.target: difference nor with a refiner", d.Model.Constraint.Kind)
		}
		ports.Out = layer.Channels(d.Outputs)
	}
	net, err := New(d.Model, ports, rnd)
	if err != nil {
		return nil, err
	}
	return &Surrogate{Net: net, In: d.Input, Out: d.Output, Scalars: d.Scalars, Frames: frames, Difference: d.Difference, Weight: d.Weight, Process: process, Outputs: d.Outputs, Constraint: layer}, nil
}
