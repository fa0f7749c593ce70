package refiner

import "github.com/kolmogo/kolmogo/op"

// Direct is one call with zeros in the place of the noised field: plain regression by the very network that a Refine has, the
// baseline that it is compared with.
type Direct struct{}

func newDirect(Config) (Process, error) { return Direct{}, nil }

// At implements Process.
func (Direct) At(float64) Level { return Level{AnswerSignal: 1} }

// Noises implements Process.
func (Direct) Noises() int { return 0 }

// Last implements Process.
func (Direct) Last() float64 { return 1 }

// Stages implements Process.
func (Direct) Stages() int { return 1 }

// Sample implements Process.
func (Direct) Sample(call Call, _ Noise, zero op.Value) []op.Value {
	return []op.Value{call(zero, 0)}
}
