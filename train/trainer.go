package train

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/kolmogo/kolmogo/datasets"
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// Setup is what a run is made of.
type Setup struct {
	Config      Config
	Description models.Description
	Precision   op.Dtype
	Seed        uint64
	Train       *datasets.Loader
	Valid       *datasets.Loader // nil: no validation, the training loss chooses the best checkpoint
	Backend     engine.Backend
	Folder      *Folder        // nil only for Plan
	LRScale     float64        // multiplies the learning rate from here on, on top of earlier scales; 0: leave it
	Observe     func(Progress) // called after every step and every epoch; nil: nobody looks
}

// Progress is what an observer sees.
type Progress struct {
	Step, Steps   int // optimizer steps, done and in all
	Epoch, Epochs int
	Samples       int // of this step
	Loss, LR      float64
	Valid         float64 // of this epoch, at its end; NaN otherwise
	EpochEnd      bool
}

// state is what a checkpoint holds beside the variables.
type state struct {
	Step       int      // optimizer steps done
	Epoch      int      // the epoch that is going on
	Batch      int      // its next batch
	Sum        float64  // of the epoch's losses, each times its batch's samples
	Best       *float64 // best validation metric
	Bad        int      // epochs since
	Decay      float64  // of the plateau schedule
	PlateauBad int
	LRScale    float64
	LogBytes   int64 // length of log.jsonl
	Done       bool
	Seed       uint64
	Precision  op.Dtype
}

// Trainer runs the loop.
type Trainer struct {
	Setup
	state     state
	surrogate *models.Surrogate
	objective objective
	store     *engine.Store
	programs  map[string]*engine.Program
	valid     *Predictor
	samples   int // per epoch
	batches   int // per epoch
	log       *os.File
	norms     []float64
	pending   []part // a checkpoint whose weights no loss has proved yet
}

// New builds the model with initial values from the seed, or takes everything from the folder's last checkpoint if there is one.
func New(s Setup) (*Trainer, error) {
	c, err := s.Config.Complete()
	if err != nil {
		return nil, err
	}
	s.Config = c
	t := &Trainer{Setup: s, store: engine.NewStore(s.Backend), programs: map[string]*engine.Program{}}
	if t.surrogate, err = s.Description.Build(rand.New(rand.NewPCG(s.Seed, 0))); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if t.samples, t.batches, err = s.Train.Len(); err != nil {
		return nil, err
	}
	if t.objective, err = objectiveFor(c, t.surrogate, max(s.Train.Window.Unroll, 1), s.Seed); err != nil {
		return nil, err
	}
	if t.batches == 0 {
		return nil, fmt.Errorf("%w: there are no training samples", ErrConfig)
	}
	if n := t.Config.Steps; n > 0 {
		t.Config.Epochs = (n + t.perEpoch() - 1) / t.perEpoch()
	}
	for range t.surrogate.Params() {
		t.norms = append(t.norms, 0)
	}
	t.state = state{Decay: 1, LRScale: 1, Seed: s.Seed, Precision: s.Precision}
	return t, nil
}

// perEpoch is the number of optimizer steps of an epoch.
func (t *Trainer) perEpoch() int {
	return (t.batches + t.Config.Accumulate - 1) / t.Config.Accumulate
}

// total is the number of optimizer steps of the run.
func (t *Trainer) total() int {
	if t.Config.Steps > 0 {
		return t.Config.Steps
	}
	return t.perEpoch() * t.Config.Epochs
}

// Plan compiles the step for the first batch, without training, and returns what it takes and how the device does what can be done in
// several ways.
func (t *Trainer) Plan(ctx context.Context) (cost engine.Cost, choices []string, err error) {
	p, err := t.declare(ctx)
	if err != nil {
		return engine.Cost{}, nil, err
	}
	return p.Cost(), p.Choices(), nil
}

func (t *Trainer) batchKind() stepKind {
	if t.Config.Accumulate > 1 {
		return accumulate
	}
	return whole
}

// Run trains until the last epoch, early stopping, divergence, or the end of ctx; then the step that is going on is
// finished and last.ckpt written.
func (t *Trainer) Run(ctx context.Context) error {
	var err error
	if t.log, err = t.Folder.openLog(); err != nil {
		return err
	}
	defer t.log.Close()
	if err := t.start(); err != nil {
		return err
	}
	for t.state.Epoch < t.Config.Epochs && !t.state.Done {
		if err := t.epoch(ctx); err != nil {
			return err
		}
		if err := t.endEpoch(ctx); err != nil {
			return err
		}
	}
	t.state.Done = true
	return t.save(LastFile)
}
