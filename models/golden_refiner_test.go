package models_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/internal/reference"
	"github.com/kolmogo/kolmogo/models/modelstest"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

// refinerCase is what the case.json of a refiner says beside the rest.
type refinerCase struct {
	Config struct {
		K                 int
		SigmaMin          float64 `json:"sigma_min (standard deviation)"`
		MinNoise          float64 `json:"min_noise_std"`
		PredictDifference bool    `json:"predict_difference"`
		DifferenceWeight  float64 `json:"difference_weight"`
		ScheduleDtype     string  `json:"schedule_dtype"`
	}
	Fixed map[string]float64 `json:"training_losses_fixed_k"`
	Mixed struct {
		K    []int `json:"k_per_sample"`
		Loss float64
	} `json:"training_loss_mixed_k"`
	Tolerance struct {
		Samples float64 `json:"samples_rel"`
		Losses  float64 `json:"training_losses_rel"`
	}
	tensors map[string]tensor
}

// refinerConfig is the process of a case in the paper's convention or in PDEArena's.
func (c *refinerCase) refinerConfig(paper bool) refiner.Config {
	if paper {
		return refiner.Config{Kind: "refine", Steps: c.Config.K, Noise: c.Config.SigmaMin}
	}
	return refiner.Config{Kind: "diffuse", Steps: c.Config.K, Noise: c.Config.MinNoise, Single: strings.HasPrefix(c.Config.ScheduleDtype, "float32")}
}

// field is a tensor [batch, channel, x..] or [batch, time, channel, x..] of the case as [batch, x.., time·channel].
func (c *refinerCase) field(t *testing.T, name string, frames bool) tensor {
	t.Helper()
	a, ok := c.tensors[name]
	if !ok {
		t.Fatalf("the case has no %s", name)
	}
	if frames {
		a.shape = append([]int{a.shape[0], a.shape[1] * a.shape[2]}, a.shape[3:]...)
	}
	return field(a)
}

// parts are the slices of a tensor along its first axis.
func (a tensor) parts() []tensor {
	n := len(a.data) / a.shape[0]
	var list []tensor
	for i := range a.shape[0] {
		list = append(list, tensor{a.shape[1:], a.data[i*n : (i+1)*n]})
	}
	return list
}

// checkRefiner walks the sampling of a case, and its training loss at each level.
func checkRefiner(t *testing.T, gc *goldenCase, file string) {
	c := &refinerCase{tensors: gc.tensors}
	text := readFile(t, file)
	if err := json.Unmarshal(text, c); err != nil {
		t.Fatal(err)
	}
	if c.Tolerance.Samples == 0 || c.Tolerance.Losses == 0 || len(c.Fixed) == 0 {
		t.Fatalf("the case gives no tolerances or losses: %+v", c)
	}
	_, paper := c.tensors["u_prev"]
	process, err := refiner.New(c.refinerConfig(paper))
	if err != nil {
		t.Fatal(err)
	}
	if paper {
		reference.Near(t, "sigma", process.(*refiner.Refine).Sigma[1:], c.tensors["sigma"].data, c.Tolerance.Samples)
	} else {
		reference.Near(t, "alphas_cumprod", process.(*refiner.Diffuse).Abar, c.tensors["alphas_cumprod"].data, c.Tolerance.Samples)
	}
	c.checkSampling(t, process, paper)
	c.checkTraining(t, process, paper)
}

// network is W·(past, state) + b·k at every point, with k one number or one for each sample.
func (c *refinerCase) network(g *op.Graph, past op.Value) func(state, k op.Value) op.Value {
	w, b := c.tensors["W"], c.tensors["b"]
	weight := g.Variable("W", op.Float64, op.Of(w.shape...))
	bias := g.Variable("b", op.Float64, op.Of(b.shape...))
	return func(state, k op.Value) op.Value {
		axis := state.Dims().Rank() - 1
		y := op.MatMul(op.Concat(axis, past, state), weight, false, true)
		if k.Dims().Rank() == 1 {
			d := op.Of(k.Dims().At(0))
			for d.Rank() < y.Dims().Rank() {
				d = d.Append(1)
			}
			k = op.ReshapeTo(k, d)
		}
		return op.Add(y, op.Mul(k, bias))
	}
}

