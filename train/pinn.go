package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/pinn"
	"github.com/kolmogo/kolmogo/op"
	"github.com/kolmogo/kolmogo/train/optimize"
)

// PINNSetup is what solving a boundary value problem with a network is made of.
type PINNSetup struct {
	Config    Config
	Problem   pinn.Problem
	Network   models.Config
	Reference func(x []float64) ([]float64, error) // where the problem's own is a file; nil: the problem's own
	Precision op.Dtype
	Seed      uint64
	Backend   engine.Backend
	Folder    *Folder
	LRScale   float64        // multiplies the rates of first-order phases; 0: leave them
	Observe   func(Progress) // called after every step; nil: nobody looks
}

// pinnState is what a checkpoint holds beside variables and points. Its first fields are those that every run's state has.
type pinnState struct {
	Step      int // in all
	Epoch     int // the phase
	Best      *float64
	LogBytes  int64
	Done      bool
	Seed      uint64
	Precision op.Dtype

	Window       int
	PhaseStep    int
	PhaseSeconds float64
	Seconds      float64  // in all
	Draws        int      // of points
	Added        int      // points of each part of the domain beyond those of the phase
	Ascents      int      // steps of the adversary
	Stalls       int      // draws in a row after which no step helped
	Restarts     int      // from other weights
	Valid        *float64 // the last validation loss of this start; nil: none yet
	Entry        *float64 // that at the start of the first second-order phase, until it is judged
	Bandit       BanditState
	Random       []byte
}

// PINN solves a boundary value problem: phases of optimizers on residuals at points that are drawn anew now and then.
type PINN struct {
	PINNSetup
	phases    []Phase
	whole     *pinn.Model
	model     *pinn.Model // of the present window
	store     *engine.Store
	state     pinnState
	random    *rand.PCG
	rnd       *rand.Rand
	feeds     map[string][]float64 // the points of now
	method    optimize.Method
	sift      map[string]*sifter // by set
	gauges    []*gauge           // of the present phase; nil: none yet
	valid     *validation
	judge     *judge
	hand      *handover
	adversary *adversary // nil: points are chosen otherwise
	log       *os.File
}

// NewPINN checks a problem and builds its network.
func NewPINN(s PINNSetup) (*PINN, error) {
	c, err := s.Config.Complete()
	if err != nil {
		return nil, err
	}
	s.Config = c
	for name := range c.Curriculum.From {
		if !slices.Contains(s.Problem.Varied, name) {
			return nil, fmt.Errorf("%w: train.curriculum.from: %q is not among problem.varied, %v", ErrConfig, name, s.Problem.Varied)
		}
	}
	if c.Steps > 0 {
		return nil, fmt.Errorf("%w: train.steps is for data: give the phases of a problem their steps (train.phases)", ErrConfig)
	}
	t := &PINN{PINNSetup: s, store: engine.NewStore(s.Backend), state: pinnState{Seed: s.Seed, Precision: s.Precision}}
	if t.phases, err = c.phases(); err != nil {
		return nil, err
	}
	for i := range t.phases {
		if s.LRScale > 0 {
			t.phases[i].LR *= s.LRScale
		}
	}
	t.random = rand.NewPCG(s.Seed, 0)
	t.rnd = rand.New(t.random)
	if t.whole, err = pinn.New(s.Problem, s.Network, t.rnd); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if s.Reference != nil {
		t.whole.SetReference(s.Reference)
	}
	t.model = t.whole.Windows()[0]
	if err := t.checkBandit(); err != nil {
		return nil, err
	}
	return t, nil
}

// Parameters is the number of trained numbers.
func (t *PINN) Parameters() int {
	n := 0
	for _, p := range t.whole.Params() {
		n += len(p.Data)
	}
	return n
}

// Run trains until the last phase ends, the time is up, the loss is below the tolerance, it diverges, or ctx ends; then the step that is
// going on is finished and last.ckpt written.
func (t *PINN) Run(ctx context.Context) error {
	var err error
	if t.log, err = t.Folder.openLog(); err != nil {
		return err
	}
	defer t.log.Close()
	if err := t.start(); err != nil {
		return err
	}
	for more := !t.state.Done; more; {
		if err := t.window(ctx); err != nil {
			return err
		}
		if more, err = t.next(); err != nil {
			return err
		}
		t.state.Done = !more
		if err := t.save(LastFile); err != nil {
			return err
		}
	}
	return nil
}

// next goes to the next window of the time, or to the next play; false where there is none.
func (t *PINN) next() (bool, error) {
	if t.windows() > 1 {
		return t.nextWindow()
	}
	return t.nextPlay()
}

// stage is the number of the present window or play, and how many there are.
func (t *PINN) stage() (k, n int) {
	if t.windows() > 1 {
		return t.state.Window, t.windows()
	}
	return t.state.Bandit.Play, t.Config.Bandit.Plays + 1
}

// deadline is the time in all at which this window or play ends: each has an equal part, and what those before left; 0: none.
func (t *PINN) deadline() float64 {
	k, n := t.stage()
	return t.Config.Seconds * float64(k+1) / float64(n)
}

