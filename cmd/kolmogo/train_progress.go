package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/kolmogo/kolmogo/train"
)

// trainProgress shows a run: a bar on a terminal, JSON lines on stderr otherwise.
type trainProgress struct {
	bar     *bar
	json    *json.Encoder
	begun   time.Time
	printed time.Time
	first   int // step at which this command began
	samples int
	best    float64
	last    train.Progress
}

func (a *app) newTrainProgress(title string) *trainProgress {
	p := &trainProgress{bar: a.newBar(title), begun: time.Now(), printed: time.Now(), first: -1}
	if p.bar.width == 0 {
		p.json = json.NewEncoder(a.err)
	}
	return p
}

// lineInterval is the time between two JSON lines within an epoch.
const lineInterval = 10 * time.Second

func (p *trainProgress) observe(now train.Progress) {
	if p.first < 0 {
		p.first, p.best = now.Step-1, now.Valid
	}
	p.samples += now.Samples
	p.last = now
	if now.EpochEnd && !(p.best <= now.Valid) {
		p.best = now.Valid
	}
	rate := float64(p.samples) / time.Since(p.begun).Seconds()
	if p.json == nil {
		p.bar.show(now.Step, now.Steps, fmt.Sprintf("loss %.2e %.0f samples/s", now.Loss, rate))
		return
	}
	if !now.EpochEnd && time.Since(p.printed) < lineInterval {
		return
	}
	p.printed = time.Now()
	line := map[string]any{"step": now.Step, "steps": now.Steps, "epoch": now.Epoch, "loss": number(now.Loss), "lr": now.LR, "samples_per_second": rate}
	if done := now.Step - p.first; done > 0 {
		line["seconds_left"] = time.Since(p.begun).Seconds() * float64(now.Steps-now.Step) / float64(done)
	}
	if now.EpochEnd {
		line["best"] = number(p.best)
	}
	p.json.Encode(line) // progress must not stop a run
}

func (p *trainProgress) end() { p.bar.end() }
