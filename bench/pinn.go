package bench

import (
	"fmt"
	"math/rand/v2"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// residual is the training step of a network of tanh on the mean square of an equation's residual at points of the domain, and of its
// conditions, with AdamW: Burgers' equation from −sin πx, or Poisson's on the unit square.
//
// A point takes a row of each product for the value and for each derivative: 4 for Burgers (u, u_t, u_x, u_xx), 4 for Poisson
// (u, u_x, u_y, Δu); a row of the conditions one. A row takes what it takes of an mlp.
type residual struct {
	Points   int    `json:"points"`
	Layers   int    `json:"layers"`
	Width    int    `json:"width"`
	Equation string `json:"equation"` // burgers or poisson
	Double   bool   `json:"double"`   // float64
}

// Kind implements Problem.
func (residual) Kind() string { return "residual" }

func (residual) training() bool { return true }

// conditions is the number of points at which the conditions hold.
func (r residual) conditions() int { return max(r.Points/100, 4) }

// problem is what the networks solve.
func (r residual) problem() (pinn.Problem, error) {
	number := func(v ...pinn.Number) []pinn.Number { return v }
	switch r.Equation {
	case "burgers":
		return pinn.Problem{
			Coordinates: []string{"x", "t"},
			Domain:      pinn.Geometry{Box: [][]pinn.Number{number(-1, 1)}, Time: number(0, 1)},
			Parameters:  map[string]pinn.Number{"nu": 0.0031830988618379067},
			Equations:   []string{"u_t + u*u_x - nu*u_xx"},
			Conditions:  []pinn.Condition{{On: "t = 0", Equation: "u = -sin(pi x)", Points: r.conditions()}, {On: "boundary", Equation: "u = 0", Points: r.conditions()}},
		}, nil
	case "poisson":
		return pinn.Problem{
			Coordinates: []string{"x", "y"},
			Domain:      pinn.Geometry{Box: [][]pinn.Number{number(0, 1), number(0, 1)}},
			Equations:   []string{"laplacian(u) = -2pi^2 sin(pi x) sin(pi y)"},
			Conditions:  []pinn.Condition{{On: "boundary", Equation: "u = 0", Points: r.conditions()}},
		}, nil
	}
	return pinn.Problem{}, fmt.Errorf("bench: no equation is called %q", r.Equation)
}

// Build implements Problem.
func (r residual) Build() (*Case, error) {
	p, err := r.problem()
	if err != nil {
		return nil, err
	}
	rnd := source()
	m, err := pinn.New(p, models.Config{Width: r.Width, Layers: r.Layers}, rnd)
	if err != nil {
		return nil, err
	}
	t := op.Float32
	if r.Double {
		t = op.Float64
	}
	g := op.NewGraph()
	inputs := map[string][]float32{}
	var loss op.Value
	for i, set := range m.Sets {
		n := set.Points
		if i == 0 {
			n = r.Points
		}
		rows, err := m.Rows(g, t, set, n)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			mean := op.MeanAll(op.Mul(row.Value, row.Value))
			if loss.Valid() {
				mean = op.Add(loss, mean)
			}
			loss = mean
		}
		if err := draw(m, set, n, rnd, inputs); err != nil {
			return nil, err
		}
	}
	var params []*models.Param
	for _, q := range m.Params() {
		params = append(params, q)
	}
	return trainingCase(loss, params, inputs)
}

// draw adds the points of a set to the inputs.
func draw(m *pinn.Model, set *pinn.Set, n int, rnd *rand.Rand, inputs map[string][]float32) error {
	feed, err := m.Draw(set, n, pinn.Draw{}, rnd)
	if err != nil {
		return err
	}
	for name, data := range feed {
		for _, x := range data {
			inputs[name] = append(inputs[name], float32(x))
		}
	}
	return nil
}

// Floor implements Problem.
func (r residual) Floor() Floor {
	w, l, size := int64(r.Width), int64(r.Layers), int64(4)
	if r.Double {
		size = 8
	}
	rows := 4*int64(r.Points) + int64(r.conditions())
	if r.Equation == "burgers" {
		rows += int64(r.conditions())
	}
	q := 2 * (2*w + (l-1)*w*w + w)
	params := 3*w + (l-1)*(w*w+w) + w + 1
	return Floor{FLOPs: rows*(3*q-4*w) + adamFLOPs*params, Bytes: 2*size*int64(r.Points) + 7*size*params}
}
