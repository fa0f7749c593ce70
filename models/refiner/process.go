package refiner

import (
	"math"

	"github.com/kolmogo/kolmogo/op"
)

// Process makes a field y [batch, x.., out] by several calls of a network.
type Process interface {
	// At returns the level that training takes for u, uniform in [0, 1).
	At(u float64) Level
	// Noises is how many fields of noise a sample takes; 0: the process is a function.
	Noises() int
	// Last is the largest number of a level, so that Number/Last is in [0, 1].
	Last() float64
	// Stages is the number of levels, or of as many times as a flow has steps: level i is At((i + ½)/Stages).
	Stages() int
	// Sample returns the estimate or state after each call; the last one is the sample. zero is a field of zeros in the
	// shape of y.
	Sample(call Call, noise Noise, zero op.Value) []op.Value
}

// Level says what the network sees and answers at one stage: with the true field y and standard normal ε,
//
//	state = Signal·y + Noise·ε    answer = AnswerSignal·y + AnswerNoise·ε
type Level struct {
	Number                    float64 // what the network is told
	Signal, Noise             float64
	AnswerSignal, AnswerNoise float64
}

// Amplification is what an error of the answer is multiplied by in the y that state and answer tell: |b/(a·d − b·c)|.
func (l Level) Amplification() float64 {
	if l.AnswerNoise == 0 {
		return 1 / math.Abs(l.AnswerSignal)
	}
	return math.Abs(l.Noise / (l.Signal*l.AnswerNoise - l.Noise*l.AnswerSignal))
}

// Call is one application of the network to a state [batch, x.., out] at a level's number.
type Call func(state op.Value, number float64) op.Value

// Noise returns standard normal numbers in the shape of y, others for each i = 0, 1, ...
type Noise func(i int) op.Value

// mix returns a·x + b·y, leaving out what is multiplied by zero.
func mix(a float64, x op.Value, b float64, y op.Value) op.Value {
	if b == 0 {
		return op.Scale(x, a)
	}
	if a == 0 {
		return op.Scale(y, b)
	}
	return op.Add(op.Scale(x, a), op.Scale(y, b))
}
