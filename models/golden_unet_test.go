package models_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models"
)

// frames turns [batch, time, channel, x..] into [batch, x.., time·channel].
func frames(a tensor) tensor {
	shape := append([]int{a.shape[0], a.shape[1] * a.shape[2]}, a.shape[3:]...)
	return field(tensor{shape, a.data})
}

// convolution turns [out, in, k..] into [k.., in, out], and so [in, out, k..] of a transposed one into [k.., out, in].
func convolution(blocks []tensor) tensor {
	var perm []int
	for i := 2; i < len(blocks[0].shape); i++ {
		perm = append(perm, i)
	}
	return blocks[0].permute(append(perm, 1, 0)...)
}

func buildUNet(t *testing.T, c *goldenCase) built {
	var f struct {
		Scalars      int    `json:"input_scalar_fields"`
		Vectors      int    `json:"input_vector_fields"`
		Components   int    `json:"vector_field_components"`
		History      int    `json:"time_history"`
		Future       int    `json:"time_future"`
		Width        int    `json:"hidden_channels"`
		Activation   string `json:"activation"`
		Norm         bool
		Multipliers  []int  `json:"ch_mults"`
		Blocks       int    `json:"n_blocks"`
		IsAttention  []bool `json:"is_attn"`
		MidAttention bool   `json:"mid_attn"`
		AdaGN        bool   `json:"use_scale_shift_norm (AdaGN)"`
		Parameters   *int   `json:"scalar_parameters"`
		Use1x1       bool
		Padding      string `json:"padding_mode"`
		Grid         []int
		Batch        int
		Time         string // how the refinement step is scaled
	}
	decode(t, c, &f)
	cfg := models.Config{
		Kind: "unet", Width: f.Width, Layers: f.Blocks, Multipliers: f.Multipliers, MiddleAttention: f.MidAttention,
		Form: "pdearena", EdgeKernel: 3, Norm: "none", Conditioning: "add",
		Activation: word(t, "activation", f.Activation, activationWords),
		Boundary:   word(t, "padding mode", f.Padding, map[string]string{"zeros": "zero", "circular": "periodic", "reflect": "reflect"}),
	}
	for i, attention := range f.IsAttention {
		if attention {
			cfg.Attention = append(cfg.Attention, i)
		}
	}
	if f.Use1x1 {
		cfg.EdgeKernel = 1
	}
	if f.Norm {
		cfg.Norm = "group"
	}
	if f.AdaGN {
		cfg.Conditioning = "film"
	}
	fields := f.Scalars + f.Vectors*f.Components
	ports := models.Ports{In: f.History * fields, Out: f.Future * fields, Axes: len(f.Grid)}
	if f.Parameters != nil {
		ports.Scalars = 1 + *f.Parameters
	}
	b := construct(t, cfg, ports, unetLayout)
	b.input, b.field = frames, frames
	if ports.Scalars > 0 {
		b.given = scalars(c.tensors["time"], c.tensors["z"])
	}
	return b
}

// scalars joins the refinement step [batch] and the parameters [batch, n], if there are any.
func scalars(time, z tensor) tensor {
	batch := time.shape[0]
	n := len(z.data) / batch
	out := tensor{shape: []int{batch, 1 + n}}
	for i, t := range time.data {
		out.data = append(append(out.data, t), z.data[i*n:(i+1)*n]...)
	}
	return out
}

// unetLayout finds a parameter among PDEArena's state-dict keys.
func unetLayout(p *models.Param) layout {
	part := strings.Split(p.Name, ".")
	switch part[0] {
	case "input":
		part[0] = "image_proj"
	case "output":
		part[0] = "final"
	case "condition": // condition.0 is the time's; the second layer has index 2
		layer := map[string]string{"0": "0", "1": "2"}[part[2]]
		if part[1] == "0" {
			part = []string{"time_embed", layer, part[3]}
		} else {
			part = []string{"pde_emb", string(part[1][0] - 1), layer, part[3]}
		}
	case "middle":
		part = slices.Concat([]string{"middle"}, block(part[1], part[2:]))
	case "down", "up":
		if len(part) == 3 {
			part = slices.Insert(part, 2, "conv")
		} else {
			part = slices.Concat(part[:2], block("", part[2:]))
		}
	}
	l := layout{names: []string{strings.Join(part, ".")}, convert: plain}
	switch {
	case part[len(part)-1] != "weight" || p.Dims.Rank() == 1:
	case p.Dims.Rank() == 2:
		l.convert = transposed
	default:
		l.convert = convolution
	}
	return l
}

// block names a parameter of a stage: its residual block is res, or res1 and res2 in the middle, its attention attn.
func block(middle string, rest []string) []string {
	if rest[0] == "attention" {
		return append([]string{"attn", strings.Replace(rest[1], "project", "projection", 1)}, rest[2:]...)
	}
	name := map[string]string{"": "res", "0": "res1", "1": "res2"}[middle]
	rest = slices.Clone(rest)
	rest[0] = strings.Replace(rest[0], "condition", "cond_emb", 1)
	return append([]string{name}, rest...)
}
