package constraint

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/pde/term"
)

// EquationConfig is the part of Config that an equation needs.
type EquationConfig struct {
	Inside      string            `yaml:"inside,omitempty" mapstructure:"inside" json:"inside,omitempty" help:"what ought to vanish inside the grid, in the unknown u, the axes and the given channels: u_t - 0.1*u_xx"`
	Definitions map[string]string `yaml:"definitions,omitempty" mapstructure:"definitions" json:"definitions,omitempty" help:"names for expressions"`
	Borders     []string          `yaml:"borders,omitempty" mapstructure:"borders" json:"borders,omitempty" help:"rows on a side of the grid, WEIGHT at SIDE: EXPRESSION, as in 50 at x=1: u + 0.1*u_x; SIDE is an axis with 0 or 1"`
	Axes        []string          `yaml:"axes,omitempty" mapstructure:"axes" json:"axes,omitempty" help:"names of the grid's axes (default t, x, y)"`
	Extent      []float64         `yaml:"extent,omitempty" mapstructure:"extent" json:"extent,omitempty" help:"length of each axis (default 1)"`
	Periodic    bool              `yaml:"periodic,omitempty" mapstructure:"periodic" json:"periodic,omitempty" help:"space is periodic, of unit length: derivatives in it are spectral, and all its points are points of the equation"`
	Potential   string            `yaml:"potential,omitempty" mapstructure:"potential" json:"potential,omitempty" help:"with periodic: a name for the field p with -laplacian(p) = u, the stream function of a vorticity"`
	Given       []string          `yaml:"given,omitempty" mapstructure:"given" json:"given,omitempty" help:"names of the input channels"`
	Basis       int               `yaml:"basis,omitempty" mapstructure:"basis" json:"basis,omitempty" help:"fields of the network that are combined (default 16); -1: the network's one field is the solution, and the equation only its loss"`
	Experts     []int             `yaml:"experts,omitempty" mapstructure:"experts" json:"experts,omitempty" help:"parts of each axis with solves of their own (default 1)"`
	Overlap     float64           `yaml:"overlap,omitempty" mapstructure:"overlap" json:"overlap,omitempty" help:"how far parts reach into their neighbours, as a fraction of their own length, with a partition of unity; 0: a hard split"`
	Points      int               `yaml:"points,omitempty" mapstructure:"points" json:"points,omitempty" help:"points inside the grid of each solve; 0: all of its part"`
	Tolerance   float64           `yaml:"tolerance,omitempty" mapstructure:"tolerance" json:"tolerance,omitempty" help:"a solve ends where a step promises a smaller relative decrease (default 1e-4)"`
	Damping     float64           `yaml:"damping,omitempty" mapstructure:"damping" json:"damping,omitempty" help:"first damping of a solve (default 1e-3)"`
	Iterations  int               `yaml:"iterations,omitempty" mapstructure:"iterations" json:"iterations,omitempty" help:"most iterations of a solve (default 30)"`
	Ridge       float64           `yaml:"ridge,omitempty" mapstructure:"ridge" json:"ridge,omitempty" help:"weight of the squared unknowns of a solve (default 1e-8)"`
	Gradient    string            `yaml:"gradient,omitempty" mapstructure:"gradient" json:"gradient,omitempty" help:"through the solves: newton (default, exact), gauss_newton or none"`
	Loss        string            `yaml:"loss,omitempty" mapstructure:"loss" json:"loss,omitempty" help:"rows in the loss: all (default) or interior"`
	Warm        bool              `yaml:"warm,omitempty" mapstructure:"warm" json:"warm,omitempty" help:"in training, start the solves of a sample where those of its last step ended, instead of at ones"`
	FirstGiven  bool              `yaml:"first_given,omitempty" mapstructure:"first_given" json:"first_given,omitempty" help:"the prediction's first entry on the first axis is the first input channel"`
}

// Equation makes a prediction solve an equation: the network gives fields b(x), and the prediction is u = Σ_k w_k b_k with the w that
// minimise the rows of the equation, at the points inside the grid, and of its borders, one w for each expert and sample:
//
//	u(x) = Σ_e m_e(x) Σ_k w_ek·b_k(x),   w_e = argmin ½ Σ_i r_i(Σ_k w_ek b_k)² + ½ ridge ‖w_e‖².
//
// Experts are boxes of the grid; each has the interior points of its box and all rows of all borders, and does not know of the others.
// m_e are the masks of the boxes or, with Overlap, a partition of unity. The solves are in float64; gradients are the implicit function
// theorem's (op.FitOp). Derivatives are differences of second order, and the first entry of the first axis, which is time, and the
// ends of the others are no points of the equation.
// Source: Chalapathi, Du, Krishnapriyan 2024 (arXiv 2402.13412).
type Equation struct {
	EquationConfig
	dims   int
	inside *residual
	sides  []*residual
}

