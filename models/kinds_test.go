package models_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/modelstest"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

// small are tiny models of every kind and form, on the grid in their ports.
func small() map[string]struct {
	models.Config
	models.Ports
} {
	type row = struct {
		models.Config
		models.Ports
	}
	line, plane := models.Ports{In: 2, Out: 2, Axes: 1, Grid: []int{8}}, models.Ports{In: 1, Out: 1, Axes: 2, Grid: []int{4, 6}}
	cube := models.Ports{In: 1, Out: 1, Axes: 3, Grid: []int{4, 2, 4}}
	return map[string]row{
		"mlp":                {models.Config{Kind: "mlp", Width: 6, Layers: 1}, line},
		"process":            {models.Config{Kind: "process", Width: 4, Layers: 1, Heads: 2, Context: 5, Place: 1}, line},
		"fno":                {models.Config{Kind: "fno", Width: 4, Layers: 2, Modes: models.Modes{3}, Hidden: 6}, line},
		"fno film":           {models.Config{Kind: "fno", Width: 4, Layers: 2, Modes: models.Modes{2}, Hidden: 6, Conditioning: "film"}, plane},
		"neuralop_fno":       {models.Config{Kind: "neuralop_fno", Width: 4, Layers: 1, Modes: models.Modes{2}}, plane},
		"ufno":               {models.Config{Kind: "ufno", Width: 4, Layers: 2, UNetLayers: 1, UNetLevels: 2, Modes: models.Modes{2}, Hidden: 6}, line},
		"unet":               {models.Config{Kind: "unet", Width: 4, Layers: 1, Multipliers: []int{1, 2}, Attention: []int{1}, Heads: 2}, line},
		"unet plane":         {models.Config{Kind: "unet", Width: 4, Layers: 1, Multipliers: []int{1, 2}, Boundary: "reflect", Conditioning: "film", MiddleAttention: true}, plane},
		"unet cube":          {models.Config{Kind: "unet", Width: 2, Layers: 1, Multipliers: []int{1, 1}, Boundary: "zero", Norm: "none"}, cube},
		"unet_plain":         {models.Config{Kind: "unet_plain", Width: 4, Layers: 1, Multipliers: []int{1, 2}, Groups: 2}, plane},
		"unet_convnext":      {models.Config{Kind: "unet_convnext", Width: 3, Layers: 1, Multipliers: []int{1, 2}, Kernel: 3}, plane},
		"unet_convnext line": {models.Config{Kind: "unet_convnext", Width: 4, Layers: 1, Multipliers: []int{1, 1}, Kernel: 5, Boundary: "reflect"}, line},
		"dilated_resnet":     {models.Config{Kind: "dilated_resnet", Width: 4, Layers: 1, Dilations: []int{1, 2}, Norm: "layer"}, line},
		"dilated residual":   {models.Config{Kind: "dilated_resnet", Width: 4, Layers: 1, Dilations: []int{1, 2}, Block: "residual", Norm: "group", Activation: "silu"}, plane},
		"deeponet":           {models.Config{Kind: "deeponet", Width: 8, Layers: 1, Latent: 4}, plane},
		"deeponet channels":  {models.Config{Kind: "deeponet", Width: 8, Layers: 1, Latent: 4, TrunkActivation: true, BranchActivation: true}, line},
		"pod_deeponet":       {models.Config{Kind: "pod_deeponet", Width: 8, Layers: 1, Latent: 3}, plane},
		"multionet":          {models.Config{Kind: "multionet", Width: 8, Layers: 2}, line},
		"transformer":        {models.Config{Kind: "transformer", Width: 8, Layers: 1, Heads: 2}, plane},
		"transformer, added": {models.Config{Kind: "transformer", Width: 4, Layers: 1, Heads: 1, Conditioning: "add"}, line},
	}
}

// sample is a model with random parameters, none of them zero, in a program of its loss against random values.
type sample struct {
	model            models.Model
	ports            models.Ports
	feed             map[string][]float64
	x, c, y, loss, d op.Value
	wrt              []op.Value
}

