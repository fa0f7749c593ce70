package bench

import (
	"fmt"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
)

// operator is a network of tanh, D → hidden.. → 1, at points with a differential operator of it: the Laplacian or the biharmonic operator, by jets,
// or nested, by reverse mode through the ops' own gradient rules for every order.
//
// A jet takes a row of each product for the value and every derivative that is carried: 2 + D of the Laplacian.
type operator struct {
	Points   int    `json:"points"`
	Hidden   []int  `json:"hidden"`
	Space    int    `json:"space"` // D
	Operator string `json:"operator"`
	Nested   bool   `json:"nested"`
}

// Kind implements Problem.
func (operator) Kind() string { return "operator" }

// plan is what jets carry.
func (o operator) plan() (*models.JetPlan, error) {
	directions := make([]int, o.Space)
	for i := range directions {
		directions[i] = i
	}
	of := map[string]func(...int) models.Operator{"laplacian": models.Laplacian, "biharmonic": models.Biharmonic}[o.Operator]
	if of == nil {
		return nil, fmt.Errorf("bench: no operator is called %q", o.Operator)
	}
	return models.NewJetPlan(o.Space, nil, nil, []models.Operator{of(directions...)})
}

func (o operator) channels() []int { return append(append([]int{o.Space}, o.Hidden...), 1) }

// Build implements Problem.
func (o operator) Build() (*Case, error) {
	plan, err := o.plan()
	if err != nil {
		return nil, err
	}
	tanh, err := models.JetFunction("tanh")
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	rnd := source()
	net := pinn.NewMLP("net", false, pinn.Activation{Function: tanh}, rnd, o.channels()...)
	g := op.NewGraph()
	x := g.Input("x", op.Float32, op.Of(o.Points, o.Space))
	c := &Case{Inputs: map[string][]float32{"x": normal(rnd, o.Points*o.Space)}, Params: map[string][]float64{}}
	for _, p := range net.Params() {
		c.Params["param."+p.Name] = p.Data
	}
	if o.Nested {
		c.Outputs = o.nested(net, x)
	} else {
		u := net.ApplyJet(plan.Coordinates(x))
		c.Outputs = []op.Value{u.Operator(0), u.Value()}
	}
	return c, g.Err()
}

// nested is the operator, Σ_d ∂/∂x_d of column d of the gradient, once or twice, and the network itself.
func (o operator) nested(net *pinn.MLP, x op.Value) []op.Value {
	y := x
	for _, l := range net.Layers {
		y = op.Add(op.MatMul(y, l.Weight.In(x.Graph(), x.Dtype()), false, false), l.Bias.In(x.Graph(), x.Dtype()))
		if l.Activation.Derivatives != nil {
			y = op.Tanh(y)
		}
	}
	u := y
	times := map[string]int{"laplacian": 1, "biharmonic": 2}[o.Operator]
	for range times {
		gradient := slopes(y, x)
		var sum op.Value
		for d := range o.Space {
			second := op.SliceAxis(slopes(op.SliceAxis(gradient, 1, d, 1), x), 1, d, 1)
			if sum.Valid() {
				second = op.Add(sum, second)
			}
			sum = second
		}
		y = sum
	}
	return []op.Value{y, u}
}

// slopes is ∂y_i/∂x_i for every point i, [m, D], of a column y of which each element depends on its own point: one pass of reverse mode.
func slopes(y, x op.Value) op.Value {
	order, err := op.Topological(y)
	if err != nil {
		return y.Fail(fmt.Errorf("bench: %w", err))
	}
	depends := map[op.Value]bool{x: true}
	for _, v := range order {
		_, in, err := v.Def()
		if err != nil {
			return y.Fail(fmt.Errorf("bench: %w", err))
		}
		for _, c := range in {
			depends[v] = depends[v] || depends[c]
		}
	}
	cotangent := map[op.Value]op.Value{y: op.BroadcastTo(y.Graph().Scalar(y.Dtype(), 1), y.Dims())}
	for i := len(order) - 1; i >= 0; i-- {
		v := order[i]
		o, in, _ := v.Def()
		d := cotangent[v]
		if o == nil || !depends[v] || !d.Valid() {
			continue
		}
		for j, dx := range o.Grad(in, v, d) {
			if !depends[in[j]] || !dx.Valid() {
				continue
			}
			if old := cotangent[in[j]]; old.Valid() {
				dx = op.Add(old, dx)
			}
			cotangent[in[j]] = dx
		}
	}
	return cotangent[x]
}

// Floor implements Problem, of a jet's rows.
func (o operator) Floor() Floor {
	plan, err := o.plan()
	if err != nil {
		return Floor{}
	}
	var weights int64
	for i, n := range o.channels()[1:] {
		weights += int64(o.channels()[i] * n)
	}
	return Floor{FLOPs: 2 * weights * int64(o.Points*plan.Slots()), Bytes: 4 * (weights + int64(o.Points*(o.Space+1)))}
}
