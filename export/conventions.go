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
	Scalars     string `json:"scalars,omitempty"`
	Boundary    string `json:"boundary,omitempty"`
	Convolution string `json:"convolution,omitempty"`
	Attention   string `json:"attention,omitempty"`
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
	if d.Difference && d.Weight != 0 {
		c.Surrogate = strings.Replace(c.Surrogate, "x + output.mean + output.std * net((x - input.mean) / input.std)", "x + difference_weight * (output.mean + output.std * net((x - input.mean) / input.std))", 1)
	}
	c.Scalars = scalars(d)
	c.Boundary = map[string]string{
		"periodic": "outside its grid a field continues periodically", "zero": "outside its grid a field is 0",
		"reflect": "outside its grid a field is mirrored at the first and the last point, which are not repeated",
	}[m.Boundary]
	if m.Boundary != "" {
		c.Convolution = "y_i = b + sum_j x_(s i + d (j - r)) W_j for 2 r + 1 points, stride s (2 where it halves the grid, else 1), dilation d (1, or that of dilated_resnet); " +
			"up.N doubles the grid: y_p = b + sum x_i W_j over 2 i + j = p + 1, where form pdearena has zeros outside; halve has two points without overlap, double is its transpose"
	}
	c.Attention = attention(d)
	switch {
	case m.Padding > 0 && m.Kind == "neuralop_fno":
		c.Padding = "round(padding * n) zeros, half to even, at both ends of every axis between lift and project; cut off again"
	case m.Padding > 0:
		c.Padding = "round(padding * n) zeros, half to even, behind the last point of every axis between lift and project; cut off again"
	}
	switch m.Norm {
	case "group":
		c.Norm = "weight * (v - mean) / sqrt(variance + 1e-5) + bias, mean and variance (biased) of a sample over points and the channels of each of groups (1 if not given) equal groups"
	case "layer":
		c.Norm = "weight * (v - mean) / sqrt(variance + 1e-5) + bias, mean and variance (biased) of a point over its channels"
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

// network says how the layers of a kind make the output z of the network. act is the activation, mod(v) the norm of that place with
// the scalars' effect.
func network(kind string) string {
	return map[string]string{
		"fno": "v = lift(x with coordinates); for each block v = mod(spectral(v) + skip(v)), with the activation on v before every block but the first; " +
			"z = project.1(activation(project.0(v)))",
		"ufno": "as fno, with + unet(v) in blocks that have one: left = [v]; for each down: every unit u = l(norm(conv(u))), the first of stride 2, the result kept; from the last up to the first: " +
			"u = l(up(u)) behind the channels of what was kept before it; then output; l(x) = max(x, x/10)",
		"neuralop_fno": "v = lift.1(activation(lift.0(x with coordinates))); for each block u = act(norm0(spectral(v)) + skip(v)), " +
			"v = act(norm1(mlp.1(activation(mlp.0(u))) + mlp_skip(v))), act the activation except in the last block, where it is left out; " +
			"z = project.1(activation(project.0(v))); a skip is affine (linear), a factor per channel (soft-gating), v itself (identity) or left out (none)",
		"mlp": "z = layers.n(.. activation(layers.1(activation(layers.0(x with coordinates))))), at every point by itself",
		"unet": "v = input(x with coordinates), pushed on a stack; every entry of down in order is applied and its result pushed; every entry of middle is applied; " +
			"every entry of up in order: a doubling is applied to v, a block to the channels of v followed by those popped; z = output(act(norm(v))), norm of up to 8 groups; " +
			"a block is conv2(act(mod(conv1(act(norm1(v)))))) + shortcut(v) (v itself without shortcut), mod with norm2, then its attention, if it has one",
		"unet_plain": "v = input(x with coordinates); for each down: halve, if it is not the first, then every unit act(mod(conv(v))), the result kept; from the last up to the first: " +
			"double, then the units of the channels of v followed by those kept; z = output(v)",
		"unet_convnext": "v = input(x with coordinates); for each level: halve(halve_norm(v)), if it is not the first, then its down blocks, the result kept; from the last level to the first: " +
			"its up blocks, then v = merge(double(double_norm(v)) followed by what the level before it kept); z = output(v); " +
			"a block is v + gate * reduce(act(expand(mod(u)))), u each channel of v convolved with its own kernel, + bias; norms are over the channels of a point, as layer",
		"dilated_resnet": "block stack: v = input.1(act(input.0(x with coordinates))); v = v + units(v) for each block, a unit act(mod(conv(v))) for each dilation; z = output.1(act(output.0(v))); " +
			"block residual: v = input(x with coordinates); v = conv2(act(mod(conv1(act(norm1(v)))))) + v for each block, conv1 with its dilation; z = output(act(norm(v)))",
		"transformer": "v = lift(x with coordinates); for each block v = v + attention(mod(v)), then v = v + mlp.1(act(mlp.0(mod(v)))); z = project.1(act(project.0(norm(v)))); " +
			"norms are over the channels of a point, as layer",
		"deeponet": "z_c at a point = sum_p branch_(c,p) trunk_(c,p) + bias_c, the last layers' values channel by channel; branch reads the input's values at the points of grid, row-major, channels last, " +
			"then the scalars; trunk reads the coordinates of the point; act between layers, and after the last one of either with branch_activation and trunk_activation",
		"pod_deeponet": "z at all points and channels, row-major, = mean + sum_p branch_p basis_p; branch reads as that of deeponet",
		"multionet":    "as deeponet, with z_c = 1/L sum_l weight_(l,c) sum_p branch_(l,c,p) trunk_(l,c,p) + bias_c over the values after act of every layer l",
	}[kind]
}

// scalars says how the scalars of a surrogate act; nothing where it has none.
func scalars(d models.Description) string {
	if len(d.Condition) == 0 {
		return ""
	}
	told := "scalars are normalised as (c - mean) / std, in the order of condition"
	if d.Model.Conditioning == "channels" {
		return told + "; each is appended to the input of the network as a constant channel (deeponet, multionet: to the branch's)"
	}
	act := "mod(v) = norm(v + W e + b)"
	if d.Model.Conditioning == "film" {
		act = "mod(v) = norm(v) * (1 + s) + t, (s, t) = W e + b"
	}
	return told + "; e = sum_j condition.j.1(act(condition.j.0(f(c_j)))), f(t) = (cos(t w_0), .., sin(t w_0), ..), w_i = 10000^(-i/h), h = floor(width/2), a 0 behind where width is odd; " +
		act + ", W and b those of condition"
}

// attention says what the attentions of a network compute; nothing where it has none.
func attention(d models.Description) string {
	m := d.Model
	switch {
	case m.Kind == "transformer":
		return "q, k, v = the thirds of project(v), in heads of neighbouring channels; k and v normalised over a head's channels with key and value; " +
			"output(q (k^T v) / n) over n points"
	case len(m.Attention) == 0 && !m.MiddleAttention:
		return ""
	case m.Form == "pdearena":
		return "q, k, v = the thirds of project(v), in heads of d neighbouring channels; v + output(A v), A_ij the softmax of q_i k_j / sqrt(d) over i; norm is not used"
	}
	return "q, k, v = the thirds of project(norm(v)), in heads of d neighbouring channels; v + output(A v), A_ij the softmax of q_i k_j / sqrt(d) over j"
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
	part := strings.Split(name, ".")
	last, before := part[len(part)-1], ""
	if len(part) > 1 {
		before = part[len(part)-2]
	}
	axis, factor := strings.CutPrefix(last, "factor_")
	switch {
	case before == "key" || before == "value":
		return "head, 1, channel of a head"
	case last == "bias":
		return "out"
	case last == "weight" && before == "spectral":
		return "wavenumber of each axis, (re, im), in, out"
	case name == "weight":
		return "hidden layer, out"
	case last == "weight" && rank == 2:
		return "in, out"
	case last == "weight" && rank == 1 || last == "gate":
		return "channel"
	case last == "weight" && (before == "double" || len(part) > 2 && part[len(part)-3] == "up"):
		return "point of each axis, out, in"
	case last == "weight":
		return "point of each axis, in, out"
	case last == "kernel":
		return "point of each axis, channel"
	case last == "basis":
		return "function, point and channel"
	case last == "mean":
		return "point and channel"
	case last == "core":
		return "(re, im), rank of each axis of the kernel, of in, of out"
	case factor:
		return "(re, im), " + axis + ", rank"
	}
	return ""
}
