package refiner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/op"
)

// Flow is a flow along a path: with state(t) = a(t)·y + b(t)·ε the answer at time t, uniform in [0, 1), is the velocity
// v = a′(t)·y + b′(t)·ε, and a sample is the end of ds/dt = NN(s, t) from s = b(0)·ε in n equal steps h:
//
//	euler  s ← s + h·v(s, t)
//	heun   s ← s + h/2·(v(s, t) + v(s + h·v(s, t), t + h))
//
// Where the velocity is infinite at t = 1 the last step goes to the y that state and velocity tell there.
type Flow struct {
	Steps int
	Heun  bool
	path  path
}

func newFlow(c Config) (Process, error) {
	known := paths(c.Noise)
	p, ok := known[c.Path]
	if !ok {
		return nil, fmt.Errorf("refiner: path %q: use one of %s", c.Path, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	if c.Sampler != "euler" && c.Sampler != "heun" {
		return nil, fmt.Errorf("refiner: sampler %q of a flow: use euler or heun", c.Sampler)
	}
	if c.Path == "bridge" && !(c.Noise > 0) {
		return nil, fmt.Errorf("refiner: noise %v of a bridge: it must be positive", c.Noise)
	}
	return &Flow{c.Steps, c.Sampler == "heun", p}, nil
}

// At implements Process.
func (f *Flow) At(u float64) Level {
	l := Level{Number: min(u, f.path.last)}
	l.Signal, l.Noise, l.AnswerSignal, l.AnswerNoise = f.path.at(l.Number)
	return l
}

// Noises implements Process.
func (f *Flow) Noises() int {
	if _, b, _, _ := f.path.at(0); b > 0 {
		return 1
	}
	return 0
}

// Last implements Process.
func (f *Flow) Last() float64 { return 1 }

// Stages implements Process.
func (f *Flow) Stages() int { return f.Steps }

// Sample implements Process: the states after each step.
func (f *Flow) Sample(call Call, noise Noise, zero op.Value) []op.Value {
	state := zero
	if f.Noises() > 0 {
		_, b, _, _ := f.path.at(0)
		state = op.Scale(noise(0), b)
	}
	h := 1 / float64(f.Steps)
	var list []op.Value
	for i := range f.Steps {
		t := float64(i) * h
		v := call(state, t)
		switch end := i == f.Steps-1; {
		case end && f.path.last < 1:
			state = f.end(t, state, v)
		case f.Heun:
			next := float64(i+1) * h
			state = mix(1, state, h/2, op.Add(v, call(mix(1, state, h, v), next)))
		default:
			state = mix(1, state, h, v)
		}
		list = append(list, state)
	}
	return list
}

// end is the y of a state and its velocity: (b′·s − b·v)/(a·b′ − b·a′).
func (f *Flow) end(t float64, state, v op.Value) op.Value {
	a, b, da, db := f.path.at(t)
	d := a*db - b*da
	return mix(db/d, state, -b/d, v)
}