func newSample(t *testing.T, cfg models.Config, p models.Ports, rnd *rand.Rand) sample {
	t.Helper()
	m, err := models.New(cfg, p, rnd)
	if err != nil {
		t.Fatal(err)
	}
	s := sample{model: m, ports: p, feed: map[string][]float64{}}
	random := func(name string, d op.Dims) op.Value {
		v := make([]float64, d.Size())
		for i := range v {
			v[i] = rnd.NormFloat64()
		}
		s.feed[name] = v
		return s.x.Graph().Input(name, op.Float64, d)
	}
	const batch = 2
	grid := append([]int{batch}, p.Grid...)
	s.x = op.NewGraph().Input("x", op.Float64, op.Of(append(slices.Clone(grid), p.In)...))
	s.x = random("x", s.x.Dims())
	if p.Scalars > 0 {
		s.c = random("c", op.Of(batch, p.Scalars))
	}
	for _, q := range m.Params() {
		for i := range q.Data {
			q.Data[i] += 0.3 * rnd.NormFloat64()
		}
		s.wrt = append(s.wrt, q.In(s.x.Graph(), op.Float64))
	}
	s.y = models.Given(m, s.x, s.c)
	s.d = random("target", op.Of(append(grid, p.Out)...))
	s.loss = meanSquare(s.y, s.d)
	if err := s.x.Graph().Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

// eachKind runs a test on every small model, with and without scalars.
func eachKind(t *testing.T, test func(t *testing.T, cfg models.Config, p models.Ports)) {
	for name, c := range small() {
		for _, scalars := range []int{0, 2} {
			t.Run(fmt.Sprintf("%s, %d scalars", name, scalars), func(t *testing.T) {
				c.Ports.Scalars = scalars
				test(t, c.Config, c.Ports)
			})
		}
	}
}

// The derivative along a random direction in all parameters is that of a central difference.
func TestGradientOfEveryKind(t *testing.T) {
	eachKind(t, func(t *testing.T, cfg models.Config, p models.Ports) {
		rnd := rand.New(rand.NewPCG(11, 12))
		s := newSample(t, cfg, p, rnd)
		outputs := []op.Value{s.loss}
		var which []*models.Param
		i := 0
		grads := op.Gradients(s.loss, s.wrt...)
		for _, q := range s.model.Params() {
			if grads[i].Valid() == q.Fixed {
				t.Fatalf("%s has a gradient: %v, is fixed: %v", q.Name, grads[i].Valid(), q.Fixed)
			}
			if !q.Fixed {
				outputs, which = append(outputs, grads[i]), append(which, q)
			}
			i++
		}
		prog := compile(t, outputs...)
		got := prog.run(t, feedParams(s.feed, s.model))
		slope, length := 0.0, 0.0
		direction := make([][]float64, len(which))
		for i := range which {
			for _, d := range got[1+i] {
				v := rnd.NormFloat64()
				direction[i] = append(direction[i], v)
				slope += d * v
				length += d * d
			}
		}
		const h = 1e-5
		at := func(step float64) float64 {
			feed := map[string][]float64{}
			for i, q := range which {
				moved := slices.Clone(q.Data)
				for j, v := range direction[i] {
					moved[j] += step * v
				}
				feed["param."+q.Name] = moved
			}
			return prog.run(t, feed)[0][0]
		}
		difference := (at(h) - at(-h)) / (2 * h)
		if !(math.Abs(difference-slope) <= 1e-6*math.Sqrt(length)) || !(length > 0) {
			t.Errorf("slope %v along a direction, by differences %v (gradient %v)", slope, difference, math.Sqrt(length))
		}
	})
}

// A few steps of Adam from the initial values lower the loss.
func TestEveryKindTrains(t *testing.T) {
	eachKind(t, func(t *testing.T, cfg models.Config, p models.Ports) {
		s := newSample(t, cfg, p, rand.New(rand.NewPCG(13, 14)))
		fresh, err := models.New(cfg, p, rand.New(rand.NewPCG(15, 16)))
		if err != nil {
			t.Fatal(err)
		}
		grads := op.Gradients(s.loss, s.wrt...)
		opt := train.OptimizerConfig{Kind: "adamw", Beta1: 0.9, Beta2: 0.99, Eps: 1e-8}
		var updates []engine.Update
		i := 0
		for name := range fresh.Params() {
			if grads[i].Valid() {
				updates = append(updates, opt.Update(name, s.wrt[i], grads[i])...)
			}
			i++
		}
		prog := compileUpdates(t, engine.NewStore(modelstest.Backend(t)), updates, s.loss)
		feed := feedParams(s.feed, fresh)
		var first, last float64
		for n := range 30 {
			if err := opt.Feed(prog.Program, n+1, 3e-3); err != nil {
				t.Fatal(err)
			}
			last = prog.run(t, feed)[0][0]
			if n == 0 {
				first, feed = last, nil
			}
		}
		if !(last < 0.97*first) {
			t.Errorf("the loss went from %v to %v", first, last)
		}
	})
}

// Each sample sees its own scalars, all of them, and no other's.
func TestScalarsReachTheirSample(t *testing.T) {
	for name, c := range small() {
		t.Run(name, func(t *testing.T) {
			c.Ports.Scalars = 2
			s := newSample(t, c.Config, c.Ports, rand.New(rand.NewPCG(17, 18)))
			prog := compile(t, s.y)
			feed := feedParams(s.feed, s.model)
			before := prog.run(t, feed)[0]
			half := len(before) / 2
			for j := range 2 {
				changed := slices.Clone(s.feed["c"])
				changed[2+j]++ // of the second sample
				after := prog.run(t, map[string][]float64{"c": changed})[0]
				reference.Near(t, "first sample", after[:half], before[:half], 1e-14)
				if slices.Equal(after[half:], before[half:]) {
					t.Errorf("scalar %d changes nothing", j)
				}
			}
		})
	}
}

// A model without values has the parameters of one with values.
func TestModelsWithoutValues(t *testing.T) {
	eachKind(t, func(t *testing.T, cfg models.Config, p models.Ports) {
		var lists [2][]string
		for i, rnd := range []*rand.Rand{nil, rand.New(rand.NewPCG(1, 2))} {
			m, err := models.New(cfg, p, rnd)
			if err != nil {
				t.Fatal(err)
			}
			for name, q := range m.Params() {
				if slices.Contains(lists[i], name) || name != q.Name {
					t.Errorf("the name %s is not one parameter's", name)
				}
				if (q.Data == nil) != (rnd == nil) {
					t.Errorf("%s has values: %v", name, q.Data != nil)
				}
				lists[i] = append(lists[i], name, q.Dims.String())
			}
		}
		if !slices.Equal(lists[0], lists[1]) {
			t.Errorf("parameters %v and %v", lists[0], lists[1])
		}
	})
}
