//go:build gpu

package drv

// #include "drv.h"
import "C"

import "gorgonia.org/cu"

// Event is a place in a stream that others wait for.
type Event struct{ e C.CUevent }

// Event makes one that is nowhere: nobody waits for it.
func (x Context) Event() (e Event, err error) {
	err = check("cuEventCreate", C.drv_event(x.c, &e.e))
	return e, err
}

// CloseEvent forgets an event.
func (x Context) CloseEvent(e Event) error {
	return check("cuEventDestroy", C.drv_unevent(x.c, e.e))
}

// Record puts the event behind what the stream has been given so far.
func (x Context) Record(e Event, s cu.Stream) error {
	return check("cuEventRecord", C.drv_record(x.c, e.e, stream(s)))
}

// Follow lets what the stream is given from now on wait for the event, where it is now.
func (x Context) Follow(s cu.Stream, e Event) error {
	return check("cuStreamWaitEvent", C.drv_follow(x.c, stream(s), e.e))
}

// Await waits for the event.
func (x Context) Await(e Event) error {
	return check("cuEventSynchronize", C.drv_await(x.c, e.e))
}
