package pinn

import (
	"fmt"
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
