package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/kolmogo/kolmogo/configs"
	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train"
)

type trainOptions struct {
	run            string
	resume, dryRun bool
	scale          float64
}

func (a *app) trainCommand() *cobra.Command {
	var o trainOptions
	var device string
	var threads int
	var seed uint64
	cmd := &cobra.Command{
		Use:   "train CONFIG",
		Short: "Train a surrogate",
		Long: fmt.Sprintf(`Train a surrogate. CONFIG is a YAML file or one of: %s.

The run folder (runs/NAME unless --run says otherwise) then holds config.yaml, manifest.json, log.jsonl, last.ckpt and
best.ckpt. A run that was interrupted continues with --resume, bit for bit. One that diverged (exit code 4) continues at a
lower rate with --resume --lr-scale 0.5.`, join(configs.Experiments.Names())),
		Example: `  kolmogo train demo --run runs/demo
  kolmogo train mine.yaml --set model.width=64 --set train.lr=5e-4 --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: a.start(func(cmd *cobra.Command, args []string) error {
			flags := a.sets
			for name, value := range map[string]any{"device": device, "threads": threads, "seed": seed} {
				if cmd.Flags().Changed(name) {
					flags = append(flags, fmt.Sprintf("%s=%v", name, value))
				}
			}
			c, err := loadExperiment(args[0], flags)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("lr-scale") && !(o.scale > 0) {
				return usagef("--lr-scale %v: give a positive number", o.scale)
			}
			return a.train(cmd.Context(), c, o)
		}),
	}
	cmd.Flags().StringVar(&o.run, "run", "", "run folder (default runs/NAME)")
	cmd.Flags().BoolVar(&o.resume, "resume", false, "continue the run in the folder, or begin it if there is none")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "print what a step takes, and train nothing")
	cmd.Flags().Float64Var(&o.scale, "lr-scale", 0, "multiply the learning rate from here on")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "seed instead of the configuration's")
	deviceFlags(cmd, &device, &threads)
	a.setFlag(cmd)
	return cmd
}

func (a *app) train(ctx context.Context, c Config, o trainOptions) error {
	if c.isProblem() {
		return a.trainProblem(ctx, c, o)
	}
	precision, err := parsePrecision(c.Precision)
	if err != nil {
		return err
	}
	backend, err := openDevice(c.Device, c.Threads, precision)
	if err != nil {
		return err
	}
	defer backend.Close()
	if c.Train, err = c.Train.Complete(); err != nil {
		return err
	}
	if o.dryRun {
		if a.blanks, err = os.MkdirTemp("", "kolmogo-plan"); err != nil {
			return fmt.Errorf("train: %w", err)
		}
		defer os.RemoveAll(a.blanks)
	}
	splits, err := a.openData(ctx, c.Data, c.Data.Resolution)
	if err != nil {
		return err
	}
	defer splits.Close()
	setup, err := setupFor(ctx, &c, splits, backend, precision.dtype)
	if err != nil {
		return err
	}
	if err := fits(setup); err != nil {
		return err
	}
	if o.dryRun {
		return a.dryRun(ctx, setup)
	}
	if o.run == "" {
		o.run = filepath.Join("runs", c.Name)
	}
	setup.LRScale = o.scale
	progress := a.newTrainProgress("train " + c.Name)
	setup.Observe = progress.observe
	trainer, err := train.New(setup)
	if err != nil {
		return err
	}
	if err := openFolder(&trainer.Setup, c, splits, o); err != nil {
		return err
	}
	a.logf("training %s in %s: %d parameters on %s", c.Name, o.run, parameters(setup.Description), backend.Name())
	err = trainer.Run(ctx)
	progress.end()
	seconds, timeErr := addTime(trainer.Folder, time.Since(progress.begun))
	if err := errors.Join(err, timeErr); err != nil {
		return err
	}
	return a.reportTraining(o.run, progress, seconds)
}

// setupFor is what a run is made of, but for its folder. It completes the model's section of the configuration.
func setupFor(ctx context.Context, c *Config, splits *datasets.Splits, b engine.Backend, precision op.Dtype) (train.Setup, error) {
	s := train.Setup{Config: c.Train, Seed: c.Seed, Backend: b, Precision: precision}
	var err error
	if s.Description, err = surrogateFor(ctx, *c, splits.Train); err != nil {
		return s, err
	}
	c.Model, c.Refiner = s.Description.Model, s.Description.Refiner
	s.Train = c.Data.loader(splits.Train, c.Seed, true)
	if _, _, err := s.Train.Len(); err != nil {
		return s, inUsage(err)
	}
	if splits.Valid != nil {
		s.Valid = c.Data.loader(splits.Valid, c.Seed, false)
		if _, _, err := s.Valid.Len(); err != nil {
			return s, inUsage(err)
		}
	}
	return s, nil
}

// openFolder opens the run folder of a surrogate.
func openFolder(s *train.Setup, c Config, splits *datasets.Splits, o trainOptions) error {
	prints, err := fingerprints(splits)
	if err != nil {
		return err
	}
	if s.Folder, err = openRunFolder(c, o, s.Backend.Name(), prints); err != nil {
		return err
	}
	return keepChoices(s.Backend, o.run)
}

// openRunFolder opens the run folder and writes its configuration and manifest, with the fingerprints of the data if there are any.
func openRunFolder(c Config, o trainOptions, device string, prints map[string]datasets.Fingerprint) (*train.Folder, error) {
	text, _, err := render(c)
	if err != nil {
		return nil, err
	}
	c.Device, c.Threads = "", 0 // a run may continue on another device with the same bytes
	_, values, err := render(c)
	if err != nil {
		return nil, err
	}
	folder, err := train.OpenFolder(o.run, values, o.resume)
	if err != nil {
		return nil, err
	}
	if err := sameData(o.run, prints); err != nil {
		return nil, err
	}
	manifest, err := indented(map[string]any{
		"version": release, "revision": revision, "go": goVersion(), "device": device, "seed": c.Seed, "precision": c.Precision, "data": prints,
	})
	if err != nil {
		return nil, err
	}
	return folder, errors.Join(folder.Write(train.ConfigFile, text), folder.Write(train.ManifestFile, manifest))
}
