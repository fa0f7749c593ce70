package pinn

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/pde/domain"
)

// divide gives each part its points of every set, and adds the sets on which parts meet.
func (m *Model) divide() error {
	if len(m.parts) == 1 {
		return nil
	}
	var list []*Set
	for _, s := range m.Sets {
		sets, err := m.divided(s)
		if err != nil {
			return err
		}
		list = append(list, sets...)
	}
	meeting, err := m.interfaces()
	m.Sets = append(list, meeting...)
	return err
}

// divided are the sets of parts, or of pairs of parts for what repeats, that a set makes.
func (m *Model) divided(s *Set) ([]*Set, error) {
	var list []*Set
	for k, p := range m.parts {
		for j, q := range m.parts {
			if j != k && s.shift == nil {
				continue
			}
			one := *s
			one.Name, one.part, one.beside, one.region = fmt.Sprintf("%s.%d", s.Name, k), k, j, p.region
			if s.shift != nil {
				one.Name = fmt.Sprintf("%s.%d", one.Name, j)
			}
			switch {
			case s.fixed != nil:
				if m.cutInTime() {
					return nil, fmt.Errorf("pinn: %s: a condition at a point of space belongs to one network: cut no time", s.Name)
				}
				low, _ := m.Region.Bounds()
				if m.partAt(append(slices.Clone(s.fixed), low[len(s.fixed):]...)) != k {
					continue
				}
			case s.pieces != nil:
				one.pieces = nil
				for _, piece := range s.pieces {
					keep := piece.Keep
					piece.Keep = func(x []float64) bool {
						return p.cells.Boxed(x) && q.cells.Boxed(one.beyond(x)) && (keep == nil || keep(x))
					}
					if someOf(piece, len(m.Problem.Coordinates)) {
						one.pieces = append(one.pieces, piece)
					}
				}
				if one.pieces == nil {
					continue
				}
			}
			list = append(list, &one)
		}
	}
	for _, one := range list {
		one.Points = max(1, one.Points/len(list))
	}
	return list, nil
}

// beyond is where a periodic condition compares x with.
func (s *Set) beyond(x []float64) []float64 {
	if s.shift == nil {
		return x
	}
	y := slices.Clone(x)
	for i := range y {
		y[i] += s.shift[i]
	}
	return y
}

// someOf tells whether a piece keeps any of its points.
func someOf(p domain.Piece, d int) bool {
	if !(p.Measure > 0) {
		return false
	}
	s, err := domain.Halton.Cube(2000, max(d-1, 1), rand.New(rand.NewPCG(0, 0)))
	if err != nil {
		return false
	}
	x, normal := make([]float64, d), make([]float64, d)
	for i := 0; i < len(s); i += max(d-1, 1) {
		p.At(s[i:i+d-1], x, normal)
		if p.Keep(x) {
			return true
		}
	}
	return false
}

// interfaces are the sets on which parts meet.
func (m *Model) interfaces() ([]*Set, error) {
	d := m.Problem.Subdomains
	couplings := d.Interface
	if len(couplings) == 0 {
		couplings = []Coupling{{Kind: "average"}, {Kind: "residual_continuity"}}
	}
	if d.Points < 0 {
		return nil, fmt.Errorf("pinn: subdomains.points is %d: it must be positive", d.Points)
	}
	s := &Set{Points: cmp.Or(d.Points, 100), Weight: 1, normals: true}
	for _, c := range couplings {
		kind, ok := couplingKinds()[c.Kind]
		if !ok {
			return nil, fmt.Errorf("pinn: subdomains.interface: unknown kind %q (known: %v)", c.Kind, slices.Sorted(maps.Keys(couplingKinds())))
		}
		weight := cmp.Or(float64(c.Weight), 1)
		if !(weight > 0) || math.IsInf(weight, 0) {
			return nil, fmt.Errorf("pinn: subdomains.interface: %s: the weight %v must be positive", c.Kind, weight)
		}
		exprs, err := kind.exprs(m)
		if err != nil {
			return nil, fmt.Errorf("pinn: subdomains.interface: %s: %w", c.Kind, err)
		}
		for i, e := range exprs {
			for _, side := range kind.sides {
				s.residuals, s.sides, s.weights = append(s.residuals, e), append(s.sides, side), append(s.weights, weight)
				s.Rows, s.Kinds = append(s.Rows, fmt.Sprintf("%s %d", c.Kind, i)), append(s.Kinds, c.Kind)
			}
		}
	}
	var list []*Set
	for k, p := range m.parts {
		for j, q := range m.parts[:k] {
			one := *s
			one.Name, one.part, one.beside = fmt.Sprintf("interface.%d.%d", j, k), j, k
			one.pieces = slices.DeleteFunc(q.cells.Shared(p.cells), func(f domain.Piece) bool { return !someOf(f, len(m.Problem.Coordinates)) })
			if len(one.pieces) > 0 {
				list = append(list, &one)
			}
		}
	}
	return list, nil
}
