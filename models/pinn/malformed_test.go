package pinn_test

import (
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
)

// TestMalformed: what cannot be read, names what there is not, or has no or no unique solution is refused, with a message that shows where.
func TestMalformed(t *testing.T) {
	for _, c := range []struct{ problem, want string }{
		{`equations: ["u_t = w*u_xx"]`,
			`pinn: equations: term: unknown name "w" (known: u, x, t), here: u_t = →w*u_xx`},
		{`equations: ["u_t = nu*v_xx"]`,
			`pinn: equations: term: unknown name "nu" (known: u, x, t), here: u_t = →nu*v_xx`},
		{`equations: ["u_t = u_xxxxx"]`,
			`pinn: equations: term: a derivative of order 5: orders up to 4 are possible, here: u_t = →u_xxxxx`},
		{`equations: ["u_t = laplacian(laplacian(laplacian(u)))"]`,
			`pinn: equations: term: a derivative of order 6: orders up to 4 are possible, here: u_t = →laplacian(laplacian(laplacian(u)))`},
		{`equations: ["u_t = d(u_xxx, x, x)"]`,
			`pinn: equations: term: a derivative of order 5: orders up to 4 are possible, here: u_t = →d(u_xxx, x, x)`},
		{`equations: ["u_t = u_yy"]`,
			`pinn: equations: term: "yy" is no coordinate: a derivative is written with the coordinates x, t, here: u_t = u_→yy`},
		{`equations: ["u_t = 2u_xx)"]`,
			`pinn: equations: term: unexpected ")", here: u_t = 2u_xx→)`},
		{`equations: ["u_t = (u_xx"]`,
			`pinn: equations: term: this parenthesis is not closed, here: u_t = →(u_xx`},
		{`equations: ["u_t = = u_xx"]`,
			`pinn: equations: term: unexpected "=", here: u_t = →= u_xx`},
		{`equations: ["u_t = u_xx = 0"]`,
			`pinn: equations: term: unexpected "=", here: u_t = u_xx →= 0`},
		{`equations: ["u_t = sin(u, x)"]`,
			`pinn: equations: term: sin takes one argument, here are 2, here: u_t = →sin(u, x)`},
		{`equations: ["u_t = u_xx/0"]`,
			`pinn: equations: term: division by zero, here: u_t = u_xx/→0`},
		{`equations: ["u_t = u_xx^t"]`,
			`pinn: nothing fixes u at the ends of x, in which the equations have derivatives of order 2: add a condition {on: boundary, equation: "u = 0"} or {periodic: x}, or ansatz.periodic`},
		{`equations: ["u_t = u_xx; u = 0"]`,
			`pinn: equations: term: unexpected ';', here: u_t = u_xx→; u = 0`},
		{`equations: ["u_t = 1e400 u_xx"]`,
			`pinn: equations: term: this is not a number, here: u_t = →1e400 u_xx`},
		{`equations: ["u_t = u_t"]`,
			`pinn: the equations have ∂u/∂t to order 1, so u needs 1 initial conditions, here are 0 of different orders below 1: add conditions such as {on: "t = 0", equation: "u = 0"}, or ansatz.lift and ansatz.factor`},
		{`equations: ["1 = 2"]`,
			`pinn: the unknown u is in no equation, condition or observation`},
		{`{equations: ["u_t = a*u_xx"], define: {a: "b", b: "a"}}`,
			`pinn: equations: term: a is defined by itself, here: b = →a`},
		{`{equations: ["u_t = f"], define: {f: "q"}}`,
			`pinn: equations: term: unknown name "q" (known: u, x, t, f), here: f = →q`},
		{`{equations: ["u_t = u_xx"], conditions: []}`,
			`pinn: nothing fixes u at the ends of x, in which the equations have derivatives of order 2: add a condition {on: boundary, equation: "u = 0"} or {periodic: x}, or ansatz.periodic`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = sin(pi x)"}]}`,
			`pinn: nothing fixes u at the ends of x, in which the equations have derivatives of order 2: add a condition {on: boundary, equation: "u = 0"} or {periodic: x}, or ansatz.periodic`},
		{`{equations: ["u_t = u_xx"], conditions: [{equation: "u = 0"}]}`,
			`pinn: the equations have ∂u/∂t to order 1, so u needs 1 initial conditions, here are 0 of different orders below 1: add conditions such as {on: "t = 0", equation: "u = 0"}, or ansatz.lift and ansatz.factor`},
		{`{equations: ["u_tt = u_xx"]}`,
			`pinn: nothing fixes u at the ends of x, in which the equations have derivatives of order 2: add a condition {on: boundary, equation: "u = 0"} or {periodic: x}, or ansatz.periodic`},
		{`{equations: ["u_tt = u_xx"], conditions: [{on: "t = 0", equation: "u = 0"}, {on: "t = 0", equation: "u = 0"}, {equation: "u = 0"}]}`,
			`pinn: the equations have ∂u/∂t to order 2, so u needs 2 initial conditions, here are 1 of different orders below 2: add conditions such as {on: "t = 0", equation: "u_t = 0"}, or ansatz.lift and ansatz.factor`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0"}, {on: "t = 0", equation: "u = 1"}, {equation: "u = 0"}]}`,
			`pinn: condition 1: "u = 1" on "t = 0", where condition 0 says "u = 0" already: leave one of them out`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u_t = 0"}, {equation: "u = 0"}]}`,
			`pinn: the equations have ∂u/∂t to order 1, so u needs 1 initial conditions, here are 0 of different orders below 1: add conditions such as {on: "t = 0", equation: "u = 0"}, or ansatz.lift and ansatz.factor`},
		{`{equations: ["u_t = u_xxxx"], conditions: [{on: "t = 0", equation: "u = 0"}, {equation: "u = 0"}]}`,
			`pinn: the equation has ∂u/∂x to order 4, so u needs 4 conditions at the ends of x, one on a face or two on the boundary at once, here are 2: add conditions such as {on: boundary, equation: "u_n = 0"}`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "x = 0"}, {equation: "u = 0"}]}`,
			`pinn: the equations have ∂u/∂t to order 1, so u needs 1 initial conditions, here are 0 of different orders below 1: add conditions such as {on: "t = 0", equation: "u = 0"}, or ansatz.lift and ansatz.factor`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u_xxxxx = 0"}, {equation: "u = 0"}]}`,
			`pinn: condition 0: term: a derivative of order 5: orders up to 4 are possible, here: →u_xxxxx = 0`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = v"}, {equation: "u = 0"}]}`,
			`pinn: condition 0: term: unknown name "v" (known: u, x, t, n_x, u_n), here: u = →v`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 5", equation: "u = 0"}, {equation: "u = 0"}]}`,
			`pinn: condition 0: on: "t = 5": the domain's boundary has no such part: faces are x = 0, x = 1, t = 0, t = 1`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "left", equation: "u = 0"}, {equation: "u = 0"}]}`,
			`pinn: condition 0: on: "left": want boundary, outer, hole, initial, final, or a face such as x = 0, x = 1, t = 0, t = 1`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0"}, {on: hole, equation: "u = 0"}]}`,
			`pinn: condition 1: on: "hole": the domain's boundary has no such part: faces are x = 0, x = 1, t = 0, t = 1`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0"}, {periodic: t}]}`,
			`pinn: condition 1: periodic: "t" is no coordinate of space`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0"}, {periodic: x, order: 9}]}`,
			`pinn: condition 1: periodic: order 9: 1 to 5 derivatives can repeat, the function being the first`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0"}, {at: [5], equation: "u = 0"}, {equation: "u=0"}]}`,
			`pinn: condition 1: at [5]: the point lies outside the domain`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0"}, {}]}`,
			`pinn: condition 1: it says nothing: want {on: .., equation: ..}, {at: .., equation: ..} or {periodic: ..}`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0", weight: -1}, {equation: "u = 0"}]}`,
			`pinn: conditions.0: points 200 and weight -1 must be positive`},
		{`{equations: ["u_t = u_xx"], conditions: [{on: "t = 0", equation: "u = 0", points: -3}, {equation: "u = 0"}]}`,
			`pinn: conditions.0: points -3 and weight 1 must be positive`},
		{`{equations: ["u_t = u_xx", "u = 0", "u = 1"], ansatz: {factor: {u: "t"}}}`,
			`pinn: equations: "u = 1" repeats or contradicts "u = 0": leave one of them out`},
		{`{unknowns: [u, v], equations: ["u_t = v_xx"], ansatz: {factor: {u: "t", v: "t"}}}`,
			`pinn: 1 equations for 2 unknowns, u, v, and no observations (data.points): add equations`},
		{`{unknowns: [u, u], equations: ["u_t = u_xx"]}`,
			`pinn: "u" is an unknown and an unknown: rename one`},
		{`{unknowns: [sin], equations: ["sin_t = 0"]}`,
			`pinn: "sin" is a function and an unknown: rename one`},
		{`{equations: ["u_t = u_xx"], ansatz: {lift: {v: "1"}}}`,
			`pinn: ansatz.lift: "v" is none of [u]`},
		{`{equations: ["u_t = u_xx"], ansatz: {lift: {u: "v"}}}`,
			`pinn: ansatz.lift.u: term: unknown name "v" (known: x, t), here: →v`},
		{`{equations: ["u_t = u_xx"], ansatz: {factor: {u: "u"}}}`,
			`pinn: ansatz.factor.u: term: unknown name "u" (known: x, t), here: →u`},
		{`{equations: ["u_t = u_xx"], ansatz: {periodic: {y: 1}}}`,
			`pinn: ansatz: "y" is no coordinate`},
		{`{equations: ["u_t = u_xx"], ansatz: {inputs: []}}`,
			`pinn: nothing fixes u at the ends of x, in which the equations have derivatives of order 2: add a condition {on: boundary, equation: "u = 0"} or {periodic: x}, or ansatz.periodic`},
		{`{equations: ["u_t = u_xx"], ansatz: {inputs: ["v"]}}`,
			`pinn: ansatz.inputs: term: unknown name "v" (known: x, t), here: →v`},
		{`{equations: ["u_t = u_xx"], ansatz: {parity: {x: even}}}`,
			`pinn: ansatz.parity: x runs from 0 to 1: parity is about 0`},
		{`{equations: ["u_t = u_xx"], domain: {box: [[1, 0]], time: [0, 1]}}`,
			`pinn: domain.box: side 0 is [1 0]: want [low, high]`},
		{`{equations: ["u_t = u_xx"], domain: {box: [[0, 1]], time: [1, 1]}}`,
			`pinn: domain.time [1 1]: want [first, last]`},
		{`{equations: ["u_t = u_xx"], domain: {box: [[0, 1]]}}`,
			`pinn: nothing fixes u at the ends of x, in which the equations have derivatives of order 2: add a condition {on: boundary, equation: "u = 0"} or {periodic: x}, or ansatz.periodic`},
		{`{equations: ["u_t = u_xx"], domain: {}}`,
			`pinn: nothing fixes u at the ends of x, in which the equations have derivatives of order 2: add a condition {on: boundary, equation: "u = 0"} or {periodic: x}, or ansatz.periodic`},
		{`{equations: ["u_t = F"], hidden: {F: {inputs: [w]}}, ansatz: {factor: {u: "t"}}}`,
			`pinn: hidden.F.inputs: term: unknown name "w" (known: u, x, t), here: →w`},
		{`{equations: ["u_t = F"], hidden: {F: {inputs: [u_xxxxx]}}, ansatz: {factor: {u: "t"}}}`,
			`pinn: hidden.F.inputs: term: a derivative of order 5: orders up to 4 are possible, here: →u_xxxxx`},
		{`{equations: ["u_t = u_xx"], hidden: {F: {inputs: [u]}}, ansatz: {factor: {u: "t"}}}`,
			`pinn: hidden: F is in no equation, condition or observation`},
		{`{equations: ["u_t = u_xx"], trained: {k: {}}, ansatz: {factor: {u: "t"}}}`,
			`pinn: trained: k is in no equation, condition or observation`},
		{`{equations: ["u_t = u_xx"], reference: {formula: {v: "1"}}, ansatz: {factor: {u: "t"}}}`,
			`pinn: reference.formula: "v" is none of [u]`},
		{`{equations: ["u_t = u_xx"], reference: {solver: cole_hopf}, ansatz: {factor: {u: "t"}}}`,
			`pinn: reference.solver: cole_hopf reads [nu amplitude wavenumber] from parameters and reference.parameters: nu is missing`},
		{`{equations: ["u_t = u_xx"], reference: {grid: [3]}, ansatz: {factor: {u: "t"}}}`,
			`pinn: reference.grid [3]: want a number for each of [x t]`},
		{`{equations: ["u_t = u_xx"], sampling: random, ansatz: {factor: {u: "t"}}}`,
			`pinn: sampling: domain: unknown sampling "random" (known: [uniform latin_hypercube sobol halton])`},
		{`{equations: ["u_t = u_xx"], points: -1, ansatz: {factor: {u: "t"}}}`,
			`pinn: domain: points -1 and weight 1 must be positive`},
		{`{equations: ["u_t = n_x*u_xx"], ansatz: {factor: {u: "t"}}}`,
			`pinn: equations: term: unknown name "n" (known: u, x, t), here: u_t = →n_x*u_xx`},
		{`{coordinates: [x, x], equations: ["u_t = u_xx"], ansatz: {factor: {u: "t"}}}`,
			`pinn: "x" is a coordinate and a coordinate: rename one`},
		{`{coordinates: [x, pi], equations: ["u_x = 0"], ansatz: {factor: {u: "t"}}}`,
			`pinn: "pi" is the number and a coordinate: rename one`},
		{`{equations: ["u_t = u_xx"], varied: [mu], ansatz: {factor: {u: "t"}}}`,
			`pinn: varied: "mu" is not among the parameters`},
	} {
		p := pinn.Problem{Coordinates: []string{"x", "t"}}
		err := yaml.Unmarshal([]byte("domain: {box: [[0, 1]], time: [0, 1]}"), &p)
		if err == nil {
			err = yaml.Unmarshal([]byte(c.problem), &p)
		}
		if err == nil {
			_, err = pinn.New(p, models.Config{}, source())
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.problem, err, c.want)
		}
	}
}

// TestSystems: a first-order system is fixed by conditions on one of its unknowns, but a pressure floats.
func TestSystems(t *testing.T) {
	box := pinn.Geometry{Box: [][]pinn.Number{{0, 1}}}
	flux := pinn.Problem{Coordinates: []string{"x"}, Domain: box, Unknowns: []string{"u", "q"}, Equations: []string{"q = u_x", "q_x = 1"}, Conditions: []pinn.Condition{{Equation: "u = 0"}}}
	if _, err := pinn.New(flux, models.Config{}, source()); err != nil {
		t.Error(err)
	}
	floating := pinn.Problem{Coordinates: []string{"x"}, Domain: box, Unknowns: []string{"u", "p"}, Equations: []string{"p_x = u_xx", "u_x = 0"}, Conditions: []pinn.Condition{{Equation: "u = 0"}}}
	want := `pinn: nothing fixes p at the ends of x, in which the equations have derivatives of order 1: add a condition {on: boundary, equation: "p = 0"} or {periodic: x}, or ansatz.periodic`
	if _, err := pinn.New(floating, models.Config{}, source()); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
