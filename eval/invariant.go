package eval

import (
	"fmt"
	"math"
	"slices"
)

// Invariants follows what an equation may conserve: of every channel the mean and the mean square over points,
//
//	M = Σ_x u / N    S = Σ_x u² / N
//
// for the initial frame (row 0 of the curves) and every step after it.
type Invariants struct {
	Mean   []Curves // by channel
	Square []Curves // by channel
	shape  []int
}

// Add adds the next frame of all trajectories, [trajectory, 1, x.., channel].
func (v *Invariants) Add(f Field[float32]) error {
	if err := f.check("frame"); err != nil {
		return err
	}
	if v.shape == nil {
		v.shape = slices.Clone(f.Shape)
		v.Mean, v.Square = make([]Curves, f.Channels()), make([]Curves, f.Channels())
	}
	if !slices.Equal(v.shape, f.Shape) || f.Frames() != 1 {
		return fmt.Errorf("eval: frame has shape %v; want one frame of the shape of the first, %v", f.Shape, v.shape)
	}
	channels, points := f.Channels(), float64(product(f.Grid()))
	for c := range channels {
		means, squares := make([]float64, f.Trajectories()), make([]float64, f.Trajectories())
		for b := range means {
			frame := f.Frame(b, 0).Data
			for at := c; at < len(frame); at += channels {
				u := float64(frame[at])
				means[b] += u / points
				squares[b] += u * u / points
			}
		}
		v.Mean[c], v.Square[c] = append(v.Mean[c], means), append(v.Square[c], squares)
	}
	return nil
}

// MeanDrift is |Mₙ − M₀| / √S₀ of a channel, [step][trajectory] from the first step on: the drift of the mean in units of the root mean square
// of the initial frame.
func (v *Invariants) MeanDrift(channel int) Curves {
	return v.drift(v.Mean[channel], func(b int) float64 { return math.Sqrt(v.Square[channel][0][b]) })
}

// SquareDrift is |Sₙ − S₀| / S₀ of a channel: the drift of its energy.
func (v *Invariants) SquareDrift(channel int) Curves {
	return v.drift(v.Square[channel], func(b int) float64 { return v.Square[channel][0][b] })
}

func (v *Invariants) drift(c Curves, scale func(trajectory int) float64) Curves {
	var d Curves
	for _, now := range c[1:] {
		row := make([]float64, len(now))
		for b, q := range now {
			row[b] = math.Abs(q-c[0][b]) / scale(b)
		}
		d = append(d, row)
	}
	return d
}
