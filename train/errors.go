package train

import (
	"errors"
	"fmt"
)

// Errors that a caller tells apart by errors.Is.
var (
	ErrConfig   = errors.New("train: configuration") // the configuration is wrong or differs from the run's
	ErrDiverged = errors.New("train: diverged")      // a loss or a gradient is not finite
	ErrData     = errors.New("train: data")          // the data do not suit the loss
	ErrDamaged  = errors.New("train: damaged file")  // a checkpoint does not verify
)

// DivergedError says where training diverged.
type DivergedError struct {
	Step, Epoch int
	What        string  // what is not finite: "the loss", "the gradient", "a weight", "the validation error"
	Loss        float64 // the loss, or the validation error
	Parameter   string  // the first parameter whose gradient or whose weights are not finite
	Samples     []int   // numbers of the batch's samples, if it is one batch's loss or gradient
}

func (e *DivergedError) Error() string {
	what := fmt.Sprintf("%s is %v", e.What, e.Loss)
	if e.Parameter != "" {
		what = fmt.Sprintf("%s of %q is not finite", e.What, e.Parameter)
	}
	if len(e.Samples) > 0 {
		what += fmt.Sprintf("; samples %v", short(e.Samples))
	}
	return fmt.Sprintf("train: diverged at step %d, epoch %d: %s; the last good checkpoint is kept: continue with --resume --lr-scale 0.5", e.Step, e.Epoch, what)
}

// Is makes errors.Is(err, ErrDiverged) true.
func (e *DivergedError) Is(target error) bool { return target == ErrDiverged }

func short(list []int) any {
	if len(list) > 8 {
		return fmt.Sprintf("%v and %d more", list[:8], len(list)-8)
	}
	return list
}