// beginAnew forgets what belongs to the weights of before, but for observations.
func (t *PINN) beginAnew() error {
	feeds := map[string][]float64{}
	for _, set := range t.model.Sets {
		for _, name := range []string{"points." + set.Name, "targets." + set.Name} {
			if data, ok := t.feeds[name]; ok && set.Observed() {
				feeds[name] = data
			}
		}
	}
	t.feeds, t.method, t.gauges, t.sift, t.valid, t.judge, t.hand = feeds, nil, nil, nil, nil, nil, nil
	s := &t.state
	s.Epoch, s.PhaseStep, s.PhaseSeconds, s.Draws, s.Stalls, s.Restarts = 0, 0, 0, 0, 0, 0
	s.Best, s.Valid, s.Entry, s.Added, s.Ascents = nil, nil, nil, 0, 0
	return t.prepare()
}

// window solves a window of the time, or does a play, by all phases.
func (t *PINN) window(ctx context.Context) error {
	for t.state.Epoch < len(t.phases) {
		if t.method == nil {
			if err := t.choose(); err != nil {
				return err
			}
			if err := t.begin(nil); err != nil {
				return err
			}
		}
		phase := t.state.Epoch
		if err := t.step(); err != nil {
			return err
		}
		if t.method == nil && t.state.Epoch > phase {
			if err := t.reward(phase); err != nil {
				return err
			}
		}
		n := t.Config.CheckpointEvery
		if n > 0 && t.state.Step%n == 0 || n == 0 && (t.method == nil || t.due()) {
			if err := t.save(LastFile); err != nil {
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
	return t.validate()
}

// step does one step of the phase, or several where that is the same and quicker, with new points first where they are due.
func (t *PINN) step() error {
	begun := time.Now()
	if t.due() {
		if t.state.PhaseStep > 0 || t.tried() {
			if err := t.validate(); err != nil {
				return err
			}
		}
		if t.stuck() {
			return t.restart()
		}
		if err := t.renew(); err != nil {
			return err
		}
	}
	if err := t.reweigh(); err != nil {
		return err
	}
	reports, err := t.advance()
	if err != nil {
		return err
	}
	for i, r := range reports {
		seconds := 0.0
		if i == len(reports)-1 {
			seconds = time.Since(begun).Seconds()
		}
		if err := t.took(r, seconds); err != nil {
			return err
		}
	}
	return nil
}

// took counts, logs and tells what a step did.
func (t *PINN) took(r optimize.Report, seconds float64) error {
	phase := t.phases[t.state.Epoch]
	t.state.Step++
	t.state.PhaseStep++
	if math.IsNaN(r.F) || math.IsInf(r.F, 0) {
		return &DivergedError{Step: t.state.Step, Epoch: t.state.Epoch, What: "the loss", Loss: r.F}
	}
	if t.state.Step%t.Config.LogEvery == 0 {
		line := map[string]any{"step": t.state.Step, "epoch": t.state.Epoch, "method": phase.Method, "loss": r.F}
		t.addWindow(line)
		for k, v := range r.Details {
			line[k] = v
		}
		for _, name := range t.model.Coefficients() {
			v, err := t.store.Get("param.coefficient." + name)
			if err != nil {
				return err
			}
			line["coefficient."+name] = t.model.Coefficient(name, v[0])
		}
		if err := t.writeLog(line); err != nil {
			return err
		}
	}
	t.account(seconds, r)
	if t.Observe != nil {
		steps := 0
		for _, p := range t.phases {
			steps += p.Steps
		}
		stage, stages := t.stage()
		epoch := stage*len(t.phases) + min(t.state.Epoch, len(t.phases)-1)
		t.Observe(Progress{Step: t.state.Step, Steps: steps * stages, Epoch: epoch, Epochs: len(t.phases) * stages, Samples: t.points(), Loss: r.F, LR: phase.LR, Valid: t.best(), EpochEnd: t.method == nil})
	}
	return nil
}

// Plan compiles the loss of the first phase and its gradient, and returns what they take.
func (t *PINN) Plan() (engine.Cost, error) {
	m, err := newFirstOrder(t.problem(), t.Config.Optimizer, t.phases[0], t.Precision)
	if err != nil {
		return engine.Cost{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return m.program.Cost(), nil
}

// account adds the time of a step, and ends the phase or the run where that is due.
func (t *PINN) account(seconds float64, r optimize.Report) {
	phase := t.phases[t.state.Epoch]
	t.state.Seconds += seconds
	t.state.PhaseSeconds += seconds
	switch {
	case r.Stalled:
		t.state.Stalls++
	default:
		t.state.Stalls = 0
	}
	if limit := t.deadline(); limit > 0 && t.state.Seconds >= limit || r.F <= t.Config.Points.Tolerance {
		t.state.Epoch = len(t.phases)
		t.method, t.gauges = nil, nil
		return
	}
	if phase.Steps > 0 && t.state.PhaseStep >= phase.Steps || phase.Seconds > 0 && t.state.PhaseSeconds >= phase.Seconds || r.F <= phase.Until || t.state.Stalls > mostStalls {
		t.state.Epoch++
		t.state.PhaseStep, t.state.PhaseSeconds, t.state.Stalls = 0, 0, 0
		t.method, t.gauges = nil, nil
	}
}

// mostStalls is the number of draws of points in a row that no step helps with before a phase gives up.
const mostStalls = 3

// best is the smallest validation loss so far; NaN before the first.
func (t *PINN) best() float64 {
	if t.state.Best == nil {
		return math.NaN()
	}
	return *t.state.Best
}

func (t *PINN) writeLog(line map[string]any) error {
	n, err := writeLine(t.log, line)
	t.state.LogBytes += n
	return err
}
