package bench

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"time"
)

// start is the contestant whose step is a process: a program that is asked for its help.
type start string

// Step implements contestant.
func (s start) Step(ctx context.Context, n int) (time.Duration, error) {
	begin := time.Now()
	for range n {
		out, err := exec.CommandContext(ctx, string(s), "--help").Output()
		if err = cmp.Or(ctx.Err(), err); err != nil {
			return 0, fmt.Errorf("bench: %s --help: %w", s, err)
		}
		if len(out) == 0 {
			return 0, fmt.Errorf("bench: %s --help printed nothing", s)
		}
	}
	return time.Since(begin) / time.Duration(n), nil
}

// measureStart times the start of the program. There is no floor.
func measureStart(ctx context.Context, e Entry, o Options) (Result, error) {
	r := Result{Name: e.Name, Doc: e.Doc, Threads: 1}
	err := r.race(ctx, nil, o, nil, start(o.Executable))
	return r, err
}
