//go:build gpu

package drv

// #include "drv.h"
import "C"

import (
	"errors"
	"runtime"
	"time"

	"gorgonia.org/cu"
)

// Time waits for what f puts on the stream, and returns how long the device took for it.
func (x Context) Time(s cu.Stream, f func() error) (time.Duration, error) {
	var begin, end Event
	for _, e := range []*Event{&begin, &end} {
		if err := check("cuEventCreate", C.drv_timer(x.c, &e.e)); err != nil {
			return 0, err
		}
		defer x.CloseEvent(*e)
	}
	if err := x.Record(begin, s); err != nil {
		return 0, err
	}
	err := errors.Join(f(), x.Record(end, s))
	var ms C.float
	if err == nil {
		err = check("cuEventElapsedTime", C.drv_elapsed(x.c, begin.e, end.e, &ms))
	}
	return time.Duration(float64(ms) * float64(time.Millisecond)), err
}

// Within calls f on a thread whose current context this is, for libraries that ask for it.
func (x Context) Within(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := check("cuCtxSetCurrent", C.drv_current(x.c)); err != nil {
		return err
	}
	return f()
}
