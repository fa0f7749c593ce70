package train

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

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
	LRScale     float64        // multiplies the learning rate from here on; 0 means what the checkpoint says, 1 at first
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
	Sum        float64  // of the losses of the epoch's batches
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
	store     *engine.Store
	programs  map[string]*engine.Program
	valid     *Predictor
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
	if _, t.batches, err = s.Train.Len(); err != nil {
		return nil, err
	}
	if frames := max(s.Train.Window.Unroll, 1); c.Pushforward >= frames && c.Pushforward > 0 {
		return nil, fmt.Errorf("%w: train.pushforward is %d, the unrolled target has %d frames: make data.window.unroll larger, so that a loss is left", ErrConfig, c.Pushforward, frames)
	}
	if t.batches == 0 {
		return nil, fmt.Errorf("%w: there are no training samples", ErrConfig)
	}
	t.norms = make([]float64, len(slices.Collect(keys(t.surrogate))))
	t.state = state{Decay: 1, LRScale: 1, Seed: s.Seed, Precision: s.Precision}
	return t, nil
}

func keys(m models.Model) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range m.Params() {
			if !yield(name) {
				return
			}
		}
	}
}

// perEpoch is the number of optimizer steps of an epoch.
func (t *Trainer) perEpoch() int {
	return (t.batches + t.Config.Accumulate - 1) / t.Config.Accumulate
}

