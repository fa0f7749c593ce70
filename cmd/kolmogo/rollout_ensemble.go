package main

import (
	"math"
	"slices"

	"github.com/kolmogo/kolmogo/eval"
)

// ensemble is the uncertainty that several predictions of the same trajectories state: members of one run, which draws noise, or several runs.
type ensemble struct {
	name    string
	judged  *eval.Ensemble
	channel int
	events  []string // their names
	members int
	times   []float64
	label   string // of the axis of time
}

// newEnsemble judges one channel of a rollout, with the events that it is above its mean, and by one deviation.
func newEnsemble(name string, members int, r *rolled) *ensemble {
	channel := r.spectra.Channel
	n, sum, squares := 0.0, 0.0, 0.0
	for at := channel; at < len(r.initial.Data); at += r.initial.Channels() {
		v := float64(r.initial.Data[at])
		n, sum, squares = n+1, sum+v, squares+v*v
	}
	mean := sum / n
	deviation := math.Sqrt(max(squares/n-mean*mean, 0))
	quantity := r.set.Meta.Channels[channel]
	return &ensemble{name: name, judged: eval.NewEnsemble(mean, mean+deviation), channel: channel,
		events: []string{quantity + " above its mean", "above mean + deviation"}, members: members, times: r.at(), label: r.label()}
}

// add judges a step that has a truth.
func (e *ensemble) add(members []eval.Field[float32], truth eval.Field[float32]) error {
	if truth.Data == nil {
		return nil
	}
	one := make([]eval.Field[float32], len(members))
	for i, m := range members {
		one[i] = onlyChannel(m, e.channel)
	}
	return e.judged.Add(one, onlyChannel(truth, e.channel))
}

// onlyChannel is one channel of a field.
func onlyChannel(f eval.Field[float32], channel int) eval.Field[float32] {
	channels := f.Channels()
	if channels == 1 {
		return f
	}
	shape := append([]int{}, f.Shape...)
	shape[len(shape)-1] = 1
	one := eval.Field[float32]{Shape: shape, Data: make([]float32, 0, len(f.Data)/channels)}
	for at := channel; at < len(f.Data); at += channels {
		one.Data = append(one.Data, f.Data[at])
	}
	return one
}

// repeatedField is a field with its trajectories count times after each other.
func repeatedField(f eval.Field[float32], count int) eval.Field[float32] {
	shape := append([]int{}, f.Shape...)
	shape[0] *= count
	all := eval.Field[float32]{Shape: shape, Data: make([]float32, 0, count*len(f.Data))}
	for range count {
		all.Data = append(all.Data, f.Data...)
	}
	return all
}

// repeatedConditions tells every member what its trajectory is told.
func repeatedConditions(told func(step int) ([]float32, error), count int) func(step int) ([]float32, error) {
	if told == nil {
		return nil
	}
	return func(step int) ([]float32, error) {
		one, err := told(step)
		return slices.Repeat(one, count), err
	}
}

// divided are the members of a frame of repeated trajectories.
func divided(f eval.Field[float32], count int) []eval.Field[float32] {
	shape := append([]int{}, f.Shape...)
	shape[0] /= count
	size := len(f.Data) / count
	members := make([]eval.Field[float32], count)
	for i := range members {
		members[i] = eval.Field[float32]{Data: f.Data[i*size : (i+1)*size], Shape: shape}
	}
	return members
}

// uncertainty is an ensemble in a report's JSON.
type uncertainty struct {
	Members int    `json:"members"`
	Channel string `json:"channel"`
	// Spread, Skill and CRPS are by step; Calibration is skill over √(1+1/members) spread, 1 where the spread tells the error.
	Spread      []number `json:"spread"`
	Skill       []number `json:"skill"`
	CRPS        []number `json:"crps"`
	Calibration []number `json:"calibration"`
	Ranks       []number `json:"ranks"` // how often so many members are below the truth
	Lost        int64    `json:"lost,omitempty"`
	Events      []event  `json:"events"`
}

// event is how often a channel is above a threshold, by the number of members that say so.
type event struct {
	Threshold number   `json:"threshold"`
	Forecasts []number `json:"forecasts"`
	Happened  []number `json:"happened"`
}

func (e *ensemble) report(channels []string) *uncertainty {
	j := e.judged
	u := &uncertainty{Members: e.members, Channel: channels[e.channel], Spread: numbers(j.Spread), Skill: numbers(j.Skill), CRPS: numbers(j.CRPS), Ranks: numbers(j.Ranks), Lost: j.Lost}
	for step := range j.Skill {
		u.Calibration = append(u.Calibration, number(j.Calibration(step)))
	}
	for _, v := range j.Events {
		u.Events = append(u.Events, event{number(v.Threshold), numbers(v.Forecasts), numbers(v.Events)})
	}
	return u
}
