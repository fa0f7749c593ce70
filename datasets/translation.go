package datasets

import (
	"fmt"
	"math/rand/v2"
)

// Shift draws a translation of fields that are periodic in every axis, by any number of points.
type Shift struct{}

// Check asks for axes that are periodic or whose ends nothing is known of.
func (Shift) Check(l *Loader) error { return periodic("a shift", l.Set) }

func periodic(what string, s *Set) error {
	for _, axis := range s.Meta.Axes {
		for _, end := range []Boundary{axis.Low, axis.High} {
			if end != "" && end != Periodic {
				return fmt.Errorf("%s does not apply to axis %s, whose ends are of kind %q", what, axis.Name, end)
			}
		}
	}
	return nil
}

// Draw draws each translation with the same probability.
func (Shift) Draw(random *rand.PCG, g Grid) Transform {
	by := make(Translation, len(g.Points))
	for i, n := range g.Points {
		by[i] = below(random, n)
	}
	return by
}

// Translation moves periodic fields by whole points: (g u)[i, ..] = u[(i − s) mod n, ..], s the entry of the axis.
type Translation []int

// Apply writes g(src) into dst.
func (t Translation) Apply(dst, src []float32, shape []int, channels []Channel) {
	if len(t) == 0 {
		copy(dst, src)
		return
	}
	block := 1
	for _, n := range shape[1:] {
		block *= n
	}
	for i := range shape[0] {
		to := modulo(i+t[0], shape[0])
		t[1:].Apply(dst[to*block:(to+1)*block], src[i*block:(i+1)*block], shape[1:], channels)
	}
}

// Inverse returns the translation by −s.
func (t Translation) Inverse() Transform {
	inverse := make(Translation, len(t))
	for i, s := range t {
		inverse[i] = -s
	}
	return inverse
}

func modulo(i, n int) int { return ((i % n) + n) % n }
