package export

import (
	"strings"

	"github.com/kolmogo/kolmogo/models"
)

// Conventions say in words what the numbers of a sidecar mean. ASCII only, for whatever reads it.
type Conventions struct {
	Fields      string `json:"fields"`
	Surrogate   string `json:"surrogate"`
	Network     string `json:"network"`
	Affine      string `json:"affine"`
	Coordinates string `json:"coordinates"`
	Padding     string `json:"padding,omitempty"`
	Norm        string `json:"norm,omitempty"`
	Transform   string `json:"transform,omitempty"`
	Spectral    string `json:"spectral,omitempty"`
	Wavenumbers string `json:"wavenumbers,omitempty"`
	Tucker      string `json:"tucker,omitempty"`
}

// conventions describes a surrogate with a resolved configuration.
func conventions(d models.Description) Conventions {
	m := d.Model
	c := Conventions{
		Fields:      "row-major, channels last: input [batch, x.., frames*channels], the oldest frame first; output [batch, x.., outputs]",
		Surrogate:   "y = output.mean + output.std * net((x - input.mean) / input.std), per channel; without mean and std: mean 0, std 1",
		Network:     network(m.Kind),
		Affine:      "x W + b at every point, W [in, out], b [out]",
		Coordinates: coordinates(m),
	}
	if d.Difference {
		c.Surrogate = strings.Replace(c.Surrogate, "y = ", "y = last frame of x + ", 1)
	}
	switch {
	case m.Padding > 0 && m.Kind == "neuralop_fno":
		c.Padding = "round(padding * n) zeros, half to even, at both ends of every axis between lift and project; cut off again"
	case m.Padding > 0:
		c.Padding = "round(padding * n) zeros, half to even, behind the last point of every axis between lift and project; cut off again"
	}
	switch m.Norm {
	case "group":
		c.Norm = "weight * (v - mean) / sqrt(variance + 1e-5) + bias, mean and variance (biased) of a sample over points and channels"
	case "instance":
		c.Norm = "(v - mean) / sqrt(variance + 1e-5), mean and variance (biased) of a sample's channel over points"
	}
	if len(m.Modes) == 0 {
		return c
	}
	c.Transform = "analysis X_k = 1/N sum_n x_n exp(-2 pi i k n / N) per axis; synthesis sum_k X_k exp(+2 pi i k n / N); the last axis is real and keeps k >= 0, " +
		"where synthesis counts every k twice except k = 0 and, for even N, k = N/2, whose imaginary parts are ignored"
	c.Spectral = "synthesis of Y_k = X_k W_k for each kept wavenumber k, X_k the row of channels, without conjugation; then + bias, if there is one"
	c.Wavenumbers = "with m the entry of modes, ascending: -m..m-1 along every axis but the last, 0..m-1 along the last"
	if m.Kind == "neuralop_fno" {
		c.Wavenumbers = "with m the entry of modes, ascending: m of them from -floor(m/2) along every axis but the last, 0..floor(m/2) along the last"
	}
	if m.Factorization == "tucker" {
		c.Tucker = "W[k.., i, o] = sum over a.., p, q of core[a.., p, q] factor_k0[k0, a0] ... factor_in[i, p] factor_out[o, q], all complex, without conjugation"
	}
	return c
}

// network says how the layers of a kind make the output z of the network.
func network(kind string) string {
	return map[string]string{
		"fno": "v = lift(x with coordinates); for each block v = spectral(v) + skip(v), with the activation on v before every block but the first; " +
			"z = project.1(activation(project.0(v)))",
		"neuralop_fno": "v = lift.1(activation(lift.0(x with coordinates))); for each block u = act(norm0(spectral(v)) + skip(v)), " +
			"v = act(norm1(mlp.1(activation(mlp.0(u))) + mlp_skip(v))), act the activation except in the last block, where it is left out; " +
			"z = project.1(activation(project.0(v))); a skip is affine (linear), a factor per channel (soft-gating), v itself (identity) or left out (none)",
		"mlp": "z = layers.n(.. activation(layers.1(activation(layers.0(x with coordinates))))), at every point by itself",
	}[kind]
}

// coordinates says what is appended to the normalised input.
func coordinates(c models.Config) string {
	switch c.Coordinates {
	case "endpoints":
		return "appended to the normalised input, one channel per axis in order: j/(n-1) for point j of n"
	case "periodic":
		return "appended to the normalised input, one channel per axis in order: j/n for point j of n"
	}
	return "none are appended"
}

// layout names the axes of a parameter by what its name ends with.
func layout(name string, rank int) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	axis, factor := strings.CutPrefix(last, "factor_")
	switch {
	case last == "bias":
		return "out"
	case last == "weight" && strings.HasSuffix(name, ".spectral.weight"):
		return "wavenumber of each axis, (re, im), in, out"
	case last == "weight" && rank == 2:
		return "in, out"
	case last == "weight" && rank == 1:
		return "channel"
	case last == "core":
		return "(re, im), rank of each axis of the kernel, of in, of out"
	case factor:
		return "(re, im), " + axis + ", rank"
	}
	return ""
}
