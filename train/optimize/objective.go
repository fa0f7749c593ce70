package optimize

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
)

// Function is a scalar function of a vector. At returns f(x) and writes its gradient.
type Function interface {
	At(x, gradient []float64) (f float64, err error)
}

// Objective is a Problem's f as a Function. It leaves the parameters of its last call in the store.
type Objective struct {
	problem Problem
	program *engine.Program
	names   []string
	sizes   []int
	size    int
}

// NewObjective compiles f and its gradient.
func NewObjective(p Problem) (*Objective, error) {
	b, err := p.graph()
	if err != nil {
		return nil, err
	}
	o := &Objective{problem: p, names: b.names, size: b.size}
	for _, v := range b.params {
		o.sizes = append(o.sizes, v.Dims().Size())
	}
	f := b.sum(b.rows)
	o.program, err = p.compile(b, []op.Value{f, b.gradient(f)})
	return o, err
}

// Size is the number of parameters.
func (o *Objective) Size() int { return o.size }

// At implements Function.
func (o *Objective) At(x, gradient []float64) (float64, error) {
	if err := o.Set(x); err != nil {
		return 0, err
	}
	if err := o.problem.run(o.program); err != nil {
		return 0, err
	}
	if err := engine.Output(o.program, 1, gradient); err != nil {
		return 0, err
	}
	return o.program.Scalar(0)
}

// Set writes the parameters.
func (o *Objective) Set(x []float64) error {
	for i, name := range o.names {
		if err := o.problem.Store.Set(name, x[:o.sizes[i]]); err != nil {
			return err
		}
		x = x[o.sizes[i]:]
	}
	return nil
}

// Get reads the parameters.
func (o *Objective) Get() ([]float64, error) {
	var x []float64
	for _, name := range o.names {
		v, err := o.problem.Store.Get(name)
		if err != nil {
			return nil, err
		}
		x = append(x, v...)
	}
	return x, nil
}
