package models

import (
	"maps"
	"slices"
)

// Presets lists the published configurations.
func Presets() []string { return slices.Sorted(maps.Keys(presets())) }

// presets is the table of published configurations, by the names that their authors gave them.
func presets() map[string]Config {
	// PDEArena's registry of models. The first one is the network of PDE-Refiner on the Kuramoto–Sivashinsky equation.
	unetmod := Config{
		Kind: "unet", Width: 64, Layers: 2, Multipliers: []int{1, 2, 2, 4}, Activation: "gelu", Norm: "group", Groups: 1, Boundary: "zero",
		EdgeKernel: 3, Form: "pdearena", Conditioning: "add",
	}
	periodic, attentive := unetmod, unetmod
	periodic.Boundary, attentive.MiddleAttention = "periodic", true
	dilated := Config{
		Kind: "dilated_resnet", Width: 128, Layers: 4, Dilations: []int{1, 2, 4, 8, 4, 2, 1}, Block: "stack", Activation: "relu",
		Norm: "none", Boundary: "zero",
	}
	// Li et al. (2021), table 1, and the script for one axis.
	fno := Config{Kind: "fno", Layers: 4, Hidden: 128, Activation: "gelu", Coordinates: "endpoints"}
	burgers, flow := fno, fno
	burgers.Width, burgers.Modes = 64, Modes{16}
	flow.Width, flow.Modes = 20, Modes{8}
	// Wen et al. (2022), App. A; batch normalisation is group normalisation here.
	wells := Config{
		Kind: "ufno", Width: 36, Modes: Modes{10}, Layers: 6, UNetLayers: 3, UNetLevels: 3, Hidden: 128, Activation: "relu", Coordinates: "none",
		Boundary: "zero",
	}
	return map[string]Config{
		"dilresnet-128":  dilated,
		"fno-1d":         burgers,
		"fno-2d":         flow,
		"ufno-36":        wells,
		"unetmod-1d-64":  periodic,
		"unetmod-64":     unetmod,
		"unetmodattn-64": attentive,
	}
}