func (c *refinerCase) checkSampling(t *testing.T, process refiner.Process, paper bool) {
	pastName, stateName := "history", "samples_after_step"
	noises := []tensor{}
	if paper {
		pastName, stateName = "u_prev", "u_after_step"
	} else {
		noises = append(noises, c.tensors["noise_initial"])
	}
	if steps, ok := c.tensors["noise_steps"]; ok {
		noises = append(noises, steps.parts()...)
	} else {
		noises = append(noises, c.tensors["noise"].parts()...)
	}
	feed := map[string][]float64{"W": c.tensors["W"].data, "b": c.tensors["b"].data}
	for i, n := range noises {
		c.tensors[fmt.Sprintf("noise.%d", i)] = n
	}
	g := op.NewGraph()
	leaf := func(name string) op.Value {
		a := c.field(t, name, !paper)
		feed[name] = a.data
		return g.Input(name, op.Float64, op.Of(a.shape...))
	}
	past := leaf(pastName)
	net := c.network(g, past)
	var answers []op.Value
	call := func(state op.Value, k float64) op.Value {
		answers = append(answers, net(state, g.Scalar(op.Float64, k)))
		return answers[len(answers)-1]
	}
	noise := func(i int) op.Value { return leaf(fmt.Sprintf("noise.%d", i)) }
	states := process.Sample(call, noise, op.Scale(noise(0), 0))
	got := compile(t, slices.Concat(states, answers)...).run(t, feed)
	truth := c.tensors[stateName].parts()
	if len(states) != len(truth) || len(answers) != len(truth) {
		t.Fatalf("%d states and %d calls, the case has %d", len(states), len(answers), len(truth))
	}
	for i, want := range truth {
		c.tensors["state"] = want
		reference.Near(t, fmt.Sprintf("state after step %d", i), got[i], c.field(t, "state", !paper).data, c.Tolerance.Samples)
		c.tensors["answer"] = c.tensors["network_outputs"].parts()[i]
		reference.Near(t, fmt.Sprintf("network output %d", i), got[len(states)+i], c.field(t, "answer", !paper).data, c.Tolerance.Samples)
	}
	if _, ok := c.tensors["prediction"]; ok {
		sample := got[len(states)-1]
		if c.Config.PredictDifference {
			last := c.lastFrame(t)
			for i := range sample {
				sample[i] = sample[i]*c.Config.DifferenceWeight + last[i]
			}
		}
		reference.Near(t, "prediction", sample, c.field(t, "prediction", true).data, c.Tolerance.Samples)
	}
}

// lastFrame is the last frame of the history, in the layout of the output.
func (c *refinerCase) lastFrame(t *testing.T) []float64 {
	past := c.field(t, "history", true)
	channels := c.tensors["W"].shape[0]
	width := past.shape[len(past.shape)-1]
	var last []float64
	for at := width - channels; at < len(past.data); at += width {
		last = append(last, past.data[at:at+channels]...)
	}
	return last
}

func (c *refinerCase) checkTraining(t *testing.T, process refiner.Process, paper bool) {
	pastName, nextName := "history", "next"
	if paper {
		pastName, nextName = "u_prev", "u_next"
	}
	past, next, noise := c.field(t, pastName, !paper), c.field(t, nextName, !paper), c.field(t, "train_noise", !paper)
	if c.Config.PredictDifference {
		for i, last := range c.lastFrame(t) {
			next.data[i] = (next.data[i] - last) / c.Config.DifferenceWeight
		}
	}
	batch := past.shape[0]
	g := op.NewGraph()
	levels := refiner.LevelsIn(g, "levels", op.Float64, batch)
	y, e := g.Input("y", op.Float64, op.Of(next.shape...)), g.Input("noise", op.Float64, op.Of(next.shape...))
	answer := c.network(g, g.Input("past", op.Float64, op.Of(past.shape...)))(levels.State(y, e), levels.Number())
	d := op.Sub(answer, levels.Answer(y, e))
	loss := op.MeanAll(op.Mul(d, d))
	if !paper { // summed over channels there
		loss = op.Scale(loss, float64(next.shape[len(next.shape)-1]))
	}
	w := c.tensors["W"]
	grads := op.Gradients(loss, g.Variable("W", op.Float64, op.Of(w.shape...)), g.Variable("b", op.Float64, op.Of(c.tensors["b"].shape...)))
	step := compileUpdates(t, engine.NewStore(modelstest.Backend(t)), nil, append(grads, loss, answer, levels.Answer(y, e))...)
	at := func(k int) refiner.Level { return process.At((float64(k) + 0.5) / float64(c.Config.K+1)) }
	run := func(ks ...int) [][]float64 {
		var table []float64
		for i := range batch {
			table = at(ks[i%len(ks)]).AppendTo(table)
		}
		return step.run(t, map[string][]float64{"W": w.data, "b": c.tensors["b"].data, "levels": table, "y": next.data, "noise": noise.data, "past": past.data})
	}
	for k := range c.Config.K + 1 {
		want, ok := c.Fixed[fmt.Sprint(k)]
		if !ok {
			t.Fatalf("the case has no loss for k = %d", k)
		}
		got := run(k)
		reference.Near(t, fmt.Sprintf("loss at k = %d", k), got[2], []float64{want}, c.Tolerance.Losses)
		for i, name := range []string{fmt.Sprintf("train.k%d.grad.W", k), fmt.Sprintf("train.k%d.grad.b", k)} {
			if g, ok := c.tensors[name]; ok {
				reference.Near(t, name, got[i], g.data, c.Tolerance.Losses)
			}
		}
		for i, name := range []string{fmt.Sprintf("train.k%d.network_output", k), fmt.Sprintf("train.k%d.target", k)} {
			if _, ok := c.tensors[name]; ok {
				reference.Near(t, name, got[3+i], c.field(t, name, true).data, c.Tolerance.Samples)
			}
		}
	}
	if len(c.Mixed.K) > 0 {
		reference.Near(t, "loss of several levels", run(c.Mixed.K...)[2], []float64{c.Mixed.Loss}, c.Tolerance.Losses)
	}
}
