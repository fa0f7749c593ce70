package models_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

func newModel(t *testing.T, c models.Config, in, out, dims int) models.Model {
	t.Helper()
	return newPorts(t, c, models.Ports{In: in, Out: out, Axes: dims})
}

func newPorts(t *testing.T, c models.Config, p models.Ports) models.Model {
	t.Helper()
	m, err := models.New(c, p, rand.New(rand.NewPCG(7, 8)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// amplify makes the spectral weights, which start tiny, as large as the others, so that a law about them can fail.
func amplify(m models.Model) {
	for name, p := range m.Params() {
		if strings.HasSuffix(name, "spectral.weight") {
			for i := range p.Data {
				p.Data[i] *= float64(p.Dims.At(-1))
			}
		}
	}
}

// bandLimited samples a field of two channels with wavenumbers up to 2 on an n-point grid of the unit interval.
func bandLimited(n int) []float64 {
	x := make([]float64, 2*n)
	for i := range n {
		s := 2 * math.Pi * float64(i) / float64(n)
		x[2*i], x[2*i+1] = 0.3+0.2*math.Sin(s)-0.1*math.Cos(2*s), 0.2*math.Cos(s)
	}
	return x
}

// On fields that every grid resolves, the grid does not matter: exactly for a linear FNO, up to the aliasing of smooth
// functions, which falls exponentially, otherwise.
func TestResolutionInvariance(t *testing.T) {
	for _, c := range []struct {
		activation string
		coarse     int
		tolerance  float64
	}{{"identity", 9, 1e-13}, {"gelu", 64, 1e-9}} {
		for _, kind := range []string{"fno", "neuralop_fno"} {
			m := newModel(t, models.Config{Kind: kind, Width: 4, Modes: models.Modes{4}, Layers: 2, Activation: c.activation, Coordinates: "none"}, 2, 1, 1)
			amplify(m)
			coarse := apply(t, m, op.Of(1, c.coarse, 2), bandLimited(c.coarse))
			fine := apply(t, m, op.Of(1, 3*c.coarse, 2), bandLimited(3*c.coarse))
			for i := range coarse {
				fine[i] = fine[3*i]
			}
			reference.Near(t, kind+" with "+c.activation, fine[:len(coarse)], coarse, c.tolerance)
		}
	}
}

// Linear attention is a quadrature: on smooth fields every grid that resolves them gives the same.
func TestTransformerOnAnyGrid(t *testing.T) {
	m := newModel(t, models.Config{Kind: "transformer", Width: 16, Heads: 2, Layers: 2, Coordinates: "none"}, 2, 1, 1)
	coarse, fine := apply(t, m, op.Of(1, 64, 2), bandLimited(64)), apply(t, m, op.Of(1, 192, 2), bandLimited(192))
	for i := range coarse {
		fine[i] = fine[3*i]
	}
	reference.Near(t, "transformer", fine[:len(coarse)], coarse, 1e-12)
}

// A model without coordinates commutes with shifts of a periodic field, a U-Net with those by multiples of its coarsest spacing.
func TestShiftEquivariance(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	const nx, ny, sx, sy = 6, 8, 4, 6
	x := make([]float64, nx*ny*2)
	for i := range x {
		x[i] = rnd.NormFloat64()
	}
	for _, c := range []models.Config{
		{Kind: "fno", Width: 3, Modes: models.Modes{3, 4}, Layers: 2},
		{Kind: "neuralop_fno", Width: 3, Modes: models.Modes{3, 4}, Layers: 2},
		{Kind: "ufno", Width: 3, Modes: models.Modes{3, 4}, Layers: 2, UNetLayers: 1, UNetLevels: 1},
		{Kind: "unet", Width: 4, Layers: 1, Multipliers: []int{1, 2}, MiddleAttention: true},
		{Kind: "unet_plain", Width: 8, Layers: 1, Multipliers: []int{1, 2}},
		{Kind: "unet_convnext", Width: 4, Layers: 1, Multipliers: []int{1, 2}},
		{Kind: "dilated_resnet", Width: 4, Layers: 1, Dilations: []int{1, 2}},
		{Kind: "transformer", Width: 8, Layers: 1},
	} {
		c.Coordinates = "none"
		m := newModel(t, c, 2, 1, 2)
		amplify(m)
		want := shift(apply(t, m, op.Of(1, nx, ny, 2), x), nx, ny, sx, sy)
		got := apply(t, m, op.Of(1, nx, ny, 2), shift(x, nx, ny, sx, sy))
		reference.Near(t, c.Kind, got, want, 1e-12)
	}
}

func shift(x []float64, nx, ny, sx, sy int) []float64 {
	c := len(x) / (nx * ny)
	y := make([]float64, len(x))
	for i := range nx {
		for j := range ny {
			to := ((i+sx)%nx*ny + (j+sy)%ny) * c
			copy(y[to:to+c], x[(i*ny+j)*c:])
		}
	}
	return y
}

// A sample's output does not depend on what else is in the batch.
func TestBatchIndependence(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	x := make([]float64, 3*8*2)
	for i := range x {
		x[i] = rnd.NormFloat64()
	}
	for _, norm := range []string{"none", "group", "instance"} {
		m := newModel(t, models.Config{Kind: "neuralop_fno", Width: 4, Modes: models.Modes{6}, Layers: 2, Norm: norm}, 2, 1, 1)
		all := apply(t, m, op.Of(3, 8, 2), x)
		reference.Near(t, norm, apply(t, m, op.Of(1, 8, 2), x[16:32]), all[8:16], 1e-13)
	}
}

// Coarser grids than the modes leave wavenumbers out: the kernel entries of the others do not matter.
func TestCoarseGridLeavesWavenumbersOut(t *testing.T) {
	m := newModel(t, models.Config{Kind: "fno", Width: 3, Modes: models.Modes{4, 4}, Layers: 1, Coordinates: "none"}, 1, 1, 2)
	x := make([]float64, 5*4)
	for i := range x {
		x[i] = math.Sin(float64(i * i))
	}
	before := apply(t, m, op.Of(1, 5, 4, 1), x)
	for name, p := range m.Params() {
		if !strings.HasSuffix(name, "spectral.weight") {
			continue
		}
		for k := range 8 { // wavenumbers −4..3; five points carry −2..2, four carry 0..2 on the last axis
			for l := range 4 {
				if k-4 < -2 || k-4 > 2 || l > 2 {
					row := p.Dims.Span(2, 5)
					for i := range row {
						p.Data[(k*4+l)*row+i] = 1e3
					}
				}
			}
		}
	}
	reference.Near(t, "output", apply(t, m, op.Of(1, 5, 4, 1), x), before, 1e-14)
}

// Skips differ in their parameters only: a linear one with the identity matrix and a gate of ones are the identity, a gate of
// zeros is no skip.
func TestSkipsAgree(t *testing.T) {
	x := bandLimited(10)
	output := func(kind string, value func(i, j int) float64) []float64 {
		m := newModel(t, models.Config{Kind: "neuralop_fno", Width: 4, Modes: models.Modes{4}, Layers: 1, Skip: "identity", MLPSkip: "identity"}, 2, 1, 1).(*models.NeuralopFNO)
		other := newModel(t, models.Config{Kind: "neuralop_fno", Width: 4, Modes: models.Modes{4}, Layers: 1, Skip: kind, MLPSkip: kind}, 2, 1, 1).(*models.NeuralopFNO)
		m.Blocks[0].Skip, m.Blocks[0].MLPSkip = other.Blocks[0].Skip, other.Blocks[0].MLPSkip
		for name, p := range m.Params() {
			if strings.HasSuffix(name, "skip.weight") {
				for i := range p.Data {
					p.Data[i] = value(i/4, i%4)
				}
			}
		}
		return apply(t, m, op.Of(1, 10, 2), x)
	}
	eye := func(i, j int) float64 {
		if i == j {
			return 1
		}
		return 0
	}
	one := func(int, int) float64 { return 1 }
	zero := func(int, int) float64 { return 0 }
	identity, none := output("identity", zero), output("none", zero)
	if slices.Equal(identity, none) {
		t.Fatal("the identity skip adds nothing")
	}
	reference.Near(t, "linear", output("linear", eye), identity, 1e-14)
	reference.Near(t, "soft-gating", output("soft-gating", one), identity, 1e-14)
	reference.Near(t, "closed gate", output("soft-gating", zero), none, 1e-14)
}

// Padding surrounds the field with zeros for the inner function and cuts them off afterwards.
func TestPaddingRoundTrip(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	for _, c := range []struct {
		padding models.Padding
		grid    op.Dims
	}{
		{models.Padding{Fraction: 0.5}, op.Of(1, 5, 6, 1)},
		{models.Padding{Fraction: 0.5, Both: true}, op.Of(1, 7, 8, 1)}, // half of 3 rounds to 2, half of 4 is 2
		{models.Padding{}, op.Of(1, 3, 4, 1)},
	} {
		g := op.NewGraph()
		var padded op.Value
		y := c.padding.Around(g.Input("x", op.Float64, op.Of(1, 3, 4, 1)), func(v op.Value) op.Value {
			padded = v
			return v
		})
		if padded.Dims() != c.grid {
			t.Errorf("%+v: the padded field is %v, want %v", c.padding, padded.Dims(), c.grid)
		}
		out := compile(t, y, op.SumAll(padded)).run(t, map[string][]float64{"x": x})
		reference.Near(t, "field", out[0], x, 0)
		reference.Near(t, "sum of the padded field", out[1], []float64{78}, 0)
	}
}

// Published counts, with batch normalisation's 2·width per block, which the scripts dropped later: FNO-2D and FNO-3D of Li et
// al. (2021), Table 1. The other two are printed by the scripts, which count a complex number once.
func TestPublishedParameterCounts(t *testing.T) {
	for _, c := range []struct {
		what                    string
		cfg                     models.Config
		in, out, dims           int
		batchNorm, complexTwice bool
		want                    int
	}{
		{"FNO-2D of table 1", models.Config{Width: 20, Modes: models.Modes{8}}, 10, 1, 2, true, true, 414_517},
		{"FNO-3D of table 1", models.Config{Width: 20, Modes: models.Modes{8}}, 10, 1, 3, true, true, 6_558_537},
		{"fourier_1d", models.Config{}, 1, 1, 1, false, false, 287_425},
		{"fourier_2d", models.Config{}, 1, 1, 2, false, false, 1_188_353},
	} {
		m := newModel(t, c.cfg, c.in, c.out, c.dims)
		n := models.Count(m)
		if c.batchNorm {
			n += 4 * 2 * c.cfg.Width
		}
		for name, p := range m.Params() {
			if !c.complexTwice && strings.HasSuffix(name, "spectral.weight") {
				n -= len(p.Data) / 2
			}
		}
		if n != c.want {
			t.Errorf("%s has %d parameters, published are %d", c.what, n, c.want)
		}
	}
}

// The counts that PDEArena's documentation and the PDE-Refiner paper give, to the digits given there. Nothing is allocated for them.
func TestPresetsHaveTheirPublishedSizes(t *testing.T) {
	flow := models.Ports{In: 4 * 3, Out: 3, Axes: 2} // four frames of a scalar and a vector
	for preset, c := range map[string]struct {
		ports     models.Ports
		want, off int
	}{
		"unetmod-64":    {flow, 144_000_000, 500_000},
		"dilresnet-128": {flow, 4_200_000, 50_000},
		"unetmod-1d-64": {models.Ports{In: 2, Out: 1, Axes: 1, Scalars: 3}, 55_000_000, 1_500_000}, // “about”
		"fno-2d":        {models.Ports{In: 10, Out: 1, Axes: 2}, 414_517 - 4*2*20, 0},              // without batch normalisation
		"ufno-36":       {models.Ports{In: 12, Out: 1, Axes: 3}, 33_097_829 + 6*4*36*36*1000, 0},   // printed likewise
		"fno-1d":        {models.Ports{In: 1, Out: 1, Axes: 1}, 287_425 + 4*16*64*64, 0},           // printed with complex numbers counted once
	} {
		m, err := models.New(models.Config{Preset: preset}, c.ports, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := models.Count(m); n < c.want-c.off || n > c.want+c.off {
			t.Errorf("%s has %d parameters, published are %d", preset, n, c.want)
		}
		for name, p := range m.Params() {
			if p.Data != nil {
				t.Fatalf("%s: %s has values", preset, name)
			}
		}
	}
}

func TestNamesAreStable(t *testing.T) {
	for kind, want := range map[string]string{
		"mlp": "layers.0.weight layers.0.bias layers.1.weight layers.1.bias",
		"fno": "lift.weight lift.bias blocks.0.spectral.weight blocks.0.skip.weight blocks.0.skip.bias " +
			"project.0.weight project.0.bias project.1.weight project.1.bias",
		"neuralop_fno": "lift.0.weight lift.0.bias lift.1.weight lift.1.bias blocks.0.spectral.core blocks.0.spectral.factor_k0 " +
			"blocks.0.spectral.factor_k1 blocks.0.spectral.factor_in blocks.0.spectral.factor_out blocks.0.spectral.bias " +
			"blocks.0.mlp.0.weight blocks.0.mlp.0.bias blocks.0.mlp.1.weight blocks.0.mlp.1.bias blocks.0.mlp_skip.weight " +
			"blocks.0.norm0.weight blocks.0.norm0.bias blocks.0.norm1.weight blocks.0.norm1.bias " +
			"project.0.weight project.0.bias project.1.weight project.1.bias",
	} {
		var names []string
		cfg := models.Config{Kind: kind, Width: 4, Layers: 1}
		if kind == "neuralop_fno" {
			cfg.Factorization, cfg.Norm, cfg.Skip = "tucker", "group", "none"
		}
		for name := range newModel(t, cfg, 1, 1, 2).Params() {
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: parameters are\n%s, want\n%s", kind, got, want)
		}
	}
}

// The values are a function of the generator alone and come from the laws that the constructors state.
func TestInitialValues(t *testing.T) {
	cfg := models.Config{Kind: "neuralop_fno", Width: 16, Modes: models.Modes{8}, Layers: 2, Factorization: "tucker", Rank: 0.5}
	a, b := newModel(t, cfg, 1, 1, 2), newModel(t, cfg, 1, 1, 2)
	var first []float64
	for _, p := range a.Params() {
		first = append(first, p.Data...)
	}
	for _, p := range b.Params() {
		if !slices.Equal(p.Data, first[:len(p.Data)]) {
			t.Fatalf("%s differs between two models from the same seed", p.Name)
		}
		first = first[len(p.Data):]
	}

	m := newModel(t, models.Config{Kind: "fno", Width: 16, Modes: models.Modes{8}, Layers: 1}, 1, 1, 2)
	bounds := map[string][2]float64{"lift.weight": {-1 / math.Sqrt(3), 1 / math.Sqrt(3)}, "blocks.0.spectral.weight": {0, 1. / 256}, "project.0.weight": {-0.25, 0.25}}
	for name, p := range m.Params() {
		if r, ok := bounds[name]; ok {
			lo, hi := slices.Min(p.Data), slices.Max(p.Data)
			if spread := r[1] - r[0]; !(lo >= r[0] && hi <= r[1] && hi-lo > 0.8*spread) {
				t.Errorf("%s lies in [%v, %v], want to fill [%v, %v]", name, lo, hi, r[0], r[1])
			}
		}
	}

	// The kernel's entries have E|w|² = 2/(in+out), stored in full or factorised.
	for _, factorization := range []string{"dense", "tucker"} {
		cfg := models.Config{Kind: "neuralop_fno", Width: 32, Modes: models.Modes{8}, Layers: 1, Factorization: factorization}
		w := newModel(t, cfg, 1, 1, 2).(*models.NeuralopFNO).Blocks[0].Spectral.Weight
		g := op.NewGraph()
		feed := map[string][]float64{}
		for name, p := range w.Params() {
			feed["param."+name] = p.Data
		}
		v := compile(t, w.In(g, op.Float64)).run(t, feed)[0]
		if got := norm(v) * norm(v) / float64(len(v)/2); !(math.Abs(got*32-1) < 0.5) {
			t.Errorf("%s kernel has E|w|² = %v, want %v", factorization, got, 1./32)
		}
	}
}

// y = x_last + μ + σ·net((x − m)/s) for a network whose weights are set to pick channels.
func TestSurrogate(t *testing.T) {
	net := newModel(t, models.Config{Kind: "mlp", Width: 1, Layers: 1, Activation: "identity"}, 4, 1, 1)
	values := map[string][]float64{"layers.0.weight": {1, 10, 100, 1000}, "layers.0.bias": {0}, "layers.1.weight": {1}, "layers.1.bias": {0.5}}
	for name, p := range net.Params() {
		copy(p.Data, values[name])
	}
	s := &models.Surrogate{
		Net: net, Frames: 2, Difference: true,
		In:  models.Scaling{Mean: []float64{1, 2}, Std: []float64{2, 4}},
		Out: models.Scaling{Mean: []float64{7}, Std: []float64{3}},
	}
	got := apply(t, s, op.Of(1, 1, 4), []float64{5, 6, 9, 10}) // (2, 1, 4, 2) after normalisation
	reference.Near(t, "difference", got, []float64{9 + 7 + 3*(2+10+400+2000+0.5)}, 1e-14)
	s.Difference = false
	reference.Near(t, "state", apply(t, s, op.Of(1, 1, 4), []float64{5, 6, 9, 10}), []float64{7 + 3*(2+10+400+2000+0.5)}, 1e-14)
	s.In, s.Out = models.Scaling{}, models.Scaling{}
	reference.Near(t, "no scaling", apply(t, s, op.Of(1, 1, 4), []float64{5, 6, 9, 10}), []float64{5 + 60 + 900 + 10000 + 0.5}, 1e-14)
}

func TestConfigReadsANumberOrAListOfModes(t *testing.T) {
	for text, want := range map[string][]int{"kind: fno\nmodes: 12": {12}, "kind: fno\nmodes: [3, 4]": {3, 4}} {
		var c models.Config
		if err := yaml.Unmarshal([]byte(text), &c); err != nil || !slices.Equal(c.Modes, want) {
			t.Errorf("%q gives modes %v, %v", text, c.Modes, err)
		}
		b, err := json.Marshal(c)
		var back models.Config
		if err == nil {
			err = json.Unmarshal(b, &back)
		}
		if err != nil || !slices.Equal(back.Modes, want) || back.Kind != c.Kind {
			t.Errorf("%s gives %+v, %v", b, back, err)
		}
	}
	var c models.Config
	if err := yaml.Unmarshal([]byte("modes: many"), &c); err == nil {
		t.Error("modes: many is no error")
	}
	if err := json.Unmarshal([]byte(`{"modes": 5}`), &c); err != nil || !slices.Equal(c.Modes, []int{5}) {
		t.Errorf("a JSON number gives %v, %v", c.Modes, err)
	}
}

func TestErrorsSayWhatIsWrong(t *testing.T) {
	build := func(c models.Config, dims int) func() error {
		return func() error {
			_, err := models.New(c, models.Ports{In: 1, Out: 1, Axes: dims}, rand.New(rand.NewPCG(1, 1)))
			return err
		}
	}
	input := func(m models.Model, lens ...int) func() error {
		return func() error {
			g := op.NewGraph()
			m.Apply(g.Input("x", op.Float32, op.Of(lens...)))
			return g.Err()
		}
	}
	fno := newModel(t, models.Config{Width: 2, Modes: models.Modes{40}, Layers: 1}, 1, 1, 1)
	unet := newModel(t, models.Config{Kind: "unet", Width: 2, Layers: 1}, 1, 1, 1)
	told := newPorts(t, models.Config{Width: 2, Layers: 1}, models.Ports{In: 1, Out: 1, Axes: 1, Scalars: 2})
	identity := &models.Surrogate{Net: models.Identity{}, Out: models.Scaling{Mean: []float64{0}, Std: []float64{0}}}
	for _, c := range []struct {
		err  func() error
		want string
	}{
		{build(models.Config{Kind: "fmo"}, 1), `models: unknown kind "fmo": did you mean "fno"? (known: `},
		{build(models.Config{Kind: "perceiver"}, 1), `models: unknown kind "perceiver" (known: `},
		{build(models.Config{Activation: "geluu"}, 1), `models: unknown activation "geluu": did you mean "gelu"?`},
		{build(models.Config{Kind: "neuralop_fno", Norm: "batch"}, 1), `models: unknown norm "batch"`},
		{build(models.Config{Kind: "neuralop_fno", Skip: "dense"}, 1), `models: unknown skip "dense"`},
		{build(models.Config{Kind: "neuralop_fno", Factorization: "tuckr"}, 1), `models: unknown factorization "tuckr": did you mean "tucker"?`},
		{build(models.Config{Kind: "neuralop_fno", Rank: math.NaN()}, 1), "models: rank NaN: must be"},
		{build(models.Config{Kind: "neuralop_fno", Width: 1}, 1), "models: expansion 0.5 makes 0 channels from the width 1"},
		{build(models.Config{Kind: "fno", Rank: 0.1}, 1), "models: kind fno does not know rank"},
		{build(models.Config{Kind: "neuralop_fno", LiftingRatio: math.NaN()}, 1), "models: lifting_ratio NaN makes NaN channels"},
		{build(models.Config{Kind: "neuralop_fno", Hidden: 3}, 1), "models: kind neuralop_fno does not know hidden"},
		{build(models.Config{Layers: -2}, 1), "models: layers -2"},
		{build(models.Config{Kind: "deeponet"}, 1), "models: kind deeponet reads fields at the points of one grid"},
		{build(models.Config{Kind: "deeponet", Embedding: 8}, 1), "models: kind deeponet does not know embedding"},
		{build(models.Config{Kind: "mlp", Conditioning: "film"}, 1), "models: kind mlp does not know conditioning film: use channels"},
		{build(models.Config{Conditioning: "flim"}, 1), `models: unknown conditioning "flim": did you mean "film"?`},
		{build(models.Config{Preset: "unetmod-1d"}, 1), `models: unknown preset "unetmod-1d": did you mean "unetmod-64"?`},
		{build(models.Config{Kind: "unet", Multipliers: []int{1, 0}}, 1), "models: multipliers [1 0]: want positive numbers"},
		{build(models.Config{Kind: "unet", Attention: []int{7}}, 1), "models: attention at level 7: the levels are 0 to 3"},
		{build(models.Config{Kind: "unet", Width: 6, Groups: 4}, 1), "models: norm group: 6 channels do not divide into 4 groups"},
		{build(models.Config{Kind: "unet", EdgeKernel: 2}, 1), "models: edge_kernel 2: must be odd"},
		{build(models.Config{Kind: "unet", Boundary: "open"}, 1), `models: unknown boundary "open"`},
		{build(models.Config{Kind: "unet", Form: "strandard"}, 1), `models: unknown form "strandard": did you mean "standard"?`},
		{build(models.Config{Kind: "transformer", Width: 6}, 1), "models: heads 4: do not divide the width 6"},
		{func() error { return models.CheckGrid(unet, 12) }, "models: a grid of 12 points (axis 0) for a unet of 4 levels: must be a multiple of 8"},
		{input(unet, 2, 12, 1), "models: a grid of 12 points (axis 0) for a unet of 4 levels"},
		{input(told, 2, 16, 1), "models: the model is told 2 scalars: use Given"},
		{build(models.Config{Coordinates: "polar"}, 1), `models: unknown coordinates "polar"`},
		{build(models.Config{Width: -1}, 1), "models: width -1"},
		{build(models.Config{Padding: math.NaN()}, 1), "models: padding NaN"},
		{build(models.Config{Modes: models.Modes{3, 4}}, 3), "models: modes [3 4]: want one positive number, or one for each of the 3 space axes"},
		{build(models.Config{}, 4), "models: 4 space axes"},
		{func() error { return models.CheckGrid(fno, 32) }, "models: modes 40 on a grid of 32 points: at most 17"},
		{func() error { return models.CheckGrid(fno, 78) }, ""},
		{input(fno, 2, 64, 3), "models: fno: input of shape [2,64,3]: want [batch, x.., channels] with 1 space axes and 1 channels"},
		{input(identity, 2, 64, 1), "models: scaling: channel 0 has mean 0 and deviation 0"},
		{input(&models.Surrogate{Net: models.Identity{}, Frames: 2}, 2, 64, 3), "models: surrogate: 3 input channels in 2 frames"},
	} {
		err := c.err()
		if (c.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("error is %v, want %s", err, c.want)
		}
	}
}
