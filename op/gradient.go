package op

import (
	"fmt"

	"gorgonia.org/gorgonia"
)

// Gradients returns ∂loss/∂w for each leaf w by reverse mode (gorgonia.Grad); the zero Value for a leaf that loss does not
// depend on. loss is a scalar. It may be called once per graph.
func Gradients(loss Value, wrt ...Value) []Value {
	g := loss.g
	grads := make([]Value, len(wrt))
	if g.err != nil {
		return grads
	}
	if loss.Dims().n != 0 {
		loss.fail(fmt.Errorf("op: gradient of a loss of shape %v: it must be a scalar", loss.Dims()))
		return grads
	}
	reached := dependsOn(loss.n)
	var nodes gorgonia.Nodes
	var at []int
	for i, w := range wrt {
		if w.n != nil && reached[w.n] {
			nodes, at = append(nodes, w.n), append(at, i)
		}
	}
	if len(nodes) == 0 {
		return grads
	}
	result, err := gorgonia.Grad(loss.n, nodes...)
	if err != nil {
		if g.err == nil {
			loss.fail(fmt.Errorf("op: gradient: %w", err))
		}
		return grads
	}
	for i, n := range result {
		grads[at[i]] = Value{g, n}
	}
	return grads
}

// dependsOn collects the nodes that n depends on through differentiable inputs.
func dependsOn(n *gorgonia.Node) map[*gorgonia.Node]bool {
	seen := map[*gorgonia.Node]bool{n: true}
	stack := []*gorgonia.Node{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		a, ok := n.Op().(node)
		if !ok {
			continue
		}
		children := inputs(n)
		for i, differentiable := range a.DiffWRT(len(children)) {
			if c := children[i]; differentiable && !seen[c] {
				seen[c] = true
				stack = append(stack, c)
			}
		}
	}
	return seen
}

// Topological returns every node that the outputs depend on, inputs before users, each once.
func Topological(outputs ...Value) ([]Value, error) {
	var order []Value
	state := map[*gorgonia.Node]bool{}
	type frame struct {
		v    Value
		rest []Value
	}
	for _, out := range outputs {
		if out.n == nil || state[out.n] {
			continue
		}
		stack := []frame{}
		push := func(v Value) error {
			state[v.n] = true
			_, in, err := v.Def()
			stack = append(stack, frame{v, in})
			return err
		}
		if err := push(out); err != nil {
			return nil, err
		}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if len(top.rest) == 0 {
				order = append(order, top.v)
				stack = stack[:len(stack)-1]
				continue
			}
			next := top.rest[0]
			top.rest = top.rest[1:]
			if !state[next.n] {
				if err := push(next); err != nil {
					return nil, err
				}
			}
		}
	}
	return order, nil
}
