package pinn

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/domain"
	"github.com/kolmogo/kolmogo/pde/term"
)

// Windows cuts the time into intervals of equal length that are solved one after another, each by a network of its own (time marching;
// Krishnapriyan et al. 2021, arXiv 2109.01050, sec. 5). Where a window begins, the derivatives in time that the equations need at the first
// time are what the window before has there at its end.
type Windows struct {
	Count  int    `yaml:"count,omitempty" help:"intervals of the time that are solved one after another (default 1)"`
	Fresh  bool   `yaml:"fresh,omitempty" help:"start each network at random, not from the one before"`
	Weight Number `yaml:"weight,omitempty" help:"of the mean square of what is handed over (default that of the initial conditions)"`
	Points int    `yaml:"points,omitempty" help:"at which it is handed over (default those of the initial conditions)"`
}

// handedOver is the name of the set on which a window continues the one before.
const handedOver = "handover"

// HandsOver tells whether the residuals of a set are differences from the window before: its feed "targets." + Name has the values of
// Handover there.
func (s *Set) HandsOver() bool { return strings.HasPrefix(s.Name, handedOver) }

// Observed tells whether a set is observations, which are drawn once.
func (s *Set) Observed() bool { return s.observed != nil }

// compileWindows makes a model for each window.
func (m *Model) compileWindows(net models.Config, rnd *rand.Rand) error {
	p, w := m.Problem, m.Problem.Windows
	if w.Count < 0 || w.Points < 0 || !(w.Weight >= 0) {
		return fmt.Errorf("pinn: windows: count %d, points %d and weight %v must not be negative", w.Count, w.Points, float64(w.Weight))
	}
	if m.time() == " " {
		return fmt.Errorf("pinn: windows: the domain has no time to cut: add domain.time or remove windows")
	}
	if len(p.Trained)+len(p.Hidden)+p.Data.Points > 0 {
		return fmt.Errorf("pinn: windows: each window is solved for itself, so nothing can be sought or observed over all of them: remove trained, hidden and data, or windows")
	}
	if m.cutInTime() {
		return fmt.Errorf("pinn: windows: subdomains.cuts has the time, too: remove one")
	}
	conditions := [3][]Condition{}
	for i, c := range p.Conditions {
		s, err := m.condition(c)
		if err != nil {
			return err
		}
		initial := slices.ContainsFunc(s.pieces, func(q domain.Piece) bool { return q.Part == domain.Initial })
		final := slices.ContainsFunc(s.pieces, func(q domain.Piece) bool { return q.Part == domain.Final })
		if initial {
			w.Weight, w.Points = max(w.Weight, c.Weight, 1), max(w.Points, c.Points)
		}
		for k, skip := range []bool{final, initial || final, initial} {
			if !skip {
				conditions[k] = append(conditions[k], p.Conditions[i])
			}
		}
	}
	w.Weight, w.Points = cmp.Or(m.Problem.Windows.Weight, w.Weight, 1), cmp.Or(m.Problem.Windows.Points, w.Points, 200)
	start, end := float64(p.Domain.Time[0]), float64(p.Domain.Time[1])
	at := func(k int) Number { return Number(start + (end-start)*float64(k)/float64(w.Count)) }
	for k := range w.Count {
		part := p
		part.Windows, part.Reference = Windows{Weight: w.Weight, Points: w.Points}, Reference{Quantities: m.Quantities}
		part.Domain.Time = []Number{at(k), at(k + 1)}
		switch k {
		case 0:
			part.Conditions = conditions[0]
		case w.Count - 1:
			part.Conditions = conditions[2]
		default:
			part.Conditions = conditions[1]
		}
		one, err := compile(part, k > 0)
		if err != nil {
			return fmt.Errorf("pinn: window %d: %w", k, err)
		}
		if err := one.drawNetworks(net, rnd); err != nil {
			return err
		}
		for _, q := range one.Params() {
			q.Name = fmt.Sprintf("windows.%d.%s", k, q.Name)
		}
		m.windows = append(m.windows, one)
	}
	return nil
}

// Windows are the models of the windows, in the order in which they are solved; without windows the model itself.
func (m *Model) Windows() []*Model {
	if len(m.windows) == 0 {
		return []*Model{m}
	}
	return m.windows
}

// WindowAt is the number of the window whose network has the solution at a point.
func (m *Model) WindowAt(x []float64) int {
	for k, w := range m.windows {
		if x[len(x)-1] <= float64(w.Problem.Domain.Time[1]) {
			return k
		}
	}
	return max(0, len(m.windows)-1)
}

// compileHandover makes the set on which a window continues the one before: ∂ʲu/∂tʲ for j below the order in time of each unknown.
func (m *Model) compileHandover() error {
	w, t := m.Problem.Windows, len(m.Problem.Coordinates)-1
	s := &Set{Name: handedOver, Points: w.Points, Weight: float64(w.Weight)}
	orders := m.orders()
	for _, u := range m.Problem.Unknowns {
		for j := range orders[u][t] {
			d := strings.Repeat(string(byte(t)), j)
			s.residuals = append(s.residuals, term.Unknown{Name: u, D: d})
			s.Rows = append(s.Rows, fmt.Sprintf("%s goes on, derivative %d", u, j))
		}
	}
	if len(s.residuals) == 0 {
		return fmt.Errorf("the equations have no derivative in %s: remove windows", m.time())
	}
	var err error
	if s.pieces, err = m.pieces("initial"); err != nil {
		return err
	}
	m.Sets = append(m.Sets, s)
	return nil
}

// Handover builds what this window hands over to the next one at the input "points", [n, coordinates]: the residuals of the next one's set, [n, k].
func (m *Model) Handover(g *op.Graph, t op.Dtype, next *Set, n int) (op.Value, error) {
	return m.table(g, t, next.part, next.residuals, n)
}

// InWindow returns which of the points [n, coordinates] lie in the first windows, of the given number.
func (m *Model) InWindow(x []float64, windows int) []int {
	var list []int
	d := len(m.Problem.Coordinates)
	for i := range len(x) / d {
		if m.WindowAt(x[i*d:(i+1)*d]) < windows {
			list = append(list, i)
		}
	}
	return slices.Clip(list)
}
