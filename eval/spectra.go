package eval

import (
	"math"
	"slices"
)

// Spectra keeps the spectra of one channel of a rollout at some steps: of the prediction, of the truth and of their difference, each averaged
// over trajectories. Memory is three spectra for each of these steps.
type Spectra struct {
	Channel int
	Steps   []int // at which spectra are taken, counted from one
	At      []SpectraAt
	step    int
}

// SpectraAt is the spectra of a step, by shell; Target and Error are nil where there is no truth.
type SpectraAt struct {
	Step                int
	Pred, Target, Error []float64
}

// Add shows the next step; a target without data says that there is no truth.
func (s *Spectra) Add(pred, target Field[float32]) error {
	if s.step++; !slices.Contains(s.Steps, s.step) {
		return nil
	}
	if err := pred.check("prediction"); err != nil {
		return err
	}
	at := SpectraAt{Step: s.step, Pred: SpectrumOf(pred, s.Channel)}
	if target.Data != nil {
		if err := target.matches(pred); err != nil {
			return err
		}
		at.Target = SpectrumOf(target, s.Channel)
		d := Field[float32]{Data: make([]float32, len(pred.Data)), Shape: pred.Shape}
		for i, p := range pred.Data {
			d.Data[i] = p - target.Data[i]
		}
		at.Error = SpectrumOf(d, s.Channel)
	}
	s.At = append(s.At, at)
	return nil
}

// Band is a range of shells, Low ≤ k < High.
type Band struct{ Low, High int }

// Thirds divides the shells 1 .. last into three bands of equal ratio, low, middle and high.
func Thirds(last int) []Band {
	first := max(2, int(math.Round(math.Cbrt(float64(last)))))
	second := max(first+1, int(math.Round(math.Cbrt(float64(last)*float64(last)))))
	return []Band{{1, first}, {first, second}, {second, last + 1}}
}

// BandError is √(Σ E_error / Σ E_target) over the shells of a band: the relative error of a range of scales; NaN without truth.
func (s SpectraAt) BandError(b Band) float64 {
	if s.Target == nil {
		return math.NaN()
	}
	clip := func(e []float64) []float64 { return e[min(b.Low, len(e)):min(b.High, len(e))] }
	return math.Sqrt(sum(clip(s.Error)) / sum(clip(s.Target)))
}
