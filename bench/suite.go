package bench

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// Suite measures entries one after the other, each in a process of its own, `kolmogo bench NAME --json`, so that none finds the memory
// and the caches of another; a training step also with one thread. What was measured while the machine was busy is measured again, up to
// three times, and the least disturbed result counts. done, unless nil, sees every result. An entry that fails is left out
// and its error returned with the others' results.
func Suite(ctx context.Context, entries []Entry, o Options, done func(Result)) ([]Result, error) {
	var results []Result
	var failures []error
	for _, e := range entries {
		r, err := undisturbed(ctx, e.Name, o)
		if err == nil && e.isTraining() && r.Threads > 1 && o.Device == "" {
			single := o
			single.CPU.Threads, single.Against = 1, nil
			var one Result
			one, err = undisturbed(ctx, e.Name, single)
			r.OneThread = one.Median
		}
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
		if err != nil {
			failures = append(failures, err)
			continue
		}
		if results = append(results, r); done != nil {
			done(r)
		}
	}
	return results, errors.Join(failures...)
}

// undisturbed is the result of an entry on the least busy of up to three occasions.
func undisturbed(ctx context.Context, name string, o Options) (best Result, err error) {
	for try := range 3 {
		r, err := alone(ctx, name, o)
		if err != nil {
			return r, err
		}
		if try == 0 || r.OthersLoad < best.OthersLoad {
			best = r
		}
		if !best.Busy() {
			break
		}
	}
	return best, nil
}

// alone measures an entry in its own process.
func alone(ctx context.Context, name string, o Options) (r Result, err error) {
	args := []string{"bench", name, "--json", "--repeat", strconv.Itoa(cmp.Or(o.Repeat, defaultRepeat)), "--threads", strconv.Itoa(o.CPU.Threads)}
	if o.Device != "" {
		args = append(args, "--device", o.Device)
	}
	if len(o.Against) > 0 {
		args = append(args, "--against", strings.Join(o.Against, ","))
	}
	cmd := exec.CommandContext(ctx, o.Executable, args...)
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.Output()
	if err != nil {
		return r, fmt.Errorf("bench: %s: %w: %s", name, err, strings.TrimSpace(trouble.String()))
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return r, fmt.Errorf("bench: %s: %w", name, err)
	}
	return r, nil
}