// Plan compiles the step for the first batch and returns what it takes, without training.
func (t *Trainer) Plan(ctx context.Context) (cost engine.Cost, err error) {
	for b, err := range t.Train.Batches(ctx, 0, 0) {
		if err != nil {
			return cost, err
		}
		p, err := t.program(t.batchKind(), b)
		if err != nil {
			return cost, err
		}
		return p.Cost(), nil
	}
	return cost, nil
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
	if err := t.start(); err != nil {
		return err
	}
	defer t.log.Close()
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

// start takes up a checkpoint or writes the first one, and opens the log at the right place.
func (t *Trainer) start() error {
	last := filepath.Join(t.Folder.Path, LastFile)
	_, err := os.Stat(last)
	fresh := os.IsNotExist(err)
	var c checkpoint
	if !fresh {
		if c, err = readCheckpoint(last); err != nil {
			return err
		}
		t.state = c.state
	}
	if t.LRScale > 0 {
		t.state.LRScale = t.LRScale
	}
	if t.log, err = os.OpenFile(filepath.Join(t.Folder.Path, LogFile), os.O_CREATE|os.O_RDWR, 0o644); err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	if err := t.cutLog(); err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	if err := removeUnfinished(t.Folder.Path); err != nil {
		return fmt.Errorf("train: run folder: %w", err)
	}
	if err := t.declare(); err != nil {
		return err
	}
	if fresh {
		for name, p := range t.surrogate.Params() {
			for _, kind := range []string{"param.", "ema."} {
				if _, ok := t.store.Var(kind + name); !ok {
					continue
				}
				if err := t.store.Set(kind+name, p.Data); err != nil {
					return err
				}
			}
		}
		return t.save(LastFile)
	}
	for _, name := range t.store.Names() {
		data, ok := c.vars[name]
		if !ok {
			return fmt.Errorf("%w %s: it lacks %q", ErrDamaged, last, name)
		}
		if err := t.store.WriteBytes(name, data); err != nil {
			return fmt.Errorf("%w %s: %w", ErrDamaged, last, err)
		}
	}
	return nil
}

// cutLog drops the lines after those that the checkpoint knows, and goes to their end. A log that was made shorter since goes on
// where it ends.
func (t *Trainer) cutLog() error {
	info, err := t.log.Stat()
	if err != nil {
		return err
	}
	t.state.LogBytes = min(t.state.LogBytes, info.Size())
	if err := t.log.Truncate(t.state.LogBytes); err != nil {
		return err
	}
	_, err = t.log.Seek(t.state.LogBytes, io.SeekStart)
	return err
}

// declare compiles the step of the first batch shape, which creates every variable.
func (t *Trainer) declare() error {
	for b, err := range t.Train.Batches(context.Background(), 0, 0) {
		if err != nil {
			return err
		}
		if err := models.CheckGrid(t.surrogate.Net, b.InputShape[1:len(b.InputShape)-1]...); err != nil {
			return fmt.Errorf("%w: %w", ErrConfig, err)
		}
		if _, err := t.program(t.batchKind(), b); err != nil {
			return err
		}
		if t.Config.Accumulate > 1 {
			_, err := t.program(apply, b)
			return err
		}
		break
	}
	return nil
}

// program returns the step's program for a batch's shape.
func (t *Trainer) program(kind stepKind, b datasets.Batch) (*engine.Program, error) {
	key := fmt.Sprint(kind, b.InputShape, b.TargetShape)
	if kind == apply {
		key = fmt.Sprint(kind)
	}
	if p, ok := t.programs[key]; ok {
		return p, nil
	}
	p, err := buildStep(t.Config, t.Precision, t.surrogate, kind, b.InputShape, b.TargetShape, t.store)
	if err != nil {
		return nil, err
	}
	t.programs[key] = p
	return p, nil
}

// epoch runs the remaining batches of the epoch. Prefetching does not stop with ctx: the loop does, at the end of a step.
func (t *Trainer) epoch(ctx context.Context) error {
	for b, err := range t.Train.Batches(context.WithoutCancel(ctx), t.state.Epoch, t.state.Batch) {
		if err != nil {
			return err
		}
		stepped, err := t.batch(b)
		if err != nil {
			return err
		}
		t.state.Batch++
		if err := t.keepPending(); err != nil {
			return err
		}
		if !stepped {
			continue
		}
		if n := t.Config.CheckpointEvery; n > 0 && t.state.Step%n == 0 {
			if t.pending, err = t.snapshot(); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			if err := t.save(LastFile); err != nil {
				return err
			}
			return fmt.Errorf("train: stopped after step %d: continue with --resume: %w", t.state.Step, context.Cause(ctx))
		}
	}
	return nil
}

// batch trains on one batch; stepped says whether it completed an optimizer step.
func (t *Trainer) batch(b datasets.Batch) (stepped bool, err error) {
	k := t.Config.Accumulate
	group := t.state.Batch / k * k
	share := 1 / float64(min(k, t.batches-group))
	stepped = t.state.Batch+1 == min(group+k, t.batches)
	p, err := t.program(t.batchKind(), b)
	if err != nil {
		return false, err
	}
	for name, data := range map[string][]float32{inputX: b.Input, inputY: b.Target} {
		if err := engine.Feed(p, name, data); err != nil {
			return false, err
		}
	}
	if err := engine.Feed(p, inputShare, []float64{share}); err != nil {
		return false, err
	}
	last := p
	if k > 1 {
		if err := p.Run(); err != nil {
			return false, err
		}
		if last, err = t.program(apply, b); err != nil {
			return false, err
		}
	}
	lr := t.rate()
	if stepped {
		n := t.state.Step + 1
		if err := t.Config.Optimizer.Feed(last, n, lr); err != nil {
			return false, err
		}
		decay := math.Min(t.Config.EMA, float64(1+n)/float64(10+n))
		if err := engine.Feed(last, inputEMA, []float64{1 - decay}); err != nil {
			return false, err
		}
		if err := last.Run(); err != nil {
			return false, err
		}
	}
	loss, err := p.Scalar(outLoss)
	if err != nil {
		return false, err
	}
	if stepped {
		if err := engine.Output(last, outNorms, t.norms); err != nil {
			return false, err
		}
		t.state.Step++
	}
	if err := t.finite(loss, stepped, b); err != nil {
		return false, err
	}
	t.state.Sum += loss
	if !stepped {
		return false, nil
	}
	norm := 0.0
	for _, n := range t.norms {
		norm += n
	}
	if t.state.Step%t.Config.LogEvery == 0 {
		err = t.writeLog(map[string]any{"step": t.state.Step, "epoch": t.state.Epoch, "loss": loss, "lr": lr, "grad_norm": math.Sqrt(norm)})
	}
	t.observe(Progress{Samples: b.InputShape[0] * k, Loss: loss, LR: lr, Valid: math.NaN()})
	return true, err
}

// rate is the learning rate of the coming step.
func (t *Trainer) rate() float64 {
	per := t.perEpoch()
	return t.Config.LR * t.state.LRScale * t.state.Decay * t.Config.Schedule.factor(t.state.Step, per*t.Config.Epochs, per)
}

// finite returns a DivergedError if the loss, or the gradient of a finished step, is not.
func (t *Trainer) finite(loss float64, stepped bool, b datasets.Batch) error {
	parameter := ""
	if stepped {
		i := 0
		for name := range t.surrogate.Params() {
			if n := t.norms[i]; math.IsNaN(n) || math.IsInf(n, 0) {
				parameter = name
				break
			}
			i++
		}
	}
	if parameter == "" && !math.IsNaN(loss) && !math.IsInf(loss, 0) {
		return nil
	}
	what := "the loss"
	if parameter != "" {
		what = "the gradient"
	}
	return &DivergedError{Step: t.state.Step, Epoch: t.state.Epoch, What: what, Loss: loss, Parameter: parameter, Samples: slices.Clone(b.Indices)}
}

func (t *Trainer) observe(p Progress) {
	if t.Observe == nil {
		return
	}
	p.Step, p.Steps = t.state.Step, t.perEpoch()*t.Config.Epochs
	p.Epoch, p.Epochs = t.state.Epoch, t.Config.Epochs
	t.Observe(p)
}

// writeLog appends a line to log.jsonl. Numbers only depend on the run, never on the clock.
func (t *Trainer) writeLog(line map[string]any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	n, err := t.log.Write(append(b, '\n'))
	t.state.LogBytes += int64(n)
	if err != nil {
		return fmt.Errorf("train: log: %w", err)
	}
	return nil
}
