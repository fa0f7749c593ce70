package domain

import (
	"errors"
	"math/rand/v2"
)

// errThin is returned for a region that next to nothing of its bounds belongs to.
var errThin = errors.New("domain: not one of 100,000 points of the bounds lies in the region: is it empty?")

// Interior returns n points of a region, one after another: points of its bounds that it contains.
func Interior(r Region, how Sampling, n int, rnd *rand.Rand) ([]float64, error) {
	low, high := r.Bounds()
	d := len(low)
	points := make([]float64, 0, n*d)
	for tried := 0; len(points) < n*d; {
		missing := n - len(points)/d
		cube, err := how.Cube(max(missing, 16), d, rnd)
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(cube) && len(points) < n*d; i += d {
			x := cube[i : i+d]
			for k := range x {
				x[k] = low[k] + (high[k]-low[k])*x[k]
			}
			if r.Contains(x) {
				points = append(points, x...)
			}
		}
		if tried += len(cube) / d; len(points) == 0 && tried > 100_000 {
			return nil, errThin
		}
	}
	return points, nil
}

// On returns n points and their outer normals on pieces of a boundary, as many on each as its measure asks for.
func On(pieces []Piece, d int, how Sampling, n int, rnd *rand.Rand) (points, normals []float64, err error) {
	total := 0.0
	for _, p := range pieces {
		total += p.Measure
	}
	if !(total > 0) {
		return nil, nil, errors.New("domain: there is no boundary to draw points on")
	}
	points, normals = make([]float64, 0, n*d), make([]float64, 0, n*d)
	x, normal := make([]float64, d), make([]float64, d)
	for tried := 0; len(points) < n*d; {
		cube, err := how.Cube(max(n-len(points)/d, 16), d, rnd) // the first coordinate chooses the piece
		if err != nil {
			return nil, nil, err
		}
		for i := 0; i < len(cube) && len(points) < n*d; i += d {
			p := choose(pieces, cube[i]*total)
			if d == 1 { // pieces are points: each as often as the others
				p = pieces[len(points)%len(pieces)]
			}
			p.At(cube[i+1:i+d], x, normal)
			if p.Keep == nil || p.Keep(x) {
				points, normals = append(points, x...), append(normals, normal...)
			}
		}
		if tried += len(cube) / d; len(points) == 0 && tried > 100_000 {
			return nil, nil, errThin
		}
	}
	return points, normals, nil
}

// choose returns the piece in which a cumulative measure falls.
func choose(pieces []Piece, at float64) Piece {
	for _, p := range pieces[:len(pieces)-1] {
		if at -= p.Measure; at < 0 {
			return p
		}
	}
	return pieces[len(pieces)-1]
}
