package eval

import "fmt"

// Result is the value of a metric and what it was made of.
type Result struct {
	Name      string
	Value     float64        // the number
	Each      Field[float64] // before any reduction, [trajectory, time, channel]; an extent is one where the metric joins it
	Steps     Field[float64] // over trajectories, [time, channel]
	Curve     []float64      // over trajectories and channels, one per frame
	Undefined []Undefined    // elements without a finite value, or whose target gives it no meaning
}

// Undefined is an element that has no meaningful value. Time and Channel are −1 where the metric takes all of them together.
type Undefined struct {
	Trajectory, Time, Channel int
	Reason                    string
}

func (u Undefined) String() string {
	s := fmt.Sprintf("trajectory %d", u.Trajectory)
	if u.Time >= 0 {
		s += fmt.Sprintf(", frame %d", u.Time)
	}
	if u.Channel >= 0 {
		s += fmt.Sprintf(", channel %d", u.Channel)
	}
	return s + ": " + u.Reason
}

// reduce folds [trajectory, time, channel] over trajectories, channels and time, in this order.
func (r rule) reduce(each Field[float64]) Result {
	trajectories, frames, channels := each.Shape[0], each.Shape[1], each.Shape[2]
	steps := Field[float64]{make([]float64, frames*channels), []int{frames, channels}}
	column := make([]float64, trajectories)
	for i := range steps.Data {
		for b := range column {
			column[b] = each.Data[b*len(steps.Data)+i]
		}
		steps.Data[i] = r.batch(column)
	}
	curve := make([]float64, frames)
	for t := range curve {
		curve[t] = r.channel(steps.Data[t*channels : (t+1)*channels])
	}
	return Result{Value: r.time(curve), Each: each, Steps: steps, Curve: curve}
}
