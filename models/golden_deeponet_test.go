package models_test

import (
	"math/rand/v2"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// atPoints is a DeepONet between sensor values [batch, sensor] and the case's points, an input of the graph.
type atPoints struct {
	*models.DeepONet
	points tensor
}

func (m atPoints) Apply(u op.Value) op.Value {
	return m.At(u, u.Graph().Input("coords", u.Dtype(), op.Of(m.points.shape...)))
}

func buildDeepONet(t *testing.T, c *goldenCase) built {
	var f struct {
		Sensors, Queries, Batch int
		Dim                     int    `json:"coord_dim"`
		Branch                  []int  `json:"branch_layer_sizes"`
		Trunk                   []int  `json:"trunk_layer_sizes"`
		Latent                  int    `json:"latent_p"`
		Channels                int    `json:"channels"`
		Activation              string `json:"activation"`
		TrunkActivation         bool   `json:"activation_after_last_trunk_layer"`
		BranchActivation        bool   `json:"activation_after_last_branch_layer"`
	}
	decode(t, c, &f)
	act := map[string]models.Activation{"gelu": op.GELU, "tanh": op.Tanh, "relu": op.ReLU, "silu": op.SiLU, "sin": op.Sin}[f.Activation]
	if act == nil {
		t.Fatalf("config: unknown activation %q", f.Activation)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	m := &models.DeepONet{
		Branch:           models.NewMLP("branch", act, rnd, f.Branch...),
		Trunk:            models.NewMLP("trunk", act, rnd, f.Trunk...),
		Bias:             &models.Param{Name: "bias", Dims: op.Of(f.Channels), Data: make([]float64, f.Channels)},
		BranchActivation: f.BranchActivation,
		TrunkActivation:  f.TrunkActivation,
	}
	points := c.tensors["coords"]
	b := built{model: atPoints{m, points}, dtype: op.Float64, input: func(a tensor) tensor { return a }, field: field, points: points}
	return b.located(func(p *models.Param) layout {
		if p.Dims.Rank() == 2 {
			return layout{names: []string{p.Name}, convert: transposed}
		}
		return layout{names: []string{p.Name}, convert: plain}
	})
}