// unknown is the name of the unknown in equations.
const unknown = "u"

func newEquation(c EquationConfig, dims int) (*Equation, error) {
	if len(c.Axes) == 0 {
		c.Axes = []string{"t", "x", "y"}[:dims]
	}
	fill := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	fill(&c.Tolerance, 1e-4)
	fill(&c.Damping, 1e-3)
	fill(&c.Ridge, 1e-8)
	if c.Basis == 0 {
		c.Basis = 16
	}
	if c.Iterations == 0 {
		c.Iterations = 30
	}
	if len(c.Extent) == 0 {
		c.Extent = []float64{1, 1, 1}[:dims]
	}
	if len(c.Experts) == 0 {
		c.Experts = []int{1, 1, 1}[:dims]
	}
	switch {
	case dims < 2 || len(c.Axes) != dims || len(c.Extent) != dims || len(c.Experts) != dims:
		return nil, fmt.Errorf("constraint: axes %v, extent %v, experts %v: want one for each of the grid's %d axes, which are two or three, time first", c.Axes, c.Extent, c.Experts, dims)
	case c.Basis < -1 || c.Iterations < 1 || c.Points < 0 || !(c.Tolerance > 0) || !(c.Damping > 0) || !(c.Ridge >= 0) || !(c.Overlap >= 0 && c.Overlap <= 0.5):
		return nil, fmt.Errorf("constraint: basis %d, iterations %d, points %d, tolerance %v, damping %v, ridge %v must be positive, overlap %v at most 0.5", c.Basis, c.Iterations, c.Points, c.Tolerance, c.Damping, c.Ridge, c.Overlap)
	case c.Gradient != "" && c.Gradient != "newton" && c.Gradient != "gauss_newton" && c.Gradient != "none":
		return nil, fmt.Errorf("constraint: gradient %q: use newton, gauss_newton or none", c.Gradient)
	case c.Loss != "" && c.Loss != "all" && c.Loss != "interior":
		return nil, fmt.Errorf("constraint: loss %q: use all or interior", c.Loss)
	}
	for i := range dims {
		if c.Experts[i] < 1 || !(c.Extent[i] > 0) {
			return nil, fmt.Errorf("constraint: experts %v and extent %v must be positive", c.Experts, c.Extent)
		}
	}
	unknowns := []string{unknown}
	if c.Potential != "" {
		if !c.Periodic {
			return nil, errors.New("constraint: a potential is for periodic space: set periodic")
		}
		unknowns = append(unknowns, c.Potential)
	}
	scope := term.Scope{Coordinates: c.Axes, Time: c.Axes[0], Unknowns: unknowns, Parameters: c.Given, Definitions: c.Definitions}
	e := &Equation{EquationConfig: c, dims: dims}
	from, upto := make([]int, dims), make([]int, dims)
	for i := range dims {
		switch {
		case i == 0:
			from[i] = 1
		case !c.Periodic:
			from[i], upto[i] = 1, -1
		}
		if i > 0 && c.Periodic && c.Extent[i] != 1 {
			return nil, fmt.Errorf("constraint: extent %v: periodic space has unit length", c.Extent)
		}
	}
	var err error
	if e.inside, err = newResidual(scope, c.Inside, 1, from, upto); err != nil {
		return nil, err
	}
	for _, b := range c.Borders {
		r, err := e.side(scope, b)
		if err != nil {
			return nil, err
		}
		e.sides = append(e.sides, r)
	}
	return e, nil
}

// side reads "50 at x=1: u - 1".
func (e *Equation) side(scope term.Scope, text string) (*residual, error) {
	head, src, ok := strings.Cut(text, ":")
	var weight float64
	var axis string
	var end int
	var rest string // there must be none
	if n, _ := fmt.Sscanf(strings.ReplaceAll(head, "=", " "), "%g at %s %d%s", &weight, &axis, &end, &rest); !ok || n != 3 || end < 0 || end > 1 || !(weight > 0) {
		return nil, fmt.Errorf("constraint: border %q: want WEIGHT at AXIS=END: EXPRESSION, as in 50 at x=1: u - 1", text)
	}
	from, upto, found := make([]int, e.dims), make([]int, e.dims), false
	for i, name := range e.Axes {
		switch {
		case name != axis:
			if i == 0 { // the first entry in time belongs to the initial values
				from[i] = 1
			}
		case end == 0:
			from[i], upto[i], found = 0, 1, true
		default:
			from[i], upto[i], found = -1, 0, true
		}
	}
	if !found {
		return nil, fmt.Errorf("constraint: border %q: no axis %s among %v", text, axis, e.Axes)
	}
	return newResidual(scope, src, weight, from, upto)
}

