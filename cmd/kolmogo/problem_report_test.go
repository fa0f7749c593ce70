package main

import (
	"math"
	"slices"
	"testing"
)

// TestMapGrid: points of a grid with a hole lie at their nodes, the last coordinate running fastest, and the hole has no value; scattered points
// make no grid.
func TestMapGrid(t *testing.T) {
	var points, values []float64
	for i := range 4 {
		for j := range 3 {
			if i == 1 && j == 2 {
				continue
			}
			points, values = append(points, float64(i)/2, 1-float64(j)), append(values, float64(10*i+j), -1)
		}
	}
	g, ok := newMapGrid([]string{"x", "y"}, points)
	if !ok || !slices.Equal(g.shape, []int{4, 3}) || g.axes[0].Max != 1.5 || g.axes[1].Min != -1 {
		t.Fatalf("grid %+v, %v", g, ok)
	}
	field := g.field(values, 0, 2, func(x float64) float64 { return x })
	for i := range 4 {
		for j := range 3 {
			got, want := field[3*i+2-j], float64(10*i+j) // y falls with j
			if hole := i == 1 && j == 2; hole && !math.IsNaN(got) || !hole && got != want {
				t.Errorf("node %d, %d has %v, want %v", i, j, got, want)
			}
		}
	}
	var scattered []float64
	for i := range 40 {
		scattered = append(scattered, math.Sin(float64(i)), math.Cos(3*float64(i)))
	}
	if _, ok := newMapGrid([]string{"x", "y"}, scattered); ok {
		t.Error("scattered points are taken for a grid")
	}
	if _, ok := newMapGrid([]string{"x", "y", "z", "t"}, make([]float64, 8)); ok {
		t.Error("four coordinates make a picture")
	}
}
