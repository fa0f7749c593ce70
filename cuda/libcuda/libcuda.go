//go:build gpu

package libcuda

// #cgo CFLAGS: -I${SRCDIR}/../include
// #cgo linux LDFLAGS: -L${SRCDIR}/stub -Wl,--as-needed -ldl
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
)

// ErrUnavailable is in the chain of every error of Available.
var ErrUnavailable = errors.New("CUDA is not available")

// Available loads and initialises the driver at the first call; it is nil when that has succeeded. Nothing of CUDA works before.
func Available() error {
	status := C.shim_status()
	if status == C.CUDA_SUCCESS {
		return nil
	}
	return fmt.Errorf("%w: %s (CUresult %d)", ErrUnavailable, C.GoString(C.shim_message()), int(status))
}
