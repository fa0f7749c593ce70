package train

import (
	"github.com/kolmogo/kolmogo/engine"
	"github.com/kolmogo/kolmogo/models"
	"github.com/kolmogo/kolmogo/op"
)

// inputNoise is the loss of the frames predicted from x + η·σ·ε, with ε standard normal, σ the deviation of each input channel, and the
// true frames as target: the network learns to take its own small errors out again. Source: Sanchez-Gonzalez et al. 2020
// (arXiv 2002.09405, §4.3).
type inputNoise struct{ deviation float64 }

func (inputNoise) check(s *models.Surrogate, frames int, c Config) error {
	kind := "unrolled"
	if c.Pushforward > 0 {
		kind = "pushforward"
	}
	return unrolling{kind}.check(s, frames, c)
}

func (o inputNoise) loss(s *models.Surrogate, b batchValues, c Config) (op.Value, error) {
	noise := op.Scale(b.noise(b.x, streamInput), o.deviation)
	b.x = op.Add(b.x, s.InputDeviation(noise))
	return unrolling{}.loss(s, b, c)
}

func (inputNoise) feed(*engine.Program, uint64, int) error { return nil }
