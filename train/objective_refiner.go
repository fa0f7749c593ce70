package train

import (
	"errors"
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/models/refiner"
	"github.com/kolmogo/kolmogo/op"
)

// denoising is what a refiner's process asks of its network: for a level drawn for each sample, the mean square of
// net(a·y + b·ε, x, level) − (c·y + d·ε), with the true answer y in the network's units. See package refiner.
type denoising struct {
	seed    uint64
	process refiner.Process
	table   []float64
}

// inputLevels is the levels of the batch's samples.
const inputLevels = "objective.levels"

func (o *denoising) check(s *models.Surrogate, frames int, c Config) error {
	if _, own := s.Process.(refiner.Correct); s.Process == nil || own {
		return errors.New("set refiner.kind to a process that learns level by level, such as refine")
	}
	o.process = s.Process
	return learnsAnswers(frames, c)
}

// learnsAnswers reports settings that an objective in the network's units does not have.
func learnsAnswers(frames int, c Config) error {
	switch {
	case c.Loss != "mse":
		return fmt.Errorf("the loss %s is of frames, this objective compares the network's answers: set train.loss=mse", c.Loss)
	case frames > 1:
		return fmt.Errorf("the target has %d frames (data.window.unroll), this objective takes one", frames)
	case c.Pushforward > 0:
		return errors.New("train.pushforward belongs to the kind pushforward")
	}
	return nil
}

func (o *denoising) loss(s *models.Surrogate, b batchValues, _ Config) (op.Value, error) {
	y := s.Unit(b.x, b.frame())
	if !y.Valid() {
		return y, nil
	}
	levels := refiner.LevelsIn(y.Graph(), inputLevels, y.Dtype(), y.Dims().At(0))
	noise := b.noise(y, streamState)
	answer := s.Call(b.x, b.told(0), levels.State(y, noise), levels.Number())
	return meanSquare(answer, levels.Answer(y, noise)), nil
}

// feed draws the level of sample i from word 0 of block i of the batch's step.
func (o *denoising) feed(p *engine.Program, at uint64, samples int) error {
	key := op.PhiloxKey(o.seed, streamLevel)
	o.table = o.table[:0]
	for i := range samples {
		word := op.PhiloxBlock(key, at, uint64(i))[0]
		o.table = o.process.At((float64(word) + 0.5) * 0x1p-32).AppendTo(o.table)
	}
	return engine.Feed(p, inputLevels, o.table)
}
