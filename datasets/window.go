package datasets

import "fmt"

// Window cuts trajectories into samples: from the frames s, s+Stride, .. of a trajectory, History become the input and the
// Unroll after them the target. Every start s at which all frames exist is one sample. The zero value is one frame in, the
// next one out.
type Window struct {
	History int `json:"history,omitempty"` // frames of the input; 0 means 1
	Unroll  int `json:"unroll,omitempty"`  // frames of the target; 0 means 1
	Stride  int `json:"stride,omitempty"`  // stored frames per step; 0 means 1
}

// complete replaces zeros by their meaning.
func (w Window) complete() (Window, error) {
	if w.History < 0 || w.Unroll < 0 || w.Stride < 0 {
		return w, fmt.Errorf("window %+v is negative", w)
	}
	return Window{max(w.History, 1), max(w.Unroll, 1), max(w.Stride, 1)}, nil
}

// starts returns the number of samples of a trajectory: T − (History + Unroll − 1)·Stride.
func (w Window) starts(frames int) (int, error) {
	n := frames - (w.History+w.Unroll-1)*w.Stride
	if n < 1 {
		return 0, fmt.Errorf("a window of %d + %d frames with stride %d does not fit %d frames", w.History, w.Unroll, w.Stride, frames)
	}
	return n, nil
}
