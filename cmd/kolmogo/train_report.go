package main

import (
	"context"
	"fmt"
	"time"

	"github.com/kolmogo/kolmogo/engine/cpu"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/train"
)

// parameters is the number of a description's parameters.
func parameters(d models.Description) int {
	s, err := d.Build(nil)
	if err != nil {
		return 0 // the trainer reports the error
	}
	return models.Count(s)
}

// fits reports a model whose initial values, drawn in float64, are more than the machine's memory.
func fits(s train.Setup) error {
	n, total := parameters(s.Description), cpu.TotalMemory()
	if need := 8 * float64(n); total > 0 && need > float64(total) {
		return usagef("the model has %d parameters, %.3g GB of initial values in float64: the machine has %.3g GB of memory; choose a smaller model.width", n, need/1e9, float64(total)/1e9)
	}
	return nil
}

// dryRun prints what a step takes.
func (a *app) dryRun(ctx context.Context, s train.Setup) error {
	t, err := train.New(s)
	if err != nil {
		return err
	}
	cost, choices, err := t.Plan(ctx)
	if err != nil {
		return err
	}
	samples, batches, err := s.Train.Len()
	if err != nil {
		return err
	}
	length := fmt.Sprintf("%d epochs", s.Config.Epochs)
	if n := s.Config.Steps; n > 0 {
		length = fmt.Sprintf("%d steps", n)
	}
	report := map[string]any{
		"parameters": parameters(s.Description), "samples": samples, "batches": batches, "epochs": s.Config.Epochs, "steps": s.Config.Steps,
		"step": cost, "bytes_peak": cost.Peak(), "choices": choices,
	}
	text := fmt.Sprintf("parameters  %d\nsamples     %d in %d batches, %s\nstep        %v\n",
		parameters(s.Description), samples, batches, length, cost)
	for _, c := range choices {
		text += "            " + c + "\n"
	}
	return a.print(report, text)
}

// trainReport is what train prints.
type trainReport struct {
	Run     string  `json:"run"`
	Steps   int     `json:"steps"`
	Epochs  int     `json:"epochs"`
	Loss    number  `json:"loss"`
	Best    *number `json:"best,omitempty"` // since this command began
	Seconds float64 `json:"seconds"`        // of all commands that trained it
}

func (a *app) reportTraining(run string, p *trainProgress, seconds float64) error {
	r := trainReport{Run: run, Steps: p.last.Step, Epochs: p.last.Epoch + 1, Loss: number(p.last.Loss), Seconds: seconds}
	if p.last.Steps == 0 {
		return a.print(r, fmt.Sprintf("%s was complete already\n", run))
	}
	best := number(p.best)
	r.Best = &best
	return a.print(r, fmt.Sprintf("%s: %d steps in %v, last training loss %.3g, best epoch %.3g\n",
		run, r.Steps, round(time.Since(p.begun)), r.Loss, p.best))
}
