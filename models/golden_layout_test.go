package models_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// tensor is an array of a case, row-major.
type tensor struct {
	shape []int
	data  []float64
}

// permute returns the tensor with axis i taken from axis perm[i].
func (a tensor) permute(perm ...int) tensor {
	strides := make([]int, len(a.shape))
	step := 1
	for i := len(a.shape) - 1; i >= 0; i-- {
		strides[i] = step
		step *= a.shape[i]
	}
	out := tensor{make([]int, len(perm)), make([]float64, len(a.data))}
	for i, p := range perm {
		out.shape[i] = a.shape[p]
	}
	for i := range out.data {
		rest, from := i, 0
		for j := len(perm) - 1; j >= 0; j-- {
			from += rest % out.shape[j] * strides[perm[j]]
			rest /= out.shape[j]
		}
		out.data[i] = a.data[from]
	}
	return out
}

// field turns [batch, channel, x..] into [batch, x.., channel].
func field(a tensor) tensor {
	perm := []int{0}
	for i := 2; i < len(a.shape); i++ {
		perm = append(perm, i)
	}
	return a.permute(append(perm, 1)...)
}

// layout says which tensors of a case make up a parameter, and how.
type layout struct {
	param   *models.Param
	names   []string
	convert func(blocks []tensor) tensor
}

func (l layout) read(t *testing.T, tensors map[string]tensor, prefix string) []float64 {
	t.Helper()
	blocks := make([]tensor, len(l.names))
	for i, name := range l.names {
		a, ok := tensors[prefix+name]
		if !ok {
			t.Fatalf("%s: the case has no %s%s", l.param.Name, prefix, name)
		}
		blocks[i] = a
	}
	return l.convert(blocks).data
}

func plain(blocks []tensor) tensor { return blocks[0] }

// transposed turns [out, in, 1..] into [in, out].
func transposed(blocks []tensor) tensor {
	perm := []int{1, 0}
	for i := 2; i < len(blocks[0].shape); i++ {
		perm = append(perm, i)
	}
	return blocks[0].permute(perm...)
}

// kernel turns [in, out, k.., 2] into [k.., 2, in, out].
func kernel(blocks []tensor) tensor {
	var perm []int
	for i := 2; i < len(blocks[0].shape); i++ {
		perm = append(perm, i)
	}
	return blocks[0].permute(append(perm, 0, 1)...)
}

// corners joins the corner blocks [in, out, m.., 2] of the 2021 form, block c with the negative wavenumbers of axis j where bit j
// of c is set, into one kernel with ascending wavenumbers.
func corners(blocks []tensor) tensor {
	for i, b := range blocks {
		blocks[i] = kernel([]tensor{b})
	}
	for axis := 0; len(blocks) > 1; axis++ {
		var joined []tensor
		for i := 0; i < len(blocks); i += 2 {
			joined = append(joined, concat(axis, blocks[i+1], blocks[i]))
		}
		blocks = joined
	}
	return blocks[0]
}

// concat joins two tensors of the same shape along an axis.
func concat(axis int, a, b tensor) tensor {
	out := tensor{shape: slices.Clone(a.shape)}
	out.shape[axis] *= 2
	row := 1
	for _, n := range a.shape[axis:] {
		row *= n
	}
	for i := 0; i < len(a.data); i += row {
		out.data = append(append(out.data, a.data[i:i+row]...), b.data[i:i+row]...)
	}
	return out
}

// complexFirst turns [rank_in, rank_out, rank_k.., 2] into [2, rank_k.., rank_in, rank_out].
func complexFirst(blocks []tensor) tensor {
	last := len(blocks[0].shape) - 1
	perm := []int{last}
	for i := 2; i < last; i++ {
		perm = append(perm, i)
	}
	return blocks[0].permute(append(perm, 0, 1)...)
}

// factor turns [length, rank, 2] into [2, length, rank].
func factor(blocks []tensor) tensor { return blocks[0].permute(2, 0, 1) }

