package train

import (
	"math"
	"testing"

	"github.com/kolmogo/kolmogo/models/refiner"
)

// TestLevelErrorsAreTheObjective: their mean loss is what the objective refiner averages over levels, and untrained weights that answer
// nothing miss a velocity of variance one, and y by as much at the level of noise alone.
func TestLevelErrorsAreTheObjective(t *testing.T) {
	s := setup(t, t.TempDir(), 1, func(s *Setup) {
		refine(s)
		s.Description.Refiner = refiner.Config{Kind: "diffuse", Steps: 2, Noise: 0.1, Convention: "std"}
		s.Description.Difference = false
	})
	p, err := NewPredictor(s.Description, s.Precision, s.Backend) // all weights 0
	if err != nil {
		t.Fatal(err)
	}
	levels, err := p.LevelErrors(t.Context(), s.Valid)
	if err != nil {
		t.Fatal(err)
	}
	square, n := 0.0, 0.0
	for b, err := range s.Valid.Batches(t.Context(), 0, 0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range b.Target {
			square += float64(v) * float64(v)
			n++
		}
	}
	square /= n
	if len(levels) != 3 || levels[2].Noise != 1 {
		t.Fatalf("levels %+v", levels)
	}
	process, err := refiner.New(s.Description.Refiner)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range levels {
		level := process.At((float64(i) + 0.5) / 3)
		want := level.AnswerSignal*level.AnswerSignal*square + level.AnswerNoise*level.AnswerNoise
		if !(math.Abs(l.Loss/want-1) < 0.15) {
			t.Errorf("level %v: loss %v of no answer, want about %v", l.Level, l.Loss, want)
		}
		if e := level.Noise * math.Sqrt(l.Loss); !(math.Abs(l.Error-e) <= 1e-6*e) { // a² + b² = 1
			t.Errorf("level %v: error %v, want %v", l.Level, l.Error, e)
		}
	}
	plain := setup(t, t.TempDir(), 1, nil)
	if p, err = NewPredictor(plain.Description, plain.Precision, plain.Backend); err != nil {
		t.Fatal(err)
	}
	if levels, err := p.LevelErrors(t.Context(), plain.Valid); levels != nil || err != nil {
		t.Errorf("a plain surrogate has levels %v, %v", levels, err)
	}
}
