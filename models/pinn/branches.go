package pinn

import (
	"fmt"
	"iter"

	"github.com/kolmogo/kolmogo/models"
)

// Branches are networks side by side on the same inputs, each with an unknown of its own, as Lagrangian networks have them for positions and
// states on characteristics. Parameters of branch i are named "branches.i.".
type Branches []Network

// ApplyJet implements Network.
func (b Branches) ApplyJet(x models.Jet) models.Jet {
	list := make([]models.Jet, len(b))
	for i, n := range b {
		list[i] = n.ApplyJet(x)
	}
	return models.Join(list...)
}

// Params implements Network.
func (b Branches) Params() iter.Seq2[string, *models.Param] { return Chain(b).Params() }

// newBranches names the parameters of the networks by their branches.
func newBranches(list ...Network) Branches {
	for i, n := range list {
		for _, p := range n.Params() {
			p.Name = fmt.Sprintf("branches.%d.%s", i, p.Name)
		}
	}
	return list
}
