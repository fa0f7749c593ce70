package refiner

import "github.com/kolmogo/kolmogo/op"

// Correct is error correction: a first guess, then calls that each see the guess, without noise, and predict its error.
//
//	k = 0      û = NN(0, 0)
//	k = 1..K   û ← û + NN(û, k)
//
// What a call sees depends on the network, so no Level beyond the first describes its training: that is an objective of its own.
// Source: the baseline of that name in Lippe et al. 2023 (arXiv 2308.05732), §4.1.
type Correct struct{ Steps int }

func newCorrect(c Config) (Process, error) { return Correct{c.Steps}, nil }

// At implements Process: the first guess.
func (Correct) At(float64) Level { return Level{AnswerSignal: 1} }

// Noises implements Process.
func (Correct) Noises() int { return 0 }

// Last implements Process.
func (c Correct) Last() float64 { return float64(c.Steps) }

// Stages implements Process.
func (Correct) Stages() int { return 1 }

// Sample implements Process: the guesses.
func (c Correct) Sample(call Call, _ Noise, zero op.Value) []op.Value {
	u := call(zero, 0)
	list := []op.Value{u}
	for k := range c.Steps {
		u = op.Add(u, call(u, float64(k+1)))
		list = append(list, u)
	}
	return list
}
