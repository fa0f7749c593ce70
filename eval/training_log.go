package eval

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// LogPoint is one line of a training log. What a line does not say is NaN.
type LogPoint struct {
	Step            float64
	Loss, LR, Valid float64
}

// ReadLog reads JSON lines with the keys step, loss, lr and valid; other keys, and lines without a finite step, are passed over. A
// number that is not finite may stand as the string "NaN", "Infinity" or "-Infinity". A last line without its end, which a
// killed run leaves, is ignored.
func ReadLog(r io.Reader) ([]LogPoint, error) {
	var points []LogPoint
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return points, nil
		}
		if err != nil {
			return nil, fmt.Errorf("eval: read training log: %w", err)
		}
		var keys struct {
			Step, Loss, LR, Valid logNumber
		}
		if err := json.Unmarshal(line, &keys); err != nil {
			return nil, fmt.Errorf("eval: training log, line %d: %w", n, err)
		}
		if step := keys.Step.value; keys.Step.given && !math.IsNaN(step) && !math.IsInf(step, 0) {
			points = append(points, LogPoint{keys.Step.value, keys.Loss.or(), keys.LR.or(), keys.Valid.or()})
		}
	}
}

// logNumber is a number, or one of the strings for those JSON has no number for.
type logNumber struct {
	value float64
	given bool
}

func (l *logNumber) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case "null":
		return nil
	case `"NaN"`:
		l.value = math.NaN()
	case `"Infinity"`, `"+Inf"`:
		l.value = math.Inf(1)
	case `"-Infinity"`, `"-Inf"`:
		l.value = math.Inf(-1)
	default:
		if err := json.Unmarshal(text, &l.value); err != nil {
			return err
		}
	}
	l.given = true
	return nil
}

func (l logNumber) or() float64 {
	if !l.given {
		return math.NaN()
	}
	return l.value
}
