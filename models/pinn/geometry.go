package pinn

import (
	"fmt"

	"github.com/kolmogo/kolmogo/pde/domain"
)

// Geometry says where the equations hold: one of Box, Disc, Ball and Polygon, without what Without lists, and from the first to the second
// Time where there is one.
type Geometry struct {
	Box     [][]Number `yaml:"box,omitempty" help:"[low, high] of every coordinate of space"`
	Disc    []Number   `yaml:"disc,omitempty" help:"instead: x, y and radius of a disc"`
	Ball    []Number   `yaml:"ball,omitempty" help:"instead: the coordinates of the centre and the radius of a ball in any number of dimensions"`
	Polygon [][]Number `yaml:"polygon,omitempty" help:"instead: [x, y] of the corners of a polygon"`
	Without []Geometry `yaml:"without,omitempty" help:"boxes, discs and polygons that are taken away"`
	Time    []Number   `yaml:"time,omitempty" help:"[first, last]"`
}

// Region returns the region of space and time.
func (g Geometry) Region() (domain.Region, error) {
	r, err := g.space()
	if err != nil || len(g.Time) == 0 {
		return r, err
	}
	if len(g.Time) != 2 || !(g.Time[0] < g.Time[1]) {
		return nil, fmt.Errorf("pinn: domain.time %v: want [first, last]", g.Time)
	}
	return domain.Over{Space: r, Start: float64(g.Time[0]), End: float64(g.Time[1])}, nil
}

func (g Geometry) space() (domain.Region, error) {
	r, err := g.shape()
	if err != nil {
		return nil, err
	}
	low, _ := r.Bounds()
	for _, w := range g.Without {
		hole, err := w.space()
		if err != nil {
			return nil, fmt.Errorf("domain.without: %w", err)
		}
		if l, _ := hole.Bounds(); len(l) != len(low) || len(w.Time) > 0 {
			return nil, fmt.Errorf("pinn: domain.without: a region of space with %d dimensions from one with %d", len(l), len(low))
		}
		r = domain.Difference{From: r, Without: hole}
	}
	return r, nil
}

func (g Geometry) shape() (domain.Region, error) {
	given := 0
	for _, n := range []int{len(g.Box), len(g.Disc), len(g.Ball), len(g.Polygon)} {
		given += min(n, 1)
	}
	switch n := len(g.Ball) - 1; {
	case given != 1:
	case len(g.Box) > 0:
		var b domain.Box
		for i, side := range g.Box {
			if len(side) != 2 || !(side[0] < side[1]) {
				return nil, fmt.Errorf("pinn: domain.box: side %d is %v: want [low, high]", i, side)
			}
			b.Low, b.High = append(b.Low, float64(side[0])), append(b.High, float64(side[1]))
		}
		return b, nil
	case len(g.Disc) == 3 && g.Disc[2] > 0:
		return domain.Ball{Centre: []float64{float64(g.Disc[0]), float64(g.Disc[1])}, Radius: float64(g.Disc[2])}, nil
	case n > 1 && g.Ball[n] > 0:
		b := domain.Ball{Radius: float64(g.Ball[n])}
		for _, c := range g.Ball[:n] {
			b.Centre = append(b.Centre, float64(c))
		}
		return b, nil
	case len(g.Polygon) > 2:
		var p domain.Polygon
		for i, c := range g.Polygon {
			if len(c) != 2 {
				return nil, fmt.Errorf("pinn: domain.polygon: corner %d is %v: want [x, y]", i, c)
			}
			p.Corners = append(p.Corners, [2]float64{float64(c[0]), float64(c[1])})
		}
		return p, nil
	}
	return nil, fmt.Errorf("pinn: domain: want one of box ([low, high] of each coordinate), disc ([x, y, radius > 0]), ball (the centre and the radius > 0) and polygon (three corners or more)")
}
