package pinn

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/pde/domain"
)

// Subdomains cuts the domain into cells for networks of their own, which conditions on the faces between them couple (XPINN; Jagtap &
// Karniadakis 2020, Commun. Comput. Phys. 28, 2002). Scaled coordinates run over the subdomain of their network; points of the domain,
// of a condition and of observations are divided equally among the networks that have some of them, and the mean squares are added.
type Subdomains struct {
	Cuts      map[string][]Number `yaml:"cuts,omitempty" help:"by coordinate: where the domain is cut, as in {x: [-0.1, 0.1]}"`
	Networks  []int               `yaml:"networks,omitempty" help:"number of the network of each cell, the last coordinate running fastest (default one each)"`
	Interface []Coupling          `yaml:"interface,omitempty" help:"conditions where networks meet: kinds, or {kind, weight} (default average and residual_continuity)"`
	Points    int                 `yaml:"points,omitempty" help:"of each interface in each step (default 100)"`
	Flux      map[string]string   `yaml:"flux,omitempty" help:"by coordinate: what the equation conserves flows along it, for the coupling flux: {x: u^2/2 - nu*u_x, t: u}"`
}

// part is what one network has of the domain.
type part struct {
	region domain.Region
	cells  domain.Cells // without cuts: none
	inputs inputs
}

// compileParts cuts the domain.
func (m *Model) compileParts() error {
	d := m.Problem.Subdomains
	if len(d.Cuts) == 0 {
		m.parts = []*part{{region: m.Region, inputs: m.inputs}}
		if len(d.Networks)+len(d.Interface)+len(d.Flux) > 0 {
			return fmt.Errorf("pinn: subdomains: there are no cuts: say where, as in {x: [0]}")
		}
		return nil
	}
	boxes, err := m.cells()
	if err != nil {
		return err
	}
	networks := d.Networks
	if len(networks) == 0 {
		for k := range boxes {
			networks = append(networks, k)
		}
	}
	if len(networks) != len(boxes) {
		return fmt.Errorf("pinn: subdomains.networks: %d numbers for %d cells", len(networks), len(boxes))
	}
	if len(m.Problem.Hidden) > 0 {
		return fmt.Errorf("pinn: subdomains: a hidden term is one for the whole domain: remove hidden, or subdomains")
	}
	count := slices.Max(networks) + 1
	if len(m.Problem.Ansatz.Parity) > 0 {
		return fmt.Errorf("pinn: subdomains: a network of a part of the domain has no parity: remove ansatz.parity")
	}
	m.parts = make([]*part, max(count, 0))
	for k := range m.parts {
		c := domain.Cells{Of: m.Region}
		for i, b := range boxes {
			if networks[i] == k {
				c.Boxes = append(c.Boxes, b)
			}
		}
		if len(c.Boxes) == 0 {
			return fmt.Errorf("pinn: subdomains.networks %v: number %d is missing", networks, k)
		}
		m.parts[k] = &part{region: c, cells: c}
		low, high := c.Bounds()
		m.parts[k].inputs = m.inputsOver(low, high)
	}
	if slices.Min(networks) < 0 {
		return fmt.Errorf("pinn: subdomains.networks %v: numbers start at 0", networks)
	}
	return nil
}

// cells are the boxes that the cuts make of the bounds, the last coordinate running fastest.
func (m *Model) cells() ([]domain.Box, error) {
	low, high := m.Region.Bounds()
	for name := range m.Problem.Subdomains.Cuts {
		if !slices.Contains(m.Problem.Coordinates, name) {
			return nil, fmt.Errorf("pinn: subdomains.cuts: %q is no coordinate", name)
		}
	}
	boxes := []domain.Box{{}}
	for i, name := range m.Problem.Coordinates {
		ends := []float64{low[i]}
		for _, c := range m.Problem.Subdomains.Cuts[name] {
			if v := float64(c); v > ends[len(ends)-1] && v < high[i] {
				ends = append(ends, v)
				continue
			}
			return nil, fmt.Errorf("pinn: subdomains.cuts.%s %v: want numbers that grow, between %v and %v", name, m.Problem.Subdomains.Cuts[name], low[i], high[i])
		}
		ends = append(ends, high[i])
		var next []domain.Box
		for _, b := range boxes {
			for k := range len(ends) - 1 {
				next = append(next, domain.Box{Low: append(slices.Clone(b.Low), ends[k]), High: append(slices.Clone(b.High), ends[k+1])})
			}
		}
		boxes = next
	}
	return boxes, nil
}

// cutInTime tells whether networks meet at a time.
func (m *Model) cutInTime() bool { return len(m.Problem.Subdomains.Cuts[m.time()]) > 0 }

// drawParts draws the network of each part.
func (m *Model) drawParts(net models.Config, rnd *rand.Rand) error {
	for k, p := range m.parts {
		n, err := NewNetwork(net, p.inputs.count(), len(m.Problem.Unknowns), rnd)
		if err != nil {
			return err
		}
		for _, q := range n.Params() {
			if len(m.parts) > 1 {
				q.Name = fmt.Sprintf("parts.%d.%s", k, q.Name)
			}
		}
		m.Networks = append(m.Networks, n)
	}
	return nil
}

// Parts is the number of networks that have parts of the domain.
func (m *Model) Parts() int {
	if len(m.windows) > 0 {
		return m.windows[0].Parts()
	}
	return len(m.parts)
}

// partAt is the number of the first part that a point lies in.
func (m *Model) partAt(x []float64) int {
	for k, p := range m.parts {
		if len(m.parts) > 1 && p.cells.Boxed(x) {
			return k
		}
	}
	return 0
}

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
