//go:build gpu

package drv

// #include "drv.h"
import "C"

import (
	"runtime"

	"gorgonia.org/cu"
)

// Graph is captured work, ready to be launched again and again.
type Graph struct {
	x Context
	g C.CUgraph
	e C.CUgraphExec
}

// Capture records what f puts on the stream, instead of doing it. A capture must end on the thread it began on, so the goroutine is
// locked to its thread meanwhile; f must not wait or allocate.
func (x Context) Capture(s cu.Stream, f func() error) (*Graph, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := check("cuStreamBeginCapture", C.drv_begin(x.c, stream(s))); err != nil {
		return nil, err
	}
	failed := f()
	g := &Graph{x: x}
	err := check("cuStreamEndCapture", C.drv_end(x.c, stream(s), &g.g, &g.e))
	if failed != nil {
		err = failed // the cause, where the driver only says that the capture is invalid
	}
	if err != nil {
		g.Free()
		return nil, err
	}
	return g, nil
}

// Launch runs the graph on a stream.
func (g *Graph) Launch(s cu.Stream) error {
	return check("cuGraphLaunch", C.drv_graph(g.x.c, g.e, stream(s)))
}

// Free destroys the graph.
func (g *Graph) Free() { C.drv_drop(g.x.c, g.g, g.e) }
