package main

import (
	"math"

	"github.com/kolmogo/kolmogo/eval"
	"github.com/kolmogo/kolmogo/train"
)

// How the formula of a hidden term is read: monomials of its inputs up to a degree, of which those stay that make up at least a part of it.
const (
	hiddenDegree    = 3
	hiddenThreshold = 0.05
)

// addHidden adds the formula of each hidden term, how much of the term it leaves, and where the truth is known, its distance from that.
func (r *problemReport) addHidden(solution *train.Solution, points []float64) error {
	m := solution.Model
	for _, name := range m.HiddenTerms() {
		inputs, values, err := solution.HiddenTerm(name, points)
		if err != nil {
			return err
		}
		names := m.Problem.Hidden[name].Inputs
		terms, rest, err := eval.Sparse(inputs, len(names), values, hiddenDegree, hiddenThreshold)
		if err != nil {
			return err
		}
		if r.Hidden == nil {
			r.Hidden = map[string]string{}
		}
		r.Hidden[name] = eval.Formula(terms, names)
		r.Metrics["terms."+name], r.Metrics["unexplained."+name] = number(len(terms)), number(rest)
		truth, ok := m.HiddenTruth(name, inputs)
		if !ok {
			continue
		}
		distance, size := 0.0, 0.0
		for i, want := range truth {
			got := 0.0
			for _, t := range terms {
				p := t.C
				for _, k := range t.Factors {
					p *= inputs[i*len(names)+k]
				}
				got += p
			}
			distance, size = distance+(got-want)*(got-want), size+want*want
		}
		r.Metrics["error."+name] = number(math.Sqrt(distance / size))
	}
	return nil
}
