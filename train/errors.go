package train

import (
	"errors"
	"fmt"
)

// Errors that a caller tells apart by errors.Is.
var (
	ErrConfig   = errors.New("train: configuration") // the configuration is wrong or differs from the run's
	ErrDiverged = errors.New("train: diverged")      // a loss or a gradient is not finite
	ErrDamaged  = errors.New("train: damaged file")  // a checkpoint does not verify
)

// DivergedError says where training diverged.
type DivergedError struct {
	Step, Epoch int
	Loss        float64
	Parameter   string // the first whose gradient is not finite; empty if only the loss is not
	Samples     []int  // numbers of the batch's samples
}

func (e *DivergedError) Error() string {
	what := fmt.Sprintf("the loss is %v", e.Loss)
	if e.Parameter != "" {
		what = fmt.Sprintf("the gradient of %q is not finite (loss %v)", e.Parameter, e.Loss)
	}
	return fmt.Sprintf("train: step %d, epoch %d: %s; samples %v; the last checkpoint is kept: continue with --resume --lr-scale 0.5", e.Step, e.Epoch, what, short(e.Samples))
}

// Is makes errors.Is(err, ErrDiverged) true.
func (e *DivergedError) Is(target error) bool { return target == ErrDiverged }

func short(list []int) any {
	if len(list) > 8 {
		return fmt.Sprintf("%v and %d more", list[:8], len(list)-8)
	}
	return list
}