// builders is the table of models in cases, by the case's "model".
var builders = map[string]func(*testing.T, *goldenCase) built{
	"plain FNO, 2021 layout": buildFNO,
	"neuraloperator FNO":     buildNeuralop,
	"neuraloperator TFNO":    buildNeuralop,
	"unstacked DeepONet":     buildDeepONet,

	"PDEArena modern U-Net, 2-D (Unetmod)":                     buildUNet,
	"PDEArena conditioned U-Net, 1-D (the net of PDE-Refiner)": buildUNet,
}

// decode reads a case's config and fails on a key that the caller does not know.
func decode(t *testing.T, c *goldenCase, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(c.Config))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("config: %v", err)
	}
}

// word translates a case's word, the empty string standing for null.
func word(t *testing.T, what, said string, words map[string]string) string {
	t.Helper()
	w, ok := words[said]
	if !ok {
		t.Fatalf("config: unknown %s %q", what, said)
	}
	return w
}

var activationWords = map[string]string{"gelu (erf)": "gelu", "gelu (tanh)": "gelu_tanh", "relu": "relu", "silu": "silu", "tanh": "tanh"}

func construct(t *testing.T, cfg models.Config, ports models.Ports, find func(p *models.Param) layout) built {
	t.Helper()
	m, err := models.New(cfg, ports, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	return built{model: m, dtype: op.Float64, input: field, field: field}.located(find)
}

// located finds the layout of each parameter.
func (b built) located(find func(p *models.Param) layout) built {
	for _, p := range b.model.Params() {
		l := find(p)
		l.param = p
		b.params = append(b.params, l)
	}
	return b
}

func buildFNO(t *testing.T, c *goldenCase) built {
	var f struct {
		NDim        int `json:"ndim"`
		Grid        []int
		Batch       int
		InChannels  int `json:"in_channels"`
		OutChannels int `json:"out_channels"`
		Width       int
		Layers      int
		Modes       []int `json:"modes_kept_per_axis"`
		HeadHidden  int   `json:"head_hidden"`
		AppendGrid  bool  `json:"append_grid"`
		Activation  string
		FFTNorm     string `json:"fft_norm"` // every norm gives the same layer: forward and inverse together
		Dtype       string
	}
	decode(t, c, &f)
	cfg := models.Config{
		Kind: "fno", Width: f.Width, Modes: f.Modes, Layers: f.Layers, Hidden: f.HeadHidden,
		Activation: word(t, "activation", f.Activation, activationWords), Coordinates: "none",
	}
	if f.AppendGrid {
		cfg.Coordinates = "endpoints"
	}
	b := construct(t, cfg, models.Ports{In: f.InChannels, Out: f.OutChannels, Axes: f.NDim}, func(p *models.Param) layout {
		name := strings.NewReplacer("blocks.", "layers.", ".skip.", ".conv.", "project.0", "head1", "project.1", "head2").Replace(p.Name)
		if before, ok := strings.CutSuffix(name, ".spectral.weight"); ok {
			var names []string
			for i := range 1 << (f.NDim - 1) {
				names = append(names, fmt.Sprintf("%s.spectral.%d", before, i))
			}
			return layout{names: names, convert: corners}
		}
		if strings.HasSuffix(name, ".weight") {
			return layout{names: []string{name}, convert: transposed}
		}
		return layout{names: []string{name}, convert: plain}
	})
	if err := models.CheckGrid(b.model, f.Grid...); err != nil {
		t.Error(err)
	}
	var err error
	if b.dtype, err = op.ParseDtype(f.Dtype); err != nil {
		t.Fatal(err)
	}
	return b
}

func buildNeuralop(t *testing.T, c *goldenCase) built {
	var f struct {
		LiftingRatio    float64 `json:"lifting_channel_ratio"`
		ProjectionRatio float64 `json:"projection_channel_ratio"`
		Positional      string  `json:"positional_embedding"`
		Activation      string
		Norm            string
		UseMLP          bool    `json:"use_channel_mlp"`
		Expansion       float64 `json:"channel_mlp_expansion"`
		MLPSkip         string  `json:"channel_mlp_skip"`
		Skip            string  `json:"fno_skip"`
		Padding         float64 `json:"domain_padding"`
		Factorization   string
		Rank            float64
		Implementation  string // how the factorised product is computed, not what
		Preactivation   bool
		Separable       bool
		Hermitian       bool   `json:"enforce_hermitian_symmetry"`
		FFTNorm         string `json:"fft_norm"` // every norm gives the same layer: forward and inverse together
		Width           int    `json:"hidden_channels"`
		Modes           []int  `json:"n_modes (as passed)"`
		LastModes       int    `json:"modes_last_axis_half_spectrum"`
		Layers          int    `json:"n_layers"`
		InChannels      int    `json:"in_channels"`
		OutChannels     int    `json:"out_channels"`
		Grid            []int
		Batch           int
	}
	decode(t, c, &f)
	if !f.UseMLP || f.Preactivation || f.Separable || !f.Hermitian {
		t.Fatalf("config: blocks of this form are not built: %+v", f)
	}
	linear := map[string]string{"linear": "linear", "soft-gating": "soft-gating", "identity": "identity", "": "none"}
	cfg := models.Config{
		Kind: "neuralop_fno", Width: f.Width, Modes: f.Modes, Layers: f.Layers, Padding: f.Padding,
		LiftingRatio: f.LiftingRatio, ProjectionRatio: f.ProjectionRatio, Expansion: f.Expansion, Rank: f.Rank,
		Activation:    word(t, "activation", f.Activation, activationWords),
		Coordinates:   word(t, "positional embedding", f.Positional, map[string]string{"grid on [0,1) per axis": "periodic", "": "none"}),
		Skip:          word(t, "fno_skip", f.Skip, linear),
		MLPSkip:       word(t, "channel_mlp_skip", f.MLPSkip, linear),
		Norm:          word(t, "norm", f.Norm, map[string]string{"": "none", "group_norm": "group", "instance_norm": "instance"}),
		Factorization: word(t, "factorization", f.Factorization, map[string]string{"": "dense", "Tucker": "tucker"}),
	}
	dims := len(f.Modes)
	return construct(t, cfg, models.Ports{In: f.InChannels, Out: f.OutChannels, Axes: dims}, func(p *models.Param) layout {
		return neuralopLayout(p, dims)
	})
}

// neuralopLayout finds a parameter among neuraloperator's state-dict keys.
func neuralopLayout(p *models.Param, dims int) layout {
	part := strings.Split(p.Name, ".")
	if part[0] == "lift" {
		part[0] = "lifting"
	} else if part[0] == "project" {
		part[0] = "projection"
	}
	if part[0] != "blocks" { // lifting.0.weight
		key := fmt.Sprintf("%s.fcs.%s.%s", part[0], part[1], part[2])
		if part[2] == "weight" {
			return layout{names: []string{key}, convert: transposed}
		}
		return layout{names: []string{key}, convert: plain}
	}
	l, module, rest := part[1], part[2], strings.Join(part[3:], ".")
	at := func(convert func([]tensor) tensor, format string, args ...any) layout {
		return layout{names: []string{"fno_blocks." + fmt.Sprintf(format, args...)}, convert: convert}
	}
	switch module {
	case "spectral":
		axis := map[string]int{"factor_in": 0, "factor_out": 1}
		for k := range dims {
			axis[fmt.Sprintf("factor_k%d", k)] = k + 2
		}
		switch rest {
		case "weight":
			return at(kernel, "convs.%s.weight.tensor", l)
		case "bias":
			return at(plain, "convs.%s.bias", l)
		case "core":
			return at(complexFirst, "convs.%s.weight.core", l)
		}
		return at(factor, "convs.%s.weight.factors.factor_%d", l, axis[rest])
	case "mlp":
		convert := plain
		if part[4] == "weight" {
			convert = transposed
		}
		return at(convert, "channel_mlp.%s.fcs.%s.%s", l, part[3], part[4])
	case "norm0", "norm1":
		var block int
		fmt.Sscan(l, &block)
		if module == "norm1" {
			return at(plain, "norm.%d.%s", 2*block+1, rest)
		}
		return at(plain, "norm.%d.%s", 2*block, rest)
	}
	skips := map[string]string{"skip": "fno_skips", "mlp_skip": "channel_mlp_skips"}[module]
	if p.Dims.Rank() == 1 { // a gate
		return at(plain, "%s.%s.weight", skips, l)
	}
	return at(transposed, "%s.%s.conv.weight", skips, l)
}
