package train

import (
	"errors"
	"fmt"

	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// unrolling is the loss of predicted frames:
//
//	one_step     the next frame
//	unrolled     the mean over data.window.unroll frames, each predicted from the predictions before it
//	pushforward  the same, without the first train.pushforward frames, through which no gradient flows
//
// Source of the last: Brandstetter, Worrall & Welling 2022 (arXiv 2202.03376, §3.1).
type unrolling struct{ kind string }

func (u unrolling) check(s *models.Surrogate, frames int, c Config) error {
	switch {
	case draws(s):
		return errors.New("the surrogate draws noise (refiner.kind): use the objective refiner")
	case u.kind == "one_step" && frames > 1:
		return fmt.Errorf("the target has %d frames (data.window.unroll): use unrolled or pushforward", frames)
	case u.kind != "pushforward" && c.Pushforward > 0:
		return errors.New("train.pushforward belongs to the kind pushforward")
	case u.kind == "pushforward" && c.Pushforward == 0:
		return errors.New("set train.pushforward to the number of frames before the loss")
	case u.kind == "pushforward" && c.Pushforward >= frames:
		return fmt.Errorf("train.pushforward is %d, the unrolled target has %d frames: make data.window.unroll larger, so that a loss is left", c.Pushforward, frames)
	}
	return nil
}

func (unrolling) loss(s *models.Surrogate, b batchValues, c Config) (op.Value, error) {
	return rolloutLoss(func(x op.Value, step int) op.Value { return s.ApplyGiven(x, b.told(step)) }, b.x, b.y, c)
}

func (unrolling) feed(*engine.Program, uint64, int) error { return nil }

// draws says whether the predictions of a surrogate are random.
func draws(s *models.Surrogate) bool { return s.Process != nil && s.Process.Noises() > 0 }
