package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/models"
)

// key is one setting of a configuration struct: a leaf of its tree of fields.
type key struct {
	Name  string // dotted: "train.lr"
	Help  string
	Type  reflect.Type
	index []int // of the field
}

// keysOf lists the keys of a struct in the order of its fields. A map is one key, whose entries are set by "key.entry".
func keysOf[T any]() []key { return structKeys(reflect.TypeFor[T](), "", nil) }

func structKeys(t reflect.Type, prefix string, index []int) []key {
	var keys []key
	for i := range t.NumField() {
		f := t.Field(i)
		k := key{Name: prefix + fieldName(f), Help: f.Tag.Get("help"), Type: f.Type, index: append(slices.Clone(index), i)}
		if f.Type.Kind() == reflect.Struct && !reflect.PointerTo(f.Type).Implements(reflect.TypeFor[yaml.Unmarshaler]()) {
			keys = append(keys, structKeys(f.Type, k.Name+".", k.index)...)
			continue
		}
		if k.Help == "" {
			k.Help = foreignHelp()[k.Name]
		}
		keys = append(keys, k)
	}
	return keys
}

// fieldName is the name in a file: the yaml tag's or the json tag's, else the field's in lower case.
func fieldName(f reflect.StructField) string {
	for _, tag := range []string{"yaml", "json"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" && name != "-" {
			return name
		}
	}
	return strings.ToLower(f.Name)
}

// foreignHelp is the help of keys whose structs have none in their tags.
func foreignHelp() map[string]string {
	return map[string]string{
		"data.split.train.count":    "trajectories to train with, from the first on; 0: those that are left",
		"data.split.train.fraction": "the same as a fraction of all",
		"data.split.train.path":     "the same as a file of its own",
		"data.split.valid.count":    "trajectories to validate with, before those to test with; 0: none",
		"data.split.valid.fraction": "the same as a fraction of all",
		"data.split.valid.path":     "the same as a file of its own",
		"data.split.test.count":     "trajectories to test with, up to the last; 0: none",
		"data.split.test.fraction":  "the same as a fraction of all",
		"data.split.test.path":      "the same as a file of its own",
		"data.window.history":       "frames of the input (default 1)",
		"data.window.unroll":        "frames that the loss follows the model's own predictions for (default 1)",
		"data.window.stride":        "stored frames per step of the model (default 1)",
		"model.kind":                strings.Join(models.Kinds(), ", ") + " (default fno)",
		"model.width":               "hidden channels",
		"model.modes":               "wavenumbers kept per axis, or one number for all axes",
		"model.layers":              "blocks; unet: of each level; dilated_resnet: rounds through the dilations; mlp, deeponet, multionet: hidden layers",
		"model.activation":          "gelu, gelu_tanh, relu, silu, tanh, sin, sigmoid, softplus or identity",
		"model.coordinates":         "appended to the input: endpoints, periodic or none",
		"model.preset":              "a published configuration, which the other keys of model change: " + strings.Join(models.Presets(), ", "),
		"model.conditioning":        "how scalars act on the model: channels (appended to the input), add or film, as the kind knows",
		"model.embedding":           "channels that the scalars are embedded in for add and film (default four times the width)",
		"model.padding":             "zeros as a fraction of each axis",
		"model.hidden":              "fno, ufno: hidden channels of the projection",
		"model.lifting_ratio":       "neuralop_fno: hidden channels of the lifting as a multiple of the width",
		"model.projection_ratio":    "neuralop_fno: hidden channels of the projection as a multiple of the width",
		"model.expansion":           "neuralop_fno, transformer, unet_convnext: hidden channels of the blocks as a multiple of the width",
		"model.skip":                "neuralop_fno: past the spectral layer: linear, soft-gating, identity or none",
		"model.mlp_skip":            "neuralop_fno: past the block's MLP: linear, soft-gating, identity or none",
		"model.norm":                "none, group, instance or layer, as the kind knows",
		"model.groups":              "groups of each group norm",
		"model.boundary":            "how fields continue outside their grid for convolutions: periodic, zero or reflect",
		"model.edge_kernel":         "points per axis of the kernels into and out of the network: odd",
		"model.multipliers":         "unet, unet_plain, unet_convnext: channels of each level as a multiple of those of the level above",
		"model.unet_layers":         "ufno: how many of the last layers have a U-Net",
		"model.kernel":              "unet_convnext: points per axis of the depthwise kernels: odd",
		"model.unet_levels":         "ufno: how often a layer's U-Net halves the grid",
		"model.dilations":           "dilated_resnet: the convolutions' dilations, one after another",
		"model.block":               "dilated_resnet: stack (published form) or residual",
		"model.latent":              "deeponet: products per output channel; pod_deeponet: functions of the output",
		"model.trunk_activation":    "deeponet: activate the trunk's last layer too",
		"model.branch_activation":   "deeponet: activate the branch's last layer too",
		"model.attention":           "unet: levels with attention after each block",
		"model.middle_attention":    "unet: attention in the middle",
		"model.form":                "unet: standard, or pdearena for what that project computes: softmax over queries, zeros around doublings",
		"model.heads":               "heads of each attention",
		"model.factorization":       "neuralop_fno: dense or tucker spectral weights",
		"model.adaptive":            "networks of a problem: train the slopes of the activations",
		"model.factorised":          "networks of a problem: weights with a trained scale for each output",
		"model.features":            "networks of a problem: random waves among the inputs (default none)",
		"model.branches":            "networks of a problem: one for each unknown instead of one for all",
		"model.feature_scale":       "networks of a problem: standard deviation of the waves' numbers (default 1)",
		"model.context":             "process: measured points at the beginning of the list (default 100)",
		"model.place":               "process: coordinates at the beginning of a point's channels (default 2)",
		"model.rank":                "neuralop_fno: parameters of tucker weights as a fraction of dense ones",
	}
}

// names are the dotted names.
func names(keys []key) []string {
	var list []string
	for _, k := range keys {
		list = append(list, k.Name)
	}
	return list
}

// sections are the names in front of the keys' dots.
func sections(keys []key) []string {
	var list []string
	for _, k := range keys {
		for i, c := range k.Name {
			if c == '.' && !slices.Contains(list, k.Name[:i]) {
				list = append(list, k.Name[:i])
			}
		}
	}
	return list
}

// findKey finds the key that a name sets: itself, or an entry of a map.
func findKey(keys []key, name string) (k key, entry string, err error) {
	for _, k := range keys {
		if k.Name == name {
			return k, "", nil
		}
		if rest, ok := strings.CutPrefix(name, k.Name+"."); ok && k.Type.Kind() == reflect.Map {
			return k, rest, nil
		}
	}
	return key{}, "", fmt.Errorf("unknown key %q; the nearest is %q (kolmogo config keys lists all)", name, nearest(name, append(names(keys), sections(keys)...)))
}

// environment is the variable that sets a key: train.lr by KOLMOGO_TRAIN_LR.
func (k key) environment() string {
	return environmentPrefix + environmentName.Replace(strings.ToUpper(k.Name))
}

const environmentPrefix = "KOLMOGO_"

// TypeName says what a value must be.
func (k key) TypeName() string { return typeName(k.Type) }

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Uint64:
		return "integer ≥ 0"
	case reflect.Float64:
		return "number"
	case reflect.String:
		return "text"
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Map:
		return "mapping to " + typeName(t.Elem())
	case reflect.Struct:
		if t != reflect.TypeFor[Source]() {
			return "mapping"
		}
	}
	return "recipe"
}
