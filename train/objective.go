package train

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// ObjectiveConfig says what a step asks of the surrogate.
type ObjectiveConfig struct {
	Kind  string  `yaml:"kind" mapstructure:"kind" json:"kind" help:"one_step, unrolled, pushforward, input_noise, refiner, error_correction, equation or likelihood; empty: equation where model.constraint.kind is, likelihood where it gives a variance, refiner where refiner.kind is set, else by data.window.unroll and train.pushforward"`
	Noise float64 `yaml:"noise" mapstructure:"noise" json:"noise" help:"input_noise: standard deviation of what is added to the input, in units of its normalisation (default 0.01)"`
}

// objective is what training minimises.
type objective interface {
	// check reports what of a run does not suit the objective.
	check(s *models.Surrogate, frames int, c Config) error
	// loss is the scalar to minimise for a batch.
	loss(s *models.Surrogate, b batchValues, c Config) (op.Value, error)
	// feed sets the inputs that the loss has beside the batch, for batch number at of the run.
	feed(p *engine.Program, at uint64, samples int) error
}

// batchValues are the inputs of a step's graph.
type batchValues struct {
	x       op.Value // [batch, x.., frames·channel]
	y       op.Value // [batch, time, x.., channel], or [batch, x.., channel] for pairs
	given   op.Value // scalars [batch, condition], or [batch, time, condition] for each step; the zero Value: none
	counter op.Value // step counter of the batch's random numbers
	seed    uint64
	index   op.Value   // [batch]: which samples of the set these are; the zero Value: unknown
	set     int        // how many samples there are
	extra   *stepExtra // where a loss puts what it has besides; nil: nobody wants it
}

// stepExtra is what a loss has beside its value.
type stepExtra struct {
	report  op.Value        // means over its solves [op.FitReport]; the zero Value: it has none
	updates []engine.Update // of its own variables
}

// objectives is the table of objectives by their names: a new one is one line here and the file that it names.
func objectives(c ObjectiveConfig, seed uint64) map[string]objective {
	return map[string]objective{
		"one_step":         unrolling{kind: "one_step"},
		"unrolled":         unrolling{kind: "unrolled"},
		"pushforward":      unrolling{kind: "pushforward"},
		"input_noise":      inputNoise{deviation: c.Noise},
		"refiner":          &denoising{seed: seed},
		"error_correction": errorCorrection{},
		"equation":         equation{},
		"likelihood":       likelihood{},
	}
}

// complete fills in defaults and checks.
func (c ObjectiveConfig) complete() (ObjectiveConfig, error) {
	if _, ok := objectives(c, 0)[c.Kind]; !ok && c.Kind != "" {
		return c, fmt.Errorf("%w: train.objective.kind %q: use one of %s", ErrConfig, c.Kind, strings.Join(slices.Sorted(maps.Keys(objectives(c, 0))), ", "))
	}
	if c.Noise != 0 && c.Kind != "input_noise" {
		return c, fmt.Errorf("%w: train.objective.noise belongs to the kind input_noise", ErrConfig)
	}
	if c.Kind == "input_noise" {
		def(&c.Noise, 0.01)
	}
	if !(c.Noise >= 0) {
		return c, fmt.Errorf("%w: train.objective.noise is %v: it cannot be negative", ErrConfig, c.Noise)
	}
	return c, nil
}

// objectiveFor returns the objective of a run, checked against its surrogate and the frames of a target.
func objectiveFor(c Config, s *models.Surrogate, frames int, seed uint64) (objective, error) {
	kind := c.Objective.Kind
	switch {
	case kind != "":
	case draws(s):
		kind = "refiner"
	case s.Uncertain():
		kind = "likelihood"
	case solves(s):
		kind = "equation"
	case c.Pushforward > 0:
		kind = "pushforward"
	case frames > 1:
		kind = "unrolled"
	default:
		kind = "one_step"
	}
	o := objectives(c.Objective, seed)[kind]
	if err := o.check(s, frames, c); err != nil {
		return nil, fmt.Errorf("%w: train.objective.kind %s: %w", ErrConfig, kind, err)
	}
	return o, nil
}

// told is the scalars [batch, condition] of a step, counted from zero.
func (b batchValues) told(step int) op.Value {
	if !b.given.Valid() || b.given.Dims().Rank() == 2 {
		return b.given
	}
	d := b.given.Dims()
	return op.ReshapeTo(op.SliceAxis(b.given, 1, step, 1), op.Of(d.At(0), d.At(2)))
}

// frame is the first target frame [batch, x.., channel].
func (b batchValues) frame() op.Value {
	if b.y.Dims().Rank() == b.x.Dims().Rank() {
		return b.y
	}
	d := append([]int{b.y.Dims().At(0)}, b.y.Dims().Slice()[2:]...)
	return op.ReshapeTo(op.SliceAxis(b.y, 1, 0, 1), op.Of(d...))
}

// noise is standard normal in the shape of a value, other numbers for each batch of the run and each stream.
func (b batchValues) noise(like op.Value, stream uint64) op.Value {
	return op.Normal(b.counter, like.Dims(), b.seed, stream)
}

// Streams of the random numbers of training, away from those of sampling, which count up from 0.
const (
	streamInput = 1<<32 + iota
	streamState
	streamLevel
)
