package models

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// kind is how one kind of model gets its defaults, which keys it knows besides those of every kind, the ways of being told scalars
// that it serves itself, and how it is built from a resolved Config.
type kind struct {
	defaults func(dims int) Config
	keys     string // separated by spaces
	told     string // words of conditionings that build serves itself
	build    func(c Config, p Ports, rnd *rand.Rand) (Model, error)
}

// kinds is the table of models: a new one is one line here and the file that it names.
func kinds() map[string]kind {
	return map[string]kind{
		"deeponet":       {defaultDeepONet, "latent branch_activation trunk_activation", "channels", newDeepONet},
		"dilated_resnet": {defaultDilatedResNet, "norm groups boundary edge_kernel dilations block", "add film", newDilatedResNet},
		"fno":            {defaultFNO, "modes padding hidden", "add film", newFNO},
		"mlp":            {defaultMLP, "", "", newPointwise},
		"multionet":      {defaultMultiONet, "", "channels", newMultiONet},
		"neuralop_fno":   {defaultNeuralopFNO, "modes padding lifting_ratio projection_ratio expansion skip mlp_skip norm factorization rank", "", newNeuralopFNO},
		"pod_deeponet":   {defaultPODDeepONet, "latent", "channels", newPODDeepONet},
		"process":        {defaultProcess, "heads context place", "", newProcess},
		"transformer":    {defaultTransformer, "heads expansion", "add film", newTransformer},
		"ufno":           {defaultUFNO, "modes padding hidden unet_layers unet_levels boundary", "add film", newFNO},
		"unet":           {defaultUNet, "norm groups boundary edge_kernel multipliers attention middle_attention heads form", "add film", newUNet},
		"unet_convnext":  {defaultConvNeXtUNet, "boundary multipliers kernel expansion", "add film", newConvNeXtUNet},
		"unet_plain":     {defaultPlainUNet, "norm groups boundary multipliers", "add film", newPlainUNet},
	}
}

// Kinds lists the kinds of models.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds())) }

// common are the keys of every kind.
const common = "kind preset width layers activation coordinates conditioning constraint"

// New builds the model that c describes between the given ports. Every initial value comes from rnd, in the order of Params; with a
// nil rnd the parameters have shapes but no values, which is for counting and planning.
func New(c Config, p Ports, rnd *rand.Rand) (Model, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	c, err := c.Resolve(p.Axes)
	if err != nil {
		return nil, err
	}
	k := kinds()[c.Kind]
	if p.Scalars == 0 || slices.Contains(strings.Fields(k.told), c.Conditioning) {
		return k.build(c, p, rnd)
	}
	n := p.Scalars
	p.In, p.Scalars = p.In+n, 0
	net, err := k.build(c, p, rnd)
	if err != nil {
		return nil, err
	}
	return &ScalarChannels{net, n}, nil
}
