package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// clocked is a contestant whose steps take no time but say how long they took.
type clocked struct {
	each time.Duration
	log  *[]string
	name string
}

func (c clocked) Step(_ context.Context, n int) (time.Duration, error) {
	*c.log = append(*c.log, fmt.Sprintf("%s%d", c.name, n))
	return c.each, nil
}

// TestTurns: samples last long enough and alternate, each after a step that does not count.
func TestTurns(t *testing.T) {
	var log []string
	times, err := compete(t.Context(), 3, []contestant{clocked{10 * time.Millisecond, &log, "a"}, clocked{time.Second, &log, "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(log, " "); got != "a1 a3 b1 a1 a3 b1 b1 a1 a3 b1 b1 a1 a3 b1 b1" {
		t.Error(got)
	}
	if times[0] != (Times{Median: 10, Min: 10, Max: 10, Steps: 3}) || times[1] != (Times{Median: 1000, Min: 1000, Max: 1000, Steps: 1}) {
		t.Errorf("%+v", times)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compete(ctx, 1, []contestant{clocked{time.Second, &log, "a"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestCancelled: an end that was asked for is told from a failure.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	python := fakePython(t, `echo '{"version": "1"}'; exec sleep 60`)
	r, err := startRival(ctx, Options{Python: python}, "torch", product{5, 3}, 1)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := r.Step(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a rival's step: %v", err)
	}
	if _, err := start(options(t).Executable).Step(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a start: %v", err)
	}
	if _, err := Suite(ctx, Entries(), options(t), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the suite: %v", err)
	}
}