// Channels implements Layer.
func (e *Equation) Channels(int) int { return max(e.Basis, 1) }

// Raw implements Layer: the fields are the network's own.
func (e *Equation) Raw() bool { return true }

// Apply implements Layer.
func (e *Equation) Apply(x, y op.Value) op.Value { return e.Predict(x, y).U }

// Predict is Apply with what is known of the solves: U is the prediction.
func (e *Equation) Predict(x, y op.Value) Solution {
	s := e.Solve(x, y, op.Value{})
	s.U = e.given(x, op.Cast(s.U, x.Dtype()))
	return s
}

// Solves is the number of solves of a sample: 0 where nothing is solved.
func (e *Equation) Solves() int {
	if e.Basis < 0 {
		return 0
	}
	n := 1
	for _, k := range e.EquationConfig.Experts {
		n *= k
	}
	return n
}

// given puts the first entry of the input to the solution's place, where it is known.
func (e *Equation) given(x, u op.Value) op.Value {
	if !e.FirstGiven || !u.Valid() {
		return u
	}
	d := u.Dims()
	first := op.SliceAxis(op.SliceAxis(x, 1, 0, 1), d.Rank()-1, 0, 1)
	return op.Concat(1, first, op.SliceAxis(u, 1, 1, d.At(1)-1))
}

// spacing is the distance of points on each axis of a field.
func (e *Equation) spacing(d op.Dims) []float64 {
	h := make([]float64, e.dims)
	for i := range h {
		intervals := d.At(i+1) - 1
		if i > 0 && e.Periodic {
			intervals++ // the end is the start again
		}
		h[i] = e.Extent[i] / float64(intervals)
	}
	return h
}

// derivatives are the fields that rows read, at every point.
func (e *Equation) derivatives(y op.Value) map[field]op.Value {
	list := map[field]op.Value{}
	h := e.spacing(y.Dims())
	for _, r := range append([]*residual{e.inside}, e.sides...) {
		for _, f := range r.fields {
			if _, ok := list[f]; ok {
				continue
			}
			v := y
			if f.name != unknown {
				v = e.inSpace(v, inverseLaplacian)
			}
			list[f] = e.derivative(v, f.d, h)
		}
	}
	return list
}

// derivative is ∂^d y by differences, in space of a periodic field by its trigonometric interpolant.
func (e *Equation) derivative(y op.Value, d string, h []float64) op.Value {
	if !e.Periodic {
		return derivative(y, d, h)
	}
	for i := 0; i < len(d); i++ {
		if d[i] == 0 {
			continue
		}
		axis := int(d[i]) - 1
		y = e.inSpace(y, func(v op.Value) op.Value { return SpectralStencil.Derivative(v, axis) })
	}
	return derivative(y, strings.TrimRight(d, "\x01\x02"), h)
}

// inSpace applies a function of fields [batch, x.., c] to every time of y.
func (e *Equation) inSpace(y op.Value, f func(op.Value) op.Value) op.Value {
	if !y.Valid() {
		return y
	}
	d := y.Dims()
	v := f(op.ReshapeTo(y, op.Of(append([]int{d.At(0) * d.At(1)}, d.Slice()[2:]...)...)))
	return op.ReshapeTo(v, d)
}

// Loss is the mean over samples of ‖r‖ with all rows r of a solution u [batch, x.., 1], in all points.
func (e *Equation) Loss(x, u op.Value) op.Value {
	if !u.Valid() {
		return u
	}
	x = op.Cast(x, u.Dtype())
	fields, h := e.derivatives(u), e.spacing(u.Dims())
	list := append([]*residual{e.inside}, e.sides...)
	if e.EquationConfig.Loss == "interior" {
		list = list[:1]
	}
	var total op.Value
	for i, r := range list {
		var args []op.Value
		for _, f := range r.fields {
			v := r.box(fields[f])
			args = append(args, op.ReshapeTo(v, v.Dims().Cut(0, 2)))
		}
		row := r.formula.Apply(append(args, r.data(x, h)...)...)
		squares := op.SumOver(op.Mul(row, row), op.AxisSet(1))
		if i == 0 {
			total = squares
		} else {
			total = op.Add(total, squares)
		}
	}
	return op.MeanAll(op.Sqrt(op.Affine(total, 1, 1e-30)))
}

// split is the experts' parts of an axis of n points: expert k of e has the points from ⌈k(n−1)/e⌉ on.
func split(n, experts int) []int {
	starts := make([]int, experts+1)
	for k := range experts {
		starts[k] = int(math.Ceil(float64(k*(n-1)) / float64(experts)))
	}
	starts[experts] = n
	return starts
}
