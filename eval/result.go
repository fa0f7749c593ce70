package eval

import "fmt"

// Result is the value of a metric and what it was made of.
type Result struct {
	Name      string
	Value     float64        // the number
	Each      Field[float64] // before any reduction, [trajectory, time, channel], with parts after it; an extent is one where the metric joins it
	Steps     Field[float64] // over trajectories, [time, channel]
	Curve     []float64      // over trajectories and channels, one per frame
	Undefined []Undefined    // elements without a finite value, or whose target gives it no meaning
}

// Undefined is an element that has no meaningful value. Trajectory, Time and Channel are −1 where the metric takes all of them together.
type Undefined struct {
	Trajectory, Time, Channel int
	Reason                    string
}

func (u Undefined) String() string {
	s := "every trajectory"
	if u.Trajectory >= 0 {
		s = fmt.Sprintf("trajectory %d", u.Trajectory)
	}
	if u.Time >= 0 {
		s += fmt.Sprintf(", frame %d", u.Time)
	}
	if u.Channel >= 0 {
		s += fmt.Sprintf(", channel %d", u.Channel)
	}
	return s + ": " + u.Reason
}

// reduce folds [trajectory, time, channel] over trajectories, channels and time, in this order; parts are joined after trajectories.
func (r rule) reduce(each Field[float64]) Result {
	trajectories, frames, channels := each.Shape[0], each.Shape[1], each.Shape[2]
	steps := Field[float64]{make([]float64, frames*channels), []int{frames, channels}}
	count := len(each.Data) / (trajectories * len(steps.Data))
	column, parts := make([]float64, trajectories), make([]float64, count)
	for i := range steps.Data {
		for k := range parts {
			for b := range column {
				column[b] = each.Data[(b*len(steps.Data)+i)*count+k]
			}
			parts[k] = r.batch(column)
		}
		if r.parts == nil {
			steps.Data[i] = parts[0]
		} else {
			steps.Data[i] = r.join(parts)
		}
	}
	if r.parts != nil {
		each.Shape = append(each.Shape, count)
	}
	curve := make([]float64, frames)
	for t := range curve {
		curve[t] = r.channel(steps.Data[t*channels : (t+1)*channels])
	}
	return Result{Value: r.time(curve), Each: each, Steps: steps, Curve: curve}
}
